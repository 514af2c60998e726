import { roundTo } from './dtype.js';

/** The number that a byte stands for: sign, 4 bits of exponent, 3 of mantissa. */
export function f8e4m3Value(byte: number): number {
  const [sign, exponent, mantissa] = [byte & 0x80 ? -1 : 1, (byte >> 3) & 15, byte & 7];
  if (exponent === 15 && mantissa === 7) return NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10));
}

/** The byte of the nearest number, ties to even; beyond ±448 the byte of ±448. */
export function f8e4m3Byte(x: number): number {
  if (Number.isNaN(x)) return 0x7f;
  const rounded = roundTo.f8e4m3(x);
  const magnitude = Math.abs(rounded);
  // What was rounded has few bits: neither the logarithm nor the quotients are off.
  const exponent = magnitude < 2 ** -6 ? 0 : Math.floor(Math.log2(magnitude)) + 7;
  const code = exponent === 0 ? magnitude * 2 ** 9 : exponent * 8 + (magnitude / 2 ** (exponent - 10) - 8);
  return code + (rounded < 0 || Object.is(rounded, -0) ? 0x80 : 0);
}
