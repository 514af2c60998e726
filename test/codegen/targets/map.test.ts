import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { emitFile } from '../../../codegen/emit/file.js';
import { cpu } from '../../../codegen/targets/cpu.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { roundTo, type DType } from '../../../dsl/dtype.js';
import { arg, binary, binaryMeaning, evalScalar, lit, pos, select, size, unary, unaryMeaning, type BinaryOp, type Scalar, type UnaryOp } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { resultsOf, type CpuCase } from '../../kit/cpuLaunch.js';
import { cpuLibrary, runnableIsas, type CpuLibrary } from '../../kit/cpuRun.js';
import { mismatches } from '../../kit/tolerance.js';
import { specials, values } from '../../kit/values.js';
import { dynamic, launch, param, result, tile } from '../emit/kernels.js';

/** z = fn(x, y) over one axis. */
function elementwise(name: string, fn: Scalar, input: DType = 'f32', output: DType = 'f32'): TileKernel {
  const [x, y, z] = [param('x', ['n'], input), param('y', ['n'], input), result('z', ['n'], output)];
  const [xs, ys, zs] = [tile('xs', { n: 48 }, input), tile('ys', { n: 48 }, input), tile('zs', { n: 48 }, output)];
  const span = nowhere;
  return launch({
    name, params: [x, y, z], sizes: { n: dynamic }, grid: { n: 48 }, tiles: [xs, ys, zs],
    body: [{ kind: 'load', dst: xs, src: x, span }, { kind: 'load', dst: ys, src: y, span }, { kind: 'map', dst: zs, fn, args: [xs, ys], span }, { kind: 'store', dst: z, src: zs, span }],
  });
}

const unaryOps = Object.keys(unaryMeaning) as UnaryOp[];
const binaryOps = Object.keys(binaryMeaning) as BinaryOp[];
const x = arg(0);
const y = arg(1);
const integerCode: readonly [string, Scalar][] = [
  ['floorDivide', unary('floor', binary('div', x, y))], ['remainder', binary('rem', x, y)], ['position', binary('sub', size('n'), binary('add', pos('n'), lit(1)))],
  ['larger', binary('max', x, binary('mul', y, lit(-3)))], ['choice', select(binary('and', binary('lt', x, y), unary('not', x)), unary('neg', x), unary('abs', y))],
];
/** Shared parts, selects, truth values as numbers, precedence. */
const expressions: readonly [string, Scalar][] = [
  ['shared', binary('mul', binary('add', x, y), binary('sub', binary('add', x, y), unary('exp', binary('add', x, y))))],
  ['nested', binary('sub', x, binary('sub', y, binary('div', x, binary('mul', y, lit(3)))))],
  ['truth', binary('add', binary('lt', x, y), binary('mul', lit(2), binary('or', x, binary('and', y, binary('eq', x, y)))))],
  ['masked', select(binary('le', pos('n'), lit(20)), unary('neg', unary('neg', x)), lit(-Infinity))],
  ['selects', select(select(binary('lt', x, lit(0)), y, x), select(y, lit(1), lit(-0)), select(x, lit(2.5), lit(1e-7)))],
  ['square', binary('pow', binary('add', x, lit(0.1)), lit(2))],
  ['mixed', binary('mul', binary('div', pos('n'), size('n')), binary('rem', pos('n'), lit(7)))],
];

const unaries = unaryOps.map((op) => elementwise(`unary_${op}`, unary(op, x)));
const binaries = binaryOps.map((op) => elementwise(`binary_${op}`, binary(op, x, y)));
const integers = integerCode.map(([name, fn]) => elementwise(`integer_${name}`, fn, 'i32', 'i32'));
const composed = expressions.map(([name, fn]) => elementwise(`composed_${name}`, fn));
const roundings = (['bf16', 'f16', 'i32'] as const).map((dtype) => elementwise(`rounding_${dtype}`, x, 'f32', dtype));
const widenings = (['bf16', 'f16', 'i32'] as const).map((dtype) => elementwise(`widening_${dtype}`, x, dtype, 'f32'));

/** Largest error of an op in units in the last place of the exact result. */
const ulps: Readonly<Record<UnaryOp | BinaryOp, number>> = {
  neg: 0, not: 0, abs: 0, sqrt: 0.51, rsqrt: 1.6, exp: 2, exp2: 2, log: 2, log2: 2.5, sin: 2, cos: 2, tanh: 2, floor: 0, ceil: 0, trunc: 0,
  add: 0.51, sub: 0.51, mul: 0.51, div: 0.51, rem: 0.51, pow: 0.51, max: 0, min: 0, lt: 0, le: 0, eq: 0, and: 0, or: 0,
};
/** Distance between neighbouring floats around |x|. */
const ulp = (x: number): number => 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), -126) - 23);
/** Zeros count as equal whatever their sign: the larger of −0 and 0 is either. */
const unsigned = (a: ArrayLike<number>): readonly number[] => Array.from(a, (v) => (v === 0 ? 0 : v));

