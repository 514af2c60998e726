import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { registersOf, spreadTiles } from '../../../codegen/tile/frames.js';
import type { Frame, Tile, TileKernel } from '../../../codegen/tile/ir.js';
import { extended, sidesOf } from '../../../codegen/tile/sides.js';
import { lit } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { cascade, dynamic, launch, matmul, param, result, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const sixteens = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most / 16 }).map((n) => 16 * n);
const warps = fc.constantFrom(1, 2, 4, 8);
const on = (k: TileKernel, n: number): TileKernel => spreadTiles({ ...k, schedule: { ...k.schedule, warps: n } });
const frameOf = (k: TileKernel): Frame => {
  if (k.frame === undefined) throw new Error('no frame');
  return k.frame;
};
const layouts = (k: TileKernel): Readonly<Record<string, string>> => Object.fromEntries(k.tiles.map((t) => [t.name, t.layout]));
const elements = (t: Tile): number => extended(t).reduce((n, a) => n * a.size, 1);

/** y[q, d] = x + x, element by element. */
function elementwise(q: number, d: number): TileKernel {
  const [x, y] = [param('x', ['q', 'd']), result('y', ['q', 'd'])];
  const [xs, ys] = [tile('xs', { q, d }), tile('ys', { q, d })];
  return launch({ name: 'twice', params: [x, y], sizes: { q: dynamic, d: dynamic }, grid: { q, d }, tiles: [xs, ys], body: [
    { kind: 'load', dst: xs, src: x, span }, { kind: 'map', dst: ys, fn: lit(2), args: [xs], span }, { kind: 'store', dst: y, src: ys, span },
  ] });
}

describe('a frame', () => {
  const kernels = fc.oneof(
    fc.record({ q: sixteens(256), f: sixteens(256), e: fc.constantFrom(16, 32, 64), transposed: fc.boolean() }).map(({ q, f, e, transposed }) => matmul('m', transposed ? ['e', 'f'] : ['f', 'e'], q, f, e)),
    fc.record({ q: sixteens(128), k: sixteens(128), d: fc.constantFrom(16, 64, 128) }).map(({ q, k, d }) => cascade('c', q, k, d)),
    fc.record({ q: fc.integer({ min: 1, max: 64 }), d: fc.integer({ min: 1, max: 512 }) }).map(({ q, d }) => elementwise(q, d)),
  );

  property.prop([kernels, warps])('takes at most the warps there are, and the launch has just those', (k, n) => {
    const made = on(k, n);
    if (made.frame === undefined) return expect(k.tiles.every((t) => extended(t).length === 0)).toBe(true);
    const { rows, columns } = made.frame.warps;
    expect(rows * columns).toBeGreaterThanOrEqual(1);
    expect(rows * columns).toBeLessThanOrEqual(n);
    expect(made.schedule.warps).toBe(rows * columns);
  });

  property.prop([kernels, warps])('gives each thread enough registers for its share of every tile that lies in them, and never more than a thread may have', (k, n) => {
    const made = on(k, n);
    for (const t of made.tiles.filter((x) => x.layout === 'tile')) {
      const frame = frameOf(made);
      expect(registersOf(t, frame)).toBeLessThanOrEqual(160);
      expect(registersOf(t, frame) * 32 * made.schedule.warps).toBeGreaterThanOrEqual(elements(t));
    }
  });

  property.prop([kernels, warps])('has layouts that follow from a tile\'s sides', (k, n) => {
    const made = on(k, n);
    for (const t of made.tiles) {
      if (t.layout !== 'rows' && t.layout !== 'columns') continue;
      const { rows, columns } = sidesOf(t, frameOf(made));
      expect([t.layout, rows.length > 0, columns.length > 0]).toEqual([t.layout, t.layout === 'rows', t.layout === 'columns']);
    }
  });

  property.prop([sixteens(256), sixteens(256), warps])('of a lone product gives every warp 16 rows and 16 columns at least', (q, f, n) => {
    const { warps: { rows, columns } } = frameOf(on(matmul('m', ['f', 'e'], q, f, 32), n));
    expect([q >= 16 * rows, f >= 16 * columns]).toEqual([true, true]);
  });
});

describe('where tiles go', () => {
  test('a lone product: accumulators in registers, operands as the instructions read them, warps in a square', () => {
    const k = on(matmul('m', ['f', 'e'], 64, 64, 32), 4);
    expect([k.frame?.kind, k.frame?.warps, layouts(k)]).toEqual(['accumulators', { rows: 2, columns: 2 }, { xs: 'operand', ws: 'operand', acc: 'tile' }]);
  });

  test('a cascade: a warp has whole rows, and what one product computes for the next stays where it is', () => {
    const k = on(cascade('c', 64, 64, 64), 4);
    expect(k.frame?.warps).toEqual({ rows: 4, columns: 1 });
    expect(layouts(k)).toMatchObject({ s: 'tile', p: 'tile', o: 'tile', m: 'rows', l: 'rows', alpha: 'rows', q: 'operand', k: 'operand', v: 'operand' });
  });

  test('element by element: a thread takes 16 bytes side by side, and a tile too large for registers is shared', () => {
    expect([frameOf(on(elementwise(4, 512), 4)).kind, frameOf(on(elementwise(4, 512), 4)).vector]).toEqual(['spread', 4]);
    expect(layouts(on(elementwise(4, 512), 4))).toEqual({ xs: 'tile', ys: 'tile' });
    expect(layouts(on(elementwise(64, 512), 1))).toEqual({ xs: 'array', ys: 'array' });
  });

  test('a launch without tiles that have an extent stays the same object', () => {
    const k = bareKernel([], { tiles: [tile('one', {})] });
    expect(spreadTiles(k)).toBe(k);
  });
});
