import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { KernelEntry, Variant } from '../../dsl/manifest.js';
import { bind, blockCount, emptyBinding, scratchBytes } from '../../runtime/binding.js';
import { signature } from '../../runtime/signature.js';
import { ownerTensor } from '../../runtime/tensor.js';

const device = {};
const f32 = (...shape: readonly number[]) => ownerTensor({ device, block: 1, free: () => {} }, 'f32', shape);
const out = (...shape: readonly number[]) => ownerTensor({ device, block: 2, free: () => {} }, 'f32', shape);
const plain: Variant = { variant: 'any', target: 'sm_80', dtypes: {}, fixed: {}, scratch: [], launches: [], certificates: [] };
const entry = (...variants: readonly Variant[]): KernelEntry => ({
  source: 'x.ts', sizes: { r: { kind: 'dynamic' }, q: { kind: 'dynamic' }, k: { kind: 'dynamic' } }, variants,
  params: [{ name: 'x', dtype: 'f32', order: ['r', 'q', 'k'] }], results: [{ name: 'out', dtype: 'f32', order: ['r', 'q'] }],
});
const bound = (kernel: KernelEntry, r: number, q: number, k: number, processors = 132, targets: Parameters<typeof signature>[2] = ['sm_80']) => {
  const binding = emptyBinding(signature('x', kernel, targets), processors);
  return { binding, variant: bind(binding, device, { x: f32(r, q, k) }, { out: out(r, q) }, {}) };
};
const few: Variant = { ...plain, variant: 'few', serves: [{ axes: ['r', 'q'], atMost: 16 }] };
const short: Variant = { ...plain, variant: 'short', serves: [{ axes: ['r', 'q'], atMost: 64 }, { axes: ['k'], atMost: 100 }] };

describe('a variant for some shapes', () => {
  const sizes = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(300));
  prop.prop([sizes])('serves those within all its bounds, the first that fits before the others', ([r, q, k]) => {
    const expected = r * q <= 16 ? 'few' : r * q <= 64 && k <= 100 ? 'short' : 'any';
    expect(bound(entry(few, short, plain), r, q, k).variant.variant.variant).toBe(expected);
  });

  prop.prop([sizes, fc.subarray([few, short, plain])])('of a better target goes before those that serve all it does, and behind those made for fewer shapes', ([r, q, k], better) => {
    const fitting = r * q <= 16 ? few : r * q <= 64 && k <= 100 ? short : plain;
    const all = [few, short, plain, ...better.map((v): Variant => ({ ...v, target: 'sm_90a' }))].map((v): Variant => ({ ...v, variant: 'f32' }));
    const { variant } = bound(entry(...all), r, q, k, 132, ['sm_90a', 'sm_80']).variant;
    expect([variant.serves, variant.target]).toEqual([fitting.serves, better.includes(fitting) ? 'sm_90a' : 'sm_80']);
  });

  test('leaves a call that none serves without one', () => {
    expect(() => bound(entry(few), 5, 5, 1)).toThrow(expect.objectContaining({ code: 'R107' }));
  });
});

describe('an axis that blocks share', () => {
  const split: Variant = {
    ...plain, split: { axis: 'part', of: 'k', step: 64, blocksPerProcessor: 2 }, scratch: [{ name: 'm', dtype: 'f32', order: ['part', 'q'] }],
    launches: [{
      symbol: 'x', file: 'cuda/x.sm_80.cu', line: 1, threads: 128, sharedBytes: 0, grid: [{ axis: 'r', block: 4 }, { axis: 'part', block: 1 }],
      args: [{ kind: 'param', name: 'x' }, { kind: 'size', axis: 'part' }],
    }, { symbol: 'merge', file: 'cuda/x.sm_80.cu', line: 1, threads: 128, sharedBytes: 0, grid: [{ axis: 'q', block: 16 }], args: [{ kind: 'scratch', name: 'm' }, { kind: 'size', axis: 'part' }] }],
  };
  prop.prop([fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.nat(5000), fc.integer({ min: 1, max: 200 })])('is as long as there are parts, in grid, arguments and scratch', (r, q, k, processors) => {
    const { binding, variant } = bound(entry(split), r, q, k, processors);
    const parts = binding.sizes[3] ?? 0;
    expect(parts).toBeGreaterThanOrEqual(1);
    expect(parts).toBeLessThanOrEqual(Math.max(1, Math.ceil(k / 64)));
    const [first, merge] = variant.launches;
    expect(blockCount(binding, first?.grid ?? [])).toBe(Math.ceil(r / 4) * parts);
    expect(blockCount(binding, merge?.grid ?? [])).toBe(Math.ceil(q / 16));
    expect(first?.args[1]).toEqual({ kind: 'size', index: 3 });
    const [scratch] = variant.scratch;
    expect(scratch && scratchBytes(binding, scratch)).toBe(4 * parts * q);
  });

  test('is in scratch beside all packed rows, whichever of them offsets name', () => {
    const packed: KernelEntry = {
      ...entry({ ...split, scratch: [{ name: 'm', dtype: 'f32', order: ['part', 'c', 'q'] }] }), sizes: { c: { kind: 'dynamic' }, r: { kind: 'dynamic' }, q: { kind: 'ragged', by: 'c' }, k: { kind: 'dynamic' } },
      params: [{ name: 'x', dtype: 'f32', order: ['c', 'q', 'r', 'k'] }], results: [{ name: 'out', dtype: 'f32', order: ['c', 'q', 'r'] }],
    };
    const binding = emptyBinding(signature('x', packed, ['sm_80']), 132);
    const offsets = ownerTensor({ device, block: 3, free: () => {} }, 'i32', [2]);
    const variant = bind(binding, device, { x: f32(9, 2, 5000), 'offsets.q': offsets }, { out: out(9, 2) }, { q: 1 });
    const [scratch] = variant.scratch;
    expect(scratch && scratchBytes(binding, scratch)).toBe(4 * 9 * (binding.sizes[4] ?? 0));
  });

  test('follows from the sizes and the device alone', () => {
    expect(bound(entry(split), 8, 1, 131072).binding.sizes[3]).toBe(bound(entry(split), 8, 1, 131072).binding.sizes[3]);
    expect(bound(entry(split), 8, 1, 131072, 132).binding.sizes[3]).not.toBe(bound(entry(split), 8, 1, 131072, 8).binding.sizes[3]);
  });
});