describe.each(runnableIsas())('element-wise code on %s', (isa) => {
  let library: CpuLibrary;
  beforeAll(async () => { library = await cpuLibrary(emitFile(cpu, 'maps', [...unaries, ...binaries, ...integers, ...composed, ...roundings, ...widenings]).text, isa); });

  const run = (kernel: TileKernel, a: Float64Array, b: Float64Array): { readonly made: CpuCase; readonly z: Float64Array } => {
    const made = { kernel, memory: { x: a, y: b }, lengths: { sizes: { n: a.length } } };
    return { made, z: resultsOf(library, [made])[0]?.['z'] ?? new Float64Array() };
  };
  const draw = fc.record({ n: fc.constantFrom(1, 15, 48, 49, 200), seed: fc.nat(), scale: fc.constantFrom(1, 8, 100) });
  const pair = (seed: number, n: number, scale: number, share = 0.2): [Float64Array, Float64Array] =>
    [values(seed, n, { min: -scale, max: scale, specials: share }), values(seed + 1, n, { min: -scale, max: scale, specials: share })];

  test.prop([draw, fc.constantFrom(...unaryOps)], { numRuns: 60 })('a unary op is within its error of float64, specials included', ({ n, seed, scale }, op) => {
    const [a] = pair(seed, n, scale);
    // The sine of 10³⁸ has no meaning in f32.
    const small = op === 'sin' || op === 'cos' ? a.map((v) => (Math.abs(v) > 1e6 ? v % 1e6 : v)) : a;
    const kernel = unaries[unaryOps.indexOf(op)];
    if (!kernel) throw new Error(op);
    const exact = Array.from(small, unaryMeaning[op]);
    const { z } = run(kernel, small, small);
    const expected = exact.map(Math.fround);
    expect(mismatches(unsigned(z), unsigned(expected), exact.map((v) => (Number.isFinite(v) ? (ulps[op] + 0.5) * ulp(v) : 0)))).toEqual([]);
  });

  test.prop([draw, fc.constantFrom(...binaryOps)], { numRuns: 60 })('a binary op is within its error of float64, specials included', ({ n, seed, scale }, op) => {
    const [a, b] = pair(seed, n, scale);
    const kernel = binaries[binaryOps.indexOf(op)];
    if (!kernel) throw new Error(op);
    const exact = Array.from(a, (v, i) => binaryMeaning[op](v, b[i] ?? NaN));
    const { z } = run(kernel, a, b);
    expect(mismatches(unsigned(z), unsigned(exact.map(Math.fround)), exact.map((v) => (Number.isFinite(v) ? (ulps[op] + 0.5) * ulp(v) : 0)))).toEqual([]);
  });

  test.prop([fc.constantFrom(...integerCode.keys()), fc.nat(), fc.constantFrom(1, 47, 100)])('integer code is exact', (which, seed, n) => {
    const [a, b] = [values(seed, n, { dtype: 'i32', min: -40, max: 40 }), values(seed + 1, n, { dtype: 'i32', min: -5, max: 5 })];
    const [kernel, code] = [integers[which], integerCode[which]?.[1]];
    if (!kernel || !code) throw new Error(`no case ${which}`);
    // i32 has no NaN: dividing by 0 gives 0.
    const exact = Array.from(a, (v, i) => roundTo.i32(evalScalar(code, { args: [v, b[i] ?? 0], pos: { n: i }, size: { n } })));
    const wrong = mismatches(run(kernel, a, b).z, exact, 0).filter(({ index }) => which > 1 || b[index] !== 0);
    expect(wrong).toEqual([]);
  });

  test.prop([fc.constantFrom(...expressions.keys()), fc.nat(), fc.constantFrom(1, 47, 100)])('composed code means what the arrow means', (which, seed, n) => {
    const [a, b] = [values(seed, n, { min: -3, max: 3 }), values(seed + 1, n, { min: -3, max: 3 })];
    const [kernel, code] = [composed[which], expressions[which]?.[1]];
    if (!kernel || !code) throw new Error(`no case ${which}`);
    const exact = Array.from(a, (v, i) => evalScalar(code, { args: [v, b[i] ?? 0], pos: { n: i }, size: { n } }));
    // At most six operations on values whose intermediate results stay below |exact| + 2e3.
    expect(mismatches(unsigned(run(kernel, a, b).z), unsigned(exact), exact.map((v) => 2 ** -22 * (Math.abs(v) + 2e3)))).toEqual([]);
  });

  test.prop([fc.nat(), fc.constantFrom(1, 47, 300), fc.constantFrom(0, 1, 2)])('rounding to a dtype and widening from it are exact', (seed, n, which) => {
    const dtype = (['bf16', 'f16', 'i32'] as const)[which] ?? 'bf16';
    const [narrow, wide] = [roundings[which], widenings[which]];
    if (!narrow || !wide) throw new Error(dtype);
    const all = values(seed, n, { min: -70000, max: 70000, specials: 0.3 });
    all.set(values(seed, Math.ceil(n / 2), { min: -1e-4, max: 1e-4 }));
    const stored = run(narrow, all, all).z;
    expect(mismatches(stored, Array.from(all, roundTo[dtype]), 0)).toEqual([]);
    const back = values(seed, n, { dtype, min: -70000, max: 70000, specials: 0.3 });
    expect(mismatches(run(wide, back, back).z, Array.from(back, Math.fround), 0)).toEqual([]);
  });

  test('every special value of f32 survives a copy', () => {
    const all = Float64Array.from(specials.f32);
    const kernel = binaries[binaryOps.indexOf('max')];
    if (!kernel) throw new Error('max');
    expect(mismatches(run(kernel, all, all).z, Array.from(all), 0)).toEqual([]);
  });
});
