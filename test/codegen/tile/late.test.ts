import { describe, expect, test } from 'vitest';
import { nowhere as span } from '../../../dsl/span.js';
import { arg, binary } from '../../../dsl/scalar.js';
import type { Layout, Load, Param, Tile, TileKernel, TileMap, TileStmt } from '../../../codegen/tile/ir.js';
import { loadVectorsLate } from '../../../codegen/tile/late.js';
import { bareKernel } from './bare.js';

const memory = (name: string): Param => ({ name, dtype: 'f32', order: ['q'], at: {}, role: 'param' });
const tile = (name: string, layout: Layout): Tile => ({ name, dtype: 'f32', layout, shape: [{ axis: 'q', size: 32 }] });
const [a, b, x, y] = [tile('a', 'columns'), tile('b', 'columns'), tile('x', 'tile'), tile('y', 'tile')];
const load = (dst: Tile): Load => ({ kind: 'load', dst, src: memory(dst.name), span });
const added = (dst: Tile, to: Tile): TileMap => ({ kind: 'map', dst, fn: binary('add', arg(0, span), arg(1, span), span), args: [dst, to], span });
const kernel = (...body: readonly TileStmt[]): TileKernel => bareKernel(body, { tiles: [a, b, x, y], frame: { kind: 'accumulators', rows: [], warps: { rows: 4, columns: 1 }, whole: [], vector: 2 } });
const order = (k: TileKernel): readonly string[] => loadVectorsLate(k).body.map((s) => (s.kind === 'load' || s.kind === 'map' ? `${s.kind} ${s.dst.name}` : s.kind));

describe('vectors that meet accumulators', () => {
  test('are loaded each in front of what reads it first', () => {
    expect(order(kernel(load(a), load(b), added(x, a), added(y, b), added(x, b)))).toEqual(['load a', 'map x', 'load b', 'map y', 'map x']);
  });

  test('stay in front of a store to their memory', () => {
    expect(order(kernel(load(b), added(x, a), { kind: 'store', dst: { ...memory('b'), role: 'result' }, src: x, span }, added(y, b)))).toEqual(['map x', 'load b', 'store', 'map y']);
  });

  test('stay where they are where nothing is between, and tiles stay in any case', () => {
    const k = kernel(load(x), load(a), added(y, a), added(y, x));
    expect(loadVectorsLate(k)).toBe(k);
  });
});
