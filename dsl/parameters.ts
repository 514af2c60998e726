/** Names of an arrow's parameters, read from its own text; the compiler reads the same names in the source. @throws TypeError for destructured or default parameters. */
export function parameterNames(fn: (...args: never[]) => unknown): readonly string[] {
  const text = fn.toString().replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  const list = /^(?:async\s+)?(?:function\b[^(]*)?\(([^)]*)\)/.exec(text)?.[1] ?? /^\s*([A-Za-z_$][\w$]*)\s*=>/.exec(text)?.[1];
  const names = list?.split(',').map((n) => n.trim()).filter((n) => n !== '');
  if (!names || names.some((n) => !/^[A-Za-z_$][\w$]*$/.test(n))) throw new TypeError('kernel: the parameters must be plain names');
  return names;
}
