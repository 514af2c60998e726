/** The shortest C++ float literal that reads back as `value` rounded to f32. */
export function floatLiteral(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single < 0 ? '-INFINITY' : 'INFINITY';
  if (Object.is(single, -0)) return '-0.0f';
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => Number(single.toPrecision(n))).find((x) => Math.fround(x) === single) ?? single;
  const text = String(digits);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
