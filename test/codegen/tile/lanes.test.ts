import { describe, expect, test } from 'vitest';
import { sumApart } from '../../../codegen/tile/lanes.js';
import type { Fill, Layout, Loop, Tile, TileKernel, TileMap, TileReduce, TileStmt } from '../../../codegen/tile/ir.js';
import { statements } from '../../../codegen/tile/walk.js';
import { arg, binary, lit, type BinaryOp } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { bareKernel } from './bare.js';

const tile = (name: string, layout: Layout): Tile => ({ name, dtype: 'f32', layout, shape: layout === 'rows' ? [{ axis: 'q', size: 16 }] : [{ axis: 'q', size: 16 }, { axis: 'k', size: 64 }] });
const [p, l, alpha, seen] = [tile('p', 'tile'), tile('l', 'rows'), tile('alpha', 'rows'), tile('seen', 'rows')];

const fill = (dst: Tile, value: number): Fill => ({ kind: 'fill', dst, value, span });
const scale = (dst: Tile, by: Tile, op: BinaryOp = 'mul'): TileMap => ({ kind: 'map', dst, fn: binary(op, arg(0), arg(1)), args: [dst, by], span });
const sum = (dst: Tile, src: Tile, op: TileReduce['op'] = 'sum'): TileReduce => ({ kind: 'reduce', dst, op, axis: 'k', src, accumulate: true, span });
const loop = (...body: readonly TileStmt[]): Loop => ({ kind: 'loop', axis: 'k', from: lit(0), to: lit(128), args: [], step: 64, full: false, padded: true, body, span });

const kernel = (...body: readonly TileStmt[]): TileKernel => bareKernel(body, { tiles: [p, l, alpha, seen] });
const verbs = (k: TileKernel): readonly string[] => statements(sumApart(k).body).map((s) => (s.kind === 'reduce' && s.apart === true ? 'reduce apart' : s.kind));

describe('sums of rows that stay with the lanes', () => {
  test('a sum that starts at 0 and is only scaled by its row joins behind the loop', () => {
    expect(verbs(kernel(fill(l, 0), loop(scale(l, alpha), sum(l, p))))).toEqual(['fill', 'loop', 'map', 'reduce apart', 'unite']);
  });

  test.each([
    ['every lane would count a start other than 0', [fill(l, 1), loop(sum(l, p))]],
    ['what was written since the start is not known to be 0', [fill(l, 0), scale(l, alpha, 'add'), loop(sum(l, p))]],
    ['the loop reads the whole sum', [fill(l, 0), loop(sum(l, p), { kind: 'copy', dst: seen, src: l, span })]],
    ['what is added to a share is added once per lane', [fill(l, 0), loop(scale(l, alpha, 'add'), sum(l, p))]],
    ['a product with itself is not linear', [fill(l, 0), loop(scale(l, l), sum(l, p))]],
    ['scaling does not distribute over the largest', [fill(l, 0), loop(scale(l, alpha), sum(l, p, 'max'))]],
    ['nothing is known of the start', [loop(sum(l, p))]],
  ] as const)('stays as it is where %s', (_why, body) => {
    const k = kernel(...body);
    expect(sumApart(k).body.flatMap((s) => [s.kind])).not.toContain('unite');
    expect(verbs(k)).not.toContain('reduce apart');
  });

  test('a kernel without such sums stays the same object', () => {
    const k = kernel(fill(l, 1), loop(sum(l, p)));
    expect(sumApart(k)).toBe(k);
  });
});
