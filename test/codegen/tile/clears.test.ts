import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { mapBlocks, statements } from '../../../codegen/tile/walk.js';
import { prefixSums } from '../../../runtime/parallelComp/batch.js';
import { inputsOf } from './agreement.js';
import { kernelsInRoles, outputsOf, type Stages } from './inRoles.js';

const source = `import { cast, dot, type In, kernel, map, type Out, ragged } from 'warpfold/dsl';
/** One mask hides what lies beyond the axis from both products: its code says 0. */
export const inverse = kernel('inverse', { q: 'dynamic', f: 'dynamic', e: 'dynamic' }, (x: In<'bf16', ['q', 'e']>, w: In<'bf16', ['f', 'e']>): Out<'f32', ['q', 'f']> =>
  dot(cast('bf16', map(x, (x) => 1 / x)), w, 'e'));
/** Two operands are computed, so that no mask hides it. */
export const inverses = kernel('inverses', { q: 'dynamic', f: 'dynamic', e: 'dynamic' }, (x: In<'bf16', ['q', 'e']>, w: In<'bf16', ['f', 'e']>): Out<'f32', ['q', 'f']> =>
  map(dot(cast('bf16', map(x, (x) => 1 / x)), w, 'e'), dot(cast('bf16', map(x, (x) => 2 / x)), w, 'e'), (a, b) => a + b));
/** Products follow each other along an axis that is packed, without a mask of the author's. */
export const squares = kernel('squares', { c: 'dynamic', q: 'dynamic', k: ragged('c'), d: 64 }, (y: In<'bf16', ['q', 'd']>, k: In<'bf16', ['c', 'k', 'd']>, v: In<'bf16', ['c', 'k', 'd']>): Out<'bf16', ['c', 'q', 'd']> =>
  cast('bf16', dot(cast('bf16', map(dot(y, k, 'd'), (s) => s * s + 1)), v, 'k')));
/** The left operand of a sum over a packed axis lies in memory too. */
export const packedSum = kernel('packedSum', { c: 'dynamic', q: 'dynamic', k: ragged('c'), d: 64 }, (y: In<'bf16', ['q', 'c', 'k']>, v: In<'bf16', ['c', 'k', 'd']>): Out<'bf16', ['c', 'q', 'd']> =>
  cast('bf16', dot(y, v, 'k')));
`;
const kernels = new Map([...kernelsInRoles(['clears.ts'], { 'clears.ts': source }), ...kernelsInRoles(['test/gpu/kernels/ragged.ts', 'runtime/kernels/chunkAttention.ts'])].map((k) => [k[0], k] as const));
const named = (name: string) => kernels.get(name) ?? expect.unreachable(`${name} is not for warpgroups`);
const last = (stages: Stages): TileKernel => stages.get('settle') ?? expect.unreachable('no last stage');
const clears = (k: TileKernel): readonly string[] => [...new Set(statements(k.body).flatMap((s) => (s.kind === 'clear' ? [`${s.dst.name} ${s.axis}`] : [])))];
const bare = (k: TileKernel): TileKernel => ({ ...k, body: mapBlocks(k.body, (block) => block.filter((s) => s.kind !== 'clear')) });

/** Whether the results of part 0 are numbers where those behind it have none, in keys and values alike. */
function isUntouched(k: TileKernel, name: string, rows: number, next: number, seed: number): boolean {
  const [, def] = named(name);
  const offsets = Object.fromEntries(Object.entries(def.sizes).flatMap(([axis, rule]) => (rule.kind === 'ragged' ? [[axis, prefixSums([rows, next])]] : [])));
  const lengths = { sizes: { c: 2, q: Math.max(rows, next), k: Math.max(rows, next), g: 1, r: 1, d: 64 }, offsets };
  const inputs = inputsOf(def, lengths, seed);
  for (const p of ['k', 'v']) inputs[p]?.fill(NaN, rows * 64);
  const own = 'q' in offsets ? rows : Math.max(rows, next);
  return (outputsOf(k, def, inputs, lengths)[def.results.find((r) => r.order.includes('d'))?.name ?? '']?.subarray(0, own * 64) ?? [NaN]).every((x) => !Number.isNaN(x));
}

describe('what a window holds beyond its axis', () => {
  test('is cleared where the axis is packed in memory, and where registers computed something from it', () => {
    expect(Object.fromEntries(['raggedAttention', 'chunkAttention', 'squares', 'inverses', 'inverse'].map((name) => [name, clears(last(named(name)[2]))]))).toEqual({
      raggedAttention: ['vTile k'], chunkAttention: ['vTile k'], squares: ['vTile k'], inverses: ['value e'], inverse: [],
    });
  });

  test('cannot be cleared in a left operand that lies in shared memory: such a product is not for warpgroups', () => expect(kernels.has('packedSum')).toBe(false));

  property.prop([fc.constantFrom('raggedAttention', 'chunkAttention', 'squares'), fc.constantFrom(1, 15, 16, 17, 40), fc.integer({ min: 1, max: 20 }), fc.nat()], { numRuns: 8 })(
    'never reaches a result: the part behind may be NaN throughout', (name, rows, next, seed) => { expect(isUntouched(last(named(name)[2]), name, rows, next, seed)).toBe(true); },
  );

  test.each(['raggedAttention', 'chunkAttention', 'squares'])('would reach those of %s if nothing were cleared', (name) => expect(isUntouched(bare(last(named(name)[2])), name, 17, 9, 1)).toBe(false));

  test.each([['inverse', true], ['inverses', false]] as const)('is 1 / 0 in %s, and does not reach its results', (name, isMasked) => {
    const [, def, stages] = named(name);
    const lengths = { sizes: { q: 3, f: 2, e: 70 }, offsets: {} };
    const hasNumbers = (k: TileKernel): boolean => Object.values(outputsOf(k, def, inputsOf(def, lengths, 1), lengths)).every((r) => r.every(Number.isFinite));
    expect([hasNumbers(last(stages)), hasNumbers(bare(last(stages)))]).toEqual([true, isMasked]);
  });
});
