import { describe, expect, test } from 'vitest';
import { loadAhead } from '../../../codegen/tile/ahead.js';
import type { Copy, Frame, Layout, Load, Loop, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import type { DType } from '../../../dsl/dtype.js';
import { lit, size } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { bareKernel } from './bare.js';

const tile = (name: string, layout: Layout, dtype: DType = 'f32'): Tile => ({ name, dtype, layout, shape: layout === 'columns' ? [{ axis: 'e', size: 128 }] : [{ axis: 'f', size: 8 }, { axis: 'e', size: 128 }] });
const [w, x, t, narrow] = [tile('w', 'tile'), tile('x', 'columns'), tile('t', 'tile'), tile('n', 'tile', 'bf16')];
const load = (dst: Tile, order: readonly string[] = ['f', 'e'], dtype: DType = 'bf16', at: Readonly<Record<string, number>> = {}): Load => ({ kind: 'load', dst, src: { name: dst.name, dtype, order, at, role: 'param' }, span });
const copy = (dst: Tile, src: Tile): Copy => ({ kind: 'copy', dst, src, span });
const walk = (body: readonly TileStmt[], more: Partial<Loop> = {}): Loop => ({ kind: 'loop', axis: 'e', from: lit(0), to: size('e'), args: [], step: 128, full: false, padded: false, body, span, ...more });
const kernel = (body: readonly TileStmt[], { stages = 2, kind = 'spread' }: { readonly stages?: number; readonly kind?: Frame['kind'] } = {}): TileKernel =>
  bareKernel(body, { tiles: [w, x, t, narrow], stages, frame: { kind, rows: [{ axis: 'f', size: 8 }], warps: { rows: 4, columns: 1 }, whole: [], vector: 4 } });

const shown = (body: readonly TileStmt[]): string => body.map((s) => {
  if (s.kind === 'loop') return `for ${s.axis} [${shown(s.body)}]`;
  return s.kind === 'prime' || s.kind === 'advance' ? `${s.kind} ${s.pipe.name}` : s.kind === 'load' || s.kind === 'copy' ? `${s.kind} ${s.dst.name}` : s.kind;
}).join('; ');

describe('loads of element-wise walks', () => {
  test('ask for the next window before they compute with this one', () => {
    const k = loadAhead(kernel([walk([load(x, ['e']), load(w), copy(t, w)])]));
    expect(shown(k.body)).toBe('prime eAhead; for e [advance eAhead; copy t]');
    expect(k.pipes.map((p) => [p.held, p.axis, p.step, p.loads.map((l) => l.dst.name)])).toEqual([['registers', 'e', 128, ['x', 'w']]]);
  });

  test('have as many windows of a matrix under way as the schedule says, in a part of shared memory that is the lane\'s', () => {
    const k = loadAhead(kernel([walk([load(x, ['e']), load(w, ['f', 'e'], 'f32'), copy(t, w)])], { stages: 3 }));
    expect(shown(k.body)).toBe('prime eRing; prime eAhead; for e [advance eRing; advance eAhead; copy t]');
    expect(k.pipes.map((p) => [p.held, p.stages, p.loads.map((l) => l.dst.name)])).toEqual([['lanes', 3, ['w']], ['registers', 1, ['x']]]);
  });

  test('of which a lane reads no 16 bytes at a time wait in registers', () => {
    expect(loadAhead(kernel([walk([load(w), copy(t, w)])], { stages: 3 })).pipes.map((p) => p.held)).toEqual(['registers']);
  });

  test('walks that follow each other ask apart', () => {
    expect(shown(loadAhead(kernel([walk([load(x, ['e'])]), walk([load(w), copy(t, w)])])).body)).toBe('prime eAhead; for e [advance eAhead]; prime eAhead2; for e [advance eAhead2; copy t]');
  });

  test('parts of a fixed axis ask like any other rows', () => {
    expect(shown(loadAhead(kernel([walk([load(w, ['f', 'p', 'e'], 'bf16', { p: 1 }), copy(t, w)])])).body)).toBe('prime eAhead; for e [advance eAhead; copy t]');
  });

  test('what is not read in vectors along the walk stays where it is', () => {
    expect(shown(loadAhead(kernel([walk([load(x, ['e']), load(t, ['e', 'f']), copy(t, x)])])).body)).toBe('prime eAhead; for e [advance eAhead; load t; copy t]');
  });

  test.each([
    ['a schedule without a second stage', kernel([walk([load(w), copy(t, w)])], { stages: 1 })],
    ['products, which hold their accumulators', kernel([walk([load(w), copy(t, w)])], { kind: 'accumulators' })],
    ['a walk that begins elsewhere', kernel([walk([load(w), copy(t, w)], { from: lit(128) })])],
    ['a walk that ends before its axis: of what lies behind nothing is needed', kernel([walk([load(w), copy(t, w)], { to: lit(128) })])],
    ['what stands behind other work', kernel([walk([copy(t, t), load(w)])])],
    ['a tile that something else writes', kernel([walk([load(w), copy(w, t)])])],
    ['numbers that are rounded on the way', kernel([walk([load(narrow, ['f', 'e'], 'f32')])])],
    ['what is read from a place further on', kernel([walk([load(w, ['f', 'e'], 'bf16', { e: 1 })])])],
    ['windows that hold no whole vectors', kernel([walk([load(w), copy(t, w)], { step: 126 })])],
  ])('%s: nothing runs ahead', (_why, k) => {
    expect(loadAhead(k)).toBe(k);
  });
});
