import { describe, expect, test } from 'vitest';
import type { Channel, Copy, Frame, Layout, Load, Param, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { loadsBeforeWaits, loadsFirst } from '../../../codegen/tile/loads.js';
import { arg } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { bareKernel } from './bare.js';

const memory = (name: string): Param => ({ name, dtype: 'f32', order: ['q'], at: {}, role: 'scratch' });
const tile = (name: string, layout: Layout): Tile => ({ name, dtype: 'f32', layout, shape: [{ axis: 'q', size: 32 }] });
const [a, b, c, d, e] = [tile('a', 'tile'), tile('b', 'tile'), tile('c', 'array'), tile('d', 'tile'), tile('e', 'tile')];
const load = (dst: Tile): Load => ({ kind: 'load', dst, src: memory(dst.name), span });
const copy = (dst: Tile, src: Tile): Copy => ({ kind: 'copy', dst, src, span });
const store = (from: Tile, to: string): TileStmt => ({ kind: 'store', dst: memory(to), src: from, span });

const kernel = (frame: Frame['kind'], ...body: readonly TileStmt[]): TileKernel =>
  bareKernel(body, { tiles: [a, b, c, d, e], frame: { kind: frame, rows: [], warps: { rows: 1, columns: 4 }, whole: [], vector: 1 } });
const order = (k: TileKernel): readonly string[] => loadsFirst(k).body.map((s) => (s.kind === 'load' || s.kind === 'copy' ? `${s.kind} ${s.dst.name}` : s.kind));

describe('loads at the front of their block', () => {
  test('to registers they go before what waits, in the order they had', () => {
    expect(order(kernel('spread', load(c), copy(c, c), load(b), copy(c, b), load(a)))).toEqual(['load b', 'load a', 'load c', 'copy c', 'copy c']);
  });

  test('a load stays behind what still needs its tile, and behind a store to its memory', () => {
    expect(order(kernel('spread', load(c), copy(c, a), load(a)))).toEqual(['load c', 'copy c', 'load a']);
    expect(order(kernel('spread', load(c), store(c, 'b'), load(b)))).toEqual(['load c', 'store', 'load b']);
  });

  test('kernels with products stay as they are', () => {
    const k = kernel('accumulators', load(c), load(b));
    expect(loadsFirst(k)).toBe(k);
  });
});

describe('loads in front of a wait', () => {
  const sent: Channel = { name: 'as', stages: 2, loads: [load(a)] };
  const receive: TileStmt = { kind: 'receive', channel: sent, span };
  const map = (dst: Tile, ...args: readonly Tile[]): TileStmt => ({ kind: 'map', dst, fn: arg(0), args, span });
  const shown = (body: readonly TileStmt[]): readonly string[] => body.map((s) => ('dst' in s ? `${s.kind} ${s.dst.name}` : s.kind));
  const early = (...body: readonly TileStmt[]): readonly string[] => shown(loadsBeforeWaits(kernel('accumulators', ...body)).body);

  test('are there with what is computed from them alone', () => {
    expect(early(receive, copy(d, a), load(b), map(e, b), map(d, d, e))).toEqual(['load b', 'map e', 'receive', 'copy d', 'map d']);
  });

  test.each([
    ['of what the wait is for', [receive, map(e, a)]],
    ['of what is computed behind it', [receive, copy(d, a), map(e, d)]],
    ['of a tile that is read before', [receive, copy(d, b), load(b)]],
    ['of a tile that is written twice', [receive, load(b), copy(d, b), load(b)]],
    ['to memory that threads share', [receive, load(c)]],
    ['of memory that is written before', [receive, store(a, 'b'), load(b)]],
  ])('but none %s', (_which, body) => {
    expect(early(...body)).toEqual(shown(body));
  });

  test('and nothing where nobody waits', () => {
    const k = kernel('accumulators', copy(d, a), load(b));
    expect(loadsBeforeWaits(k)).toBe(k);
  });
});
