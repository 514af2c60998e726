import { test } from '@fast-check/vitest';
import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { emitFile } from '../../../codegen/emit/file.js';
import { cpu } from '../../../codegen/targets/cpu.js';
import type { Tile, TileKernel } from '../../../codegen/tile/ir.js';
import { nowhere } from '../../../dsl/span.js';
import { size, lit } from '../../../dsl/scalar.js';
import { agreements, resultsOf, type CpuCase } from '../../kit/cpuLaunch.js';
import { cpuLibrary, runnableIsas, type CpuLibrary } from '../../kit/cpuRun.js';
import { mismatches } from '../../kit/tolerance.js';
import { values } from '../../kit/values.js';
import { cascade, dynamic, launch, matmul, param, result, tile } from '../emit/kernels.js';

/** A product whose three tensors have the given axes, in this order in memory and in the tiles; contracted over `e` in steps of `block.e`. */
function product(name: string, lhs: string, rhs: string, out: string, block: Readonly<Record<string, number>>): TileKernel {
  const axes = [...new Set([...lhs, ...rhs])];
  const of = (tensor: string, suffix: string): Tile => tile(`${tensor}${suffix}`, Object.fromEntries([...tensor].map((a) => [a, block[a] ?? 1])));
  const [x, y, z] = [param('x', [...lhs]), param('y', [...rhs]), result('z', [...out])];
  const [xs, ys, acc] = [of(lhs, 'L'), of(rhs, 'R'), of(out, 'O')];
  const span = nowhere;
  return launch({
    name, params: [x, y, z], sizes: Object.fromEntries(axes.map((a) => [a, dynamic])), tiles: [xs, ys, acc],
    grid: Object.fromEntries([...out].map((a) => [a, block[a] ?? 1])),
    body: [
      { kind: 'fill', dst: acc, value: 0, span },
      {
        kind: 'loop', axis: 'e', from: lit(0), to: size('e'), args: [], step: block['e'] ?? 1, full: false, padded: false, span,
        body: [
          { kind: 'load', dst: xs, src: x, span }, { kind: 'load', dst: ys, src: y, span },
          { kind: 'mma', dst: acc, lhs: xs, rhs: ys, over: 'e', accumulate: true, span },
        ],
      },
      { kind: 'store', dst: z, src: acc, span },
    ],
  });
}

/** Σ over e of x·y in float64, straight from the memory orders. */
function productOf({ kernel, memory, lengths }: CpuCase): Float64Array {
  const [x, y, z] = kernel.params;
  if (!x || !y || !z) throw new Error('a product has three tensors');
  const n = (a: string): number => lengths.sizes[a] ?? 0;
  const strideOf = (order: readonly string[], a: string): number => (order.includes(a) ? order.slice(order.indexOf(a) + 1).reduce((m, b) => m * n(b), 1) : 0);
  const all = [...z.order, 'e'];
  const out = new Float64Array(z.order.reduce((m, a) => m * n(a), 1));
  const strides = all.map((a) => [x, y, z].map((p) => strideOf(p.order, a)) as [number, number, number]);
  const go = (i: number, ix: number, iy: number, iz: number): void => {
    const axis = all[i];
    const [sx, sy, sz] = strides[i] ?? [0, 0, 0];
    if (axis === undefined) out[iz] = (out[iz] ?? 0) + (memory[x.name]?.[ix] ?? NaN) * (memory[y.name]?.[iy] ?? NaN);
    else for (let a = 0; a < n(axis); a++) go(i + 1, ix + a * sx, iy + a * sy, iz + a * sz);
  };
  go(0, 0, 0, 0);
  return out;
}

const small = { q: 20, f: 36, e: 24, g: 3, h: 2 };
const large = { q: 65, f: 130, e: 100, g: 2, h: 2 };
const kernels: readonly TileKernel[] = [
  ...[['qe', 'ef', 'qf'], ['qe', 'fe', 'qf'], ['eq', 'ef', 'qf'], ['eq', 'fe', 'fq'], ['qe', 'e', 'q'], ['eq', 'e', 'q'], ['e', 'fe', 'f'], ['e', 'ef', 'f'],
    ['gqe', 'gfe', 'gqf'], ['qge', 'gfe', 'gqf'], ['gqe', 'fe', 'gqf'], ['qge', 'ef', 'qgf'], ['gqe', 'fe', 'qgf'], ['qge', 'hef', 'qghf'], ['gqe', 'gef', 'qfg'],
    ['qge', 'gqe', 'qg'], ['qe', 'fhe', 'qfh'], ['qeg', 'hfe', 'ghqf'], ['qe', 'qe', 'q']]
    .flatMap(([l = '', r = '', o = '']) => [product(`small_${l}_${r}_${o}`, l, r, o, small), product(`large_${l}_${r}_${o}`, l, r, o, large)]),
  matmul('one_column', ['f', 'e'], 7, 1, 33), matmul('one_row', ['f', 'e'], 1, 40, 40), matmul('deep', ['e', 'f'], 13, 70, 300), matmul('deepTransposed', ['f', 'e'], 13, 70, 300),
];
const cascades = [cascade('cascade', 96, 64, 64), cascade('cascadeSmall', 16, 16, 24)];

