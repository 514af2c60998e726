import { f16round } from '@petamoriken/float16';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { dtypeBytes, dtypes, roundTo } from '../../dsl/dtype.js';
import { f8e4m3Byte, f8e4m3Value } from '../../dsl/f8e4m3.js';
import { specials } from '../kit/values.js';

const bits32 = new DataView(new ArrayBuffer(4));
const toBits = (x: number): number => { bits32.setFloat32(0, x); return bits32.getUint32(0); };
const fromBits = (b: number): number => { bits32.setUint32(0, b >>> 0); return bits32.getFloat32(0); };

/** A float64 as f32 rounded to odd: cut, and the last bit set where something was cut off, so that a second rounding is exact. */
function oddF32(x: number): number {
  const near = Math.fround(x);
  if (near === x || Number.isNaN(x)) return near;
  const cut = Math.abs(near) > Math.abs(x) ? fromBits(toBits(near) - 1) : near;
  return fromBits(toBits(cut) | 1);
}

/** Upper half of an f32, to nearest, ties to even: what hardware does. */
function bf16ByBits(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const b = toBits(oddF32(x));
  const half = (b & 0x7fffffff) === 0x7f800000 ? b : b + 0x7fff + ((b >>> 16) & 1);
  return fromBits(half & 0xffff0000);
}

/** All finite numbers of f8e4m3, by the format's definition: sign, exponent with bias 7, three bits behind the point. */
const eightBits = Array.from({ length: 256 }, (_, b) => b).filter((b) => (b & 0x7f) !== 0x7f).map((b) => {
  const [exponent, mantissa] = [(b >> 3) & 15, b & 7];
  return (b < 128 ? 1 : -1) * (exponent === 0 ? mantissa / 8 * 2 ** -6 : (1 + mantissa / 8) * 2 ** (exponent - 7));
});

/** The nearest of them all; of two as near the one whose last bit is 0, and beyond the largest the largest. */
function f8e4m3BySearch(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const distance = (y: number): number => Math.abs(Math.max(-1e6, Math.min(1e6, x)) - y);
  const own = eightBits.filter((y) => (x < 0 || Object.is(x, -0) ? y < 0 || Object.is(y, -0) : y > 0 || Object.is(y, 0)));
  const least = Math.min(...own.map(distance));
  const near = own.filter((y) => distance(y) === least);
  return near.find((y) => near.length === 1 || f8e4m3Byte(y) % 2 === 0) ?? NaN;
}

/** Numbers around every representable step: bit patterns of f32, float64 of all sizes, halves between neighbours. */
const anyNumber = fc.oneof(
  fc.double(), fc.float(), fc.double({ min: -70000, max: 70000, noNaN: true }), fc.double({ min: -1e-4, max: 1e-4, noNaN: true }),
  fc.integer({ min: 0, max: 0xffff }).map((b) => fromBits(b << 16)),
  fc.integer({ min: 0, max: 0xfffe }).map((b) => (fromBits(b << 16) + fromBits((b + 1) << 16)) / 2),
  fc.integer({ min: 0, max: 0x7d }).map((b) => (f8e4m3Value(b) + f8e4m3Value(b + 1)) / 2), fc.double({ min: -500, max: 500, noNaN: true }), fc.constantFrom(464, -464, 463.99, 465, 2 ** -10, 2 ** -10 * 1.01),
  fc.integer({ min: -(2 ** 13), max: 2 ** 13 }).map((n) => n * 2 ** -25),
  fc.constantFrom(...Object.values(specials).flat(), 65519.99, 65520, 65504.5, 3.4e38, -3.4e38, 2 ** -25, 2 ** -134, 5e-324, 1e308),
);

describe('roundTo', () => {
  test.prop([anyNumber], { numRuns: 3000 })('f16 is the nearest half float, bit for bit', (x) => {
    expect(roundTo.f16(x)).toBe(f16round(x));
  });

  test.prop([anyNumber], { numRuns: 3000 })('bf16 is the upper half of an f32 to nearest even, bit for bit', (x) => {
    expect(roundTo.bf16(x)).toBe(bf16ByBits(x));
  });

  test.prop([anyNumber], { numRuns: 3000 })('f8e4m3 is the nearest of all its numbers, ties to even; it has no infinity', (x) => {
    expect(roundTo.f8e4m3(x)).toBe(f8e4m3BySearch(x));
  });

  example('every byte of f8e4m3 stands for the number of its definition, and the number for the byte', () => {
    const bytes = Array.from({ length: 256 }, (_, b) => b);
    expect(bytes.filter((b) => (b & 0x7f) !== 0x7f).map(f8e4m3Value)).toEqual(eightBits);
    expect([f8e4m3Value(0x7f), f8e4m3Value(0xff), f8e4m3Byte(NaN)]).toEqual([NaN, NaN, 0x7f]);
    expect(bytes.filter((b) => (b & 0x7f) !== 0x7f && f8e4m3Byte(f8e4m3Value(b)) !== b)).toEqual([]);
  });

  test.prop([anyNumber])('f32 is the nearest single float', (x) => {
    expect(roundTo.f32(x)).toBe(new Float32Array([x])[0]);
  });

  test.prop([anyNumber])('i32 drops the fraction and wraps', (x) => {
    expect(roundTo.i32(x)).toBe(new Int32Array([x])[0]);
  });

  test.prop([fc.constantFrom(...dtypes), anyNumber])('twice is once', (dtype, x) => {
    expect(roundTo[dtype](roundTo[dtype](x))).toBe(roundTo[dtype](x));
  });

  test.prop([fc.constantFrom('f32', 'f16', 'bf16', 'f8e4m3'), fc.double({ noNaN: true }), fc.double({ noNaN: true })])('keeps the order of numbers', (dtype, x, y) => {
    expect(roundTo[dtype](Math.min(x, y))).toBeLessThanOrEqual(roundTo[dtype](Math.max(x, y)));
  });

  example('rounding twice through f32 would differ, so the comparison must not', () => {
    const x = 1 + 2 ** -8 + 2 ** -40;
    expect([roundTo.bf16(x), roundTo.bf16(Math.fround(x)), bf16ByBits(x)]).toEqual([1 + 2 ** -7, 1, 1 + 2 ** -7]);
  });
});

example('an element takes as many bytes as its typed array says', () => {
  expect(dtypeBytes).toEqual({ f32: Float32Array.BYTES_PER_ELEMENT, f16: 2, bf16: 2, f8e4m3: 1, i32: Int32Array.BYTES_PER_ELEMENT });
});
