import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { emitFile } from '../../../codegen/emit/file.js';
import { cpu } from '../../../codegen/targets/cpu.js';
import type { TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import type { SizeRule } from '../../../dsl/definition.js';
import type { DType } from '../../../dsl/dtype.js';
import type { ReduceOp } from '../../../dsl/expr.js';
import { arg, binary, lit, pos, size } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { agreements, type CpuCase } from '../../kit/cpuLaunch.js';
import { cpuLibrary, runnableIsas, type CpuLibrary } from '../../kit/cpuRun.js';
import { mismatches } from '../../kit/tolerance.js';
import { uniform, values } from '../../kit/values.js';
import { dynamic, launch, param, result, tile } from '../emit/kernels.js';

const span = nowhere;
const blocks = { a: 3, b: 20, c: 33 };
const shapeOf = (axes: string): Readonly<Record<string, number>> => Object.fromEntries([...axes].map((x) => [x, blocks[x as keyof typeof blocks]]));

/** Memory in one order through a tile in another to memory in a third, and between dtypes. */
function moved(from: string, through: string, to: string, dtype: DType): TileKernel {
  const [x, z, t] = [param('x', [...from], dtype), result('z', [...to], dtype), tile('t', shapeOf(through), dtype)];
  return launch({
    name: `moved_${from}_${through}_${to}_${dtype}`, params: [x, z], sizes: { a: dynamic, b: dynamic, c: dynamic }, grid: blocks, tiles: [t],
    body: [{ kind: 'load', dst: t, src: x, span }, { kind: 'store', dst: z, src: t, span }],
  });
}

/** One of three axes reduced, in blocks of it that accumulate. */
function reduced(op: ReduceOp, order: string, over: string, dtype: DType): TileKernel {
  const rest = [...order].filter((x) => x !== over).join('');
  const [x, z] = [param('x', [...order], dtype), result('z', [...rest], dtype)];
  const [xs, zs] = [tile('xs', shapeOf(order), dtype), tile('zs', shapeOf(rest), dtype)];
  const start = dtype === 'i32' ? { sum: 0, max: -(2 ** 31), min: 2 ** 31 - 1 }[op] : { sum: 0, max: -Infinity, min: Infinity }[op];
  return launch({
    name: `reduced_${op}_${order}_${over}_${dtype}`, params: [x, z], sizes: { a: dynamic, b: dynamic, c: dynamic }, grid: shapeOf(rest), tiles: [xs, zs],
    body: [
      { kind: 'fill', dst: zs, value: start, span },
      {
        kind: 'loop', axis: over, from: lit(0), to: size(over), args: [], step: shapeOf(over)[over] ?? 1, full: false, padded: false, span,
        body: [{ kind: 'load', dst: xs, src: x, span }, { kind: 'reduce', dst: zs, op, axis: over, src: xs, accumulate: true, span }],
      },
      { kind: 'store', dst: z, src: zs, span },
    ],
  });
}

/** z[b, c] = x[index[b], c], or along the inner axis z[a, b] = x[a, index[b]], from memory or from a tile of the whole axis. */
function gathered(inner: boolean, fromTile: boolean): TileKernel {
  const order = inner ? ['a', 'c'] : ['c', 'a'];
  const [x, index, z] = [param('x', order), param('index', ['b'], 'i32'), result('z', inner ? ['a', 'b'] : ['b', 'a'])];
  const whole = { a: 3, c: 40 };
  const [xs, at, zs] = [tile('xs', Object.fromEntries(order.map((k) => [k, whole[k as 'a' | 'c']]))), tile('at', { b: 20 }, 'i32'), tile('zs', inner ? { a: 3, b: 20 } : { b: 20, a: 3 })];
  return launch({
    name: `gathered_${inner ? 'inner' : 'outer'}_${fromTile ? 'tile' : 'memory'}`, params: [x, index, z], sizes: { a: dynamic, b: dynamic, c: dynamic }, grid: { a: 3, b: 20 },
    tiles: fromTile ? [xs, at, zs] : [at, zs],
    body: [
      { kind: 'load', dst: at, src: index, span },
      ...(fromTile ? [{ kind: 'load', dst: xs, src: x, span } as const] : []),
      { kind: 'gather', dst: zs, src: fromTile ? xs : x, axis: 'c', index: at, outside: -5, span },
      { kind: 'store', dst: z, src: zs, span },
    ],
  });
}

/** Positions of the n largest along c, for every a; `c` may be outermost in memory. */
const chosen = (order: string, dtype: DType): TileKernel => launch({
  name: `chosen_${order}_${dtype}`, params: [param('x', [...order], dtype), result('z', ['a', 'n'], 'i32')], sizes: { a: dynamic, c: dynamic, n: dynamic }, grid: { a: 1 }, tiles: [],
  body: [{ kind: 'topk', dst: result('z', ['a', 'n'], 'i32'), src: param('x', [...order], dtype), axis: 'c', as: 'n', span }],
});

/** Packed rows of their own length, doubled and numbered. */
function ragged(): TileKernel {
  const rule: SizeRule = { kind: 'ragged', by: 'a' };
  const [x, z] = [param('x', ['a', 'k', 'b']), result('z', ['a', 'k', 'b'])];
  const [xs, zs] = [tile('xs', { k: 16, b: 2 }), tile('zs', { k: 16, b: 2 })];
  const inside: readonly TileStmt[] = [
    { kind: 'load', dst: xs, src: x, span },
    { kind: 'map', dst: zs, fn: binary('add', binary('mul', arg(0), lit(2)), binary('mul', pos('k'), size('k'))), args: [xs], span },
    { kind: 'store', dst: z, src: zs, span },
  ];
  return launch({
    name: 'ragged', params: [x, z], sizes: { a: dynamic, b: dynamic, k: rule }, grid: { a: 1, b: 2, k: 16 }, tiles: [xs, zs],
    body: [{ kind: 'when', cond: binary('lt', pos('k'), size('k')), args: [], body: inside, otherwise: [], span }],
  });
}

const kernels = {
  moved: (['abc', 'acb', 'bac', 'cab', 'cba'] as const).flatMap((from, i) => (['abc', 'bca', 'cba'] as const).map((through) => moved(from, through, from === 'abc' ? 'cab' : 'abc', (['f32', 'bf16', 'f16', 'i32', 'f8e4m3'] as const)[i] ?? 'f32'))),
  reduced: (['sum', 'max', 'min'] as const).flatMap((op) => [reduced(op, 'abc', 'c', 'f32'), reduced(op, 'abc', 'b', 'f32'), reduced(op, 'abc', 'a', 'f32'), reduced(op, 'ac', 'c', 'i32'), reduced(op, 'c', 'c', 'f32')]),
  gathered: [true, false].flatMap((inner) => [gathered(inner, false), gathered(inner, true)]),
  chosen: [chosen('ac', 'f32'), chosen('ca', 'f32'), chosen('ac', 'bf16'), chosen('ac', 'i32')],
  ragged: [ragged()],
};

describe.each(runnableIsas())('rows and windows on %s', (isa) => {
  let library: CpuLibrary;
  beforeAll(async () => { library = await cpuLibrary(emitFile(cpu, 'rows', Object.values(kernels).flat()).text, isa); });

  const caseOf = (kernel: TileKernel, sizes: Readonly<Record<string, number>>, seed: number, specials = 0): CpuCase => {
    const memory = Object.fromEntries(kernel.params.filter((p) => p.role === 'param').map((p, i) => {
      const elements = p.order.reduce((n, a) => n * (sizes[a] ?? 0), 1);
      return [p.name, values(seed + i, elements, { dtype: p.dtype, specials: p.dtype === 'i32' ? 0 : specials })];
    }));
    return { kernel, memory, lengths: { sizes } };
  };
  const check = (cases: readonly CpuCase[], bound: number): void => {
    agreements(library, cases).forEach(({ actual, expected }, i) => {
      const name = cases[i]?.kernel.name;
      expect({ name, wrong: mismatches(actual['z'] ?? [], expected['z'] ?? [], bound).slice(0, 3) }).toEqual({ name, wrong: [] });
    });
  };
  const sizes = fc.record({ a: fc.constantFrom(0, 1, 3, 4), b: fc.constantFrom(1, 19, 20, 41), c: fc.constantFrom(1, 2, 33, 40, 70) });

  test.prop([sizes, fc.nat()], { numRuns: 10 })('moving between orders and dtypes keeps every element', (drawn, seed) => check(kernels.moved.map((k) => caseOf(k, drawn, seed, 0.1)), 0));

  test.prop([sizes, fc.nat(), fc.boolean()], { numRuns: 10 })('a reduction agrees with float64, NaN included', (drawn, seed, specials) => {
    // Sums of at most 70 terms of at most 8.
    check(kernels.reduced.filter((k) => !specials || !k.name.includes('sum')).map((k) => caseOf(k, drawn, seed, specials ? 0.02 : 0)), 71 * 2 ** -24 * 70 * 8);
  });

  test.prop([fc.record({ a: fc.constantFrom(1, 3, 4), b: fc.constantFrom(1, 19, 41), c: fc.constantFrom(1, 7, 40) }), fc.nat()], { numRuns: 10 })('a gather takes what the index says, and its value outside', (drawn, seed) => {
    const cases = kernels.gathered.map((k) => {
      const made = caseOf(k, drawn, seed);
      return { ...made, memory: { ...made.memory, index: Float64Array.from({ length: drawn.b }, (_, i) => Math.floor(uniform(seed + 9, i) * (drawn.c + 4)) - 2) } };
    });
    check(cases, 0);
  });

  test.prop([fc.record({ a: fc.constantFrom(1, 3), c: fc.constantFrom(1, 5, 40, 300), n: fc.constantFrom(1, 4, 40, 60) }), fc.nat(), fc.boolean()], { numRuns: 15 })('topk takes the largest, lower positions first, NaN last', (drawn, seed, ties) => {
    const cases = kernels.chosen.map((k) => {
      const made = caseOf(k, drawn, seed, 0.1);
      const x = made.memory['x'] ?? new Float64Array();
      return ties ? { ...made, memory: { x: x.map((v) => Math.round(v / 4)) } } : made;
    });
    check(cases, 0);
  });

  test.prop([fc.array(fc.constantFrom(0, 1, 15, 16, 17, 40), { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 2, 3), fc.nat()], { numRuns: 15 })('a packed axis ends where its offsets say', (lengths, b, seed) => {
    const offsets = lengths.reduce<readonly number[]>((all, n) => [...all, (all.at(-1) ?? 0) + n], [0]);
    const total = offsets.at(-1) ?? 0;
    const cases = kernels.ragged.map((kernel): CpuCase => ({
      kernel, memory: { x: values(seed, b * total) }, lengths: { sizes: { a: lengths.length, b, k: Math.max(...lengths) }, offsets: { k: offsets } },
    }));
    agreements(library, cases).forEach(({ actual, expected }) => expect(mismatches(actual['z'] ?? [], Array.from(expected['z'] ?? [], Math.fround), 2 ** -14)).toEqual([]));
  });
});