/** n·2⁻²⁴·Σ|terms| with operands of at most 8, in every element. */
const bound = (e: number): number => (e + 1) * 2 ** -24 * e * 64;

describe.each(runnableIsas())('products on %s', (isa) => {
  let library: CpuLibrary;
  beforeAll(async () => { library = await cpuLibrary(emitFile(cpu, 'products', [...kernels, ...cascades]).text, isa); });

  const caseOf = (kernel: TileKernel, sizes: Readonly<Record<string, number>>, seed: number): CpuCase => {
    const elements = (name: string): number => kernel.params.find((p) => p.name === name)?.order.reduce((n, a) => n * (sizes[a] ?? 0), 1) ?? 0;
    const memory = Object.fromEntries(kernel.params.filter((p) => p.role === 'param').map((p, i) => [p.name, values(seed + i, elements(p.name))]));
    return { kernel, memory, lengths: { sizes } };
  };
  const axis = (...edges: readonly number[]): fc.Arbitrary<number> => fc.constantFrom(0, 1, 2, 3, 5, ...edges);
  const sizes = fc.record({ q: axis(20, 21, 67), f: axis(16, 36, 72, 129), e: axis(16, 24, 100, 131), g: fc.constantFrom(1, 2, 5), h: fc.constantFrom(1, 3), seed: fc.nat() });

  test.prop([sizes], { numRuns: 12 })('every order of axes agrees with float64 at tile edges, 0 and 1', ({ seed, ...drawn }) => {
    const cases = kernels.map((k) => caseOf(k, drawn, seed));
    resultsOf(library, cases).forEach((actual, i) => {
      const c = cases[i];
      if (!c) return;
      const [z = new Float64Array()] = Object.values(actual);
      expect({ kernel: c.kernel.name, wrong: mismatches(z, productOf(c), bound(drawn.e)).slice(0, 3) }).toEqual({ kernel: c.kernel.name, wrong: [] });
    });
  });

  test.prop([fc.record({ g: fc.constantFrom(1, 2), n: fc.constantFrom(1, 2, 15, 16, 17, 64, 65, 100), seed: fc.nat() })], { numRuns: 8 })(
    'a causal cascade of exponentials agrees with float64', ({ g, n, seed }) => {
      const cases = cascades.map((k) => {
        const d = k.sizes['d']?.kind === 'fixed' ? k.sizes['d'].size : 0;
        const made = caseOf(k, { g, q: n, k: n, d }, seed);
        return { ...made, memory: { ...made.memory, scale: Float64Array.of(2 ** -5) } };
      });
      agreements(library, cases).forEach(({ actual, expected }) => {
        // A score is off by its sum's bound over d terms, times scale; exp2 turns that into a relative error; o averages values of at most 8.
        const score = bound(64) / 32;
        expect(mismatches(actual['o'] ?? [], expected['o'] ?? [], 8 * (2 * score + (n + 8) * 2 ** -23))).toEqual([]);
      });
    });

  test('a product that drops its last term is noticed', async () => {
    const kernel = matmul('shortened', ['f', 'e'], 16, 16, 16);
    const broken = await cpuLibrary(emitFile(cpu, 'broken', [kernel]).text.replace('validE, accumulate', 'validE - 1, accumulate'), isa);
    const made = caseOf(kernel, { q: 17, f: 17, e: 17 }, 3);
    expect(mismatches(resultsOf(broken, [made])[0]?.['out'] ?? [], productOf(made), bound(17)).length).toBeGreaterThan(17 * 16);
  });

  test('a product is the same on one thread and on two', () => {
    const cases = kernels.map((k) => caseOf(k, { q: 67, f: 129, e: 100, g: 2, h: 2 }, 5));
    expect(resultsOf(library, cases, 1)).toEqual(resultsOf(library, cases, 2));
  });

  test('infinities and NaN stay in their rows and columns', () => {
    const kernel = kernels[0];
    if (!kernel) throw new Error('no kernel');
    const made = caseOf(kernel, { q: 21, f: 37, e: 25 }, 9);
    made.memory['x']?.set([NaN], 3 * 25);
    made.memory['y']?.set([Infinity], 4);
    const [actual] = resultsOf(library, [made]);
    expect(mismatches(actual?.['z'] ?? [], productOf(made), bound(25))).toEqual([]);
  });
});
