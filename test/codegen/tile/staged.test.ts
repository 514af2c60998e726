import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Layout, Store, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { stagedStores } from '../../../codegen/tile/staged.js';
import type { DType } from '../../../dsl/dtype.js';
import { lit } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { result, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const frame = { kind: 'accumulators', rows: [{ axis: 'q', size: 128 }], warps: { rows: 8, columns: 1 }, whole: [], vector: 2 } as const;
const placed = (t: Tile, layout: Layout): Tile => ({ ...t, layout });
const store = (name: string, f: number, dtype: DType, role: 'result' | 'scratch' = 'result'): Store =>
  ({ kind: 'store', dst: { ...result(name, ['q', 'f'], dtype), role }, src: placed(tile(`${name}Tile`, { q: 128, f }), 'tile'), span });
const staged = (body: readonly TileStmt[]): readonly TileKernel[] => stagedStores(bareKernel(body, { frame, tiles: body.flatMap((s) => (s.kind === 'store' ? [s.src] : [])) }));
const storesOf = (k: TileKernel): readonly Store[] => k.body.filter((s): s is Store => s.kind === 'store');

describe('stores through lines', () => {
  const drawn = fc.record({ dtype: fc.constantFrom('f32', 'f16', 'bf16'), panels: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }) });
  property.prop([drawn])('go round a ring in whole turns, each from where the one before it ended', ({ dtype, panels }) => {
    const line = dtype === 'f32' ? 32 : 64;
    const variants = staged(panels.map((n, i) => store(`out${i}`, n * line, dtype)));
    expect(variants.length).toBeGreaterThan(0);
    for (const k of variants) {
      const rings = storesOf(k).map((s) => s.through);
      let at = 0;
      for (const [i, ring] of rings.entries()) {
        if (!ring) return expect.fail('not staged');
        expect(ring.first).toBe(at);
        // Each step is a group of copies of its own: those under way are as many as the ring has steps.
        expect([ring.places % ring.step, (panels[i] ?? 0) % ring.step]).toEqual([0, 0]);
        expect(ring.lines).toBe(rings[0]?.lines);
        at += panels[i] ?? 0;
      }
      expect(at % (rings[0]?.places ?? 0)).toBe(0);
      expect(k.tiles).toContain(rings[0]?.lines);
    }
    const places = variants.map((k) => storesOf(k)[0]?.through?.places ?? 0);
    expect(places).toEqual([...places].sort((a, b) => b - a));
  });

  const whole = store('out', 256, 'bf16');
  test.each<readonly [string, readonly TileStmt[]]>([
    ['what launches pass each other', [store('out', 256, 'f32', 'scratch')]],
    ['rows that end inside a line', [store('out', 48, 'bf16')]],
    ['what is stored in a branch, so that turns of the ring would differ', [{ kind: 'when', cond: lit(1), args: [], body: [whole], otherwise: [], span }]],
    ['vectors', [{ ...whole, src: placed(whole.src, 'rows') }]],
  ])('leave alone %s', (_what, body) => { expect(staged(body)).toEqual([]); });

  test('are of one dtype; what has another is stored by the warps', () => {
    for (const k of staged([whole, store('more', 256, 'f32')])) expect(storesOf(k).map((s) => s.through !== undefined)).toEqual([true, false]);
  });
});
