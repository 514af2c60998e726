import { describe, expect, test } from 'vitest';
import type { Copy, Layout, Load, Loop, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { stageLoads } from '../../../codegen/tile/pipes.js';
import { arg, lit, type Scalar } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { bareKernel } from './bare.js';

const tile = (name: string, layout: Layout): Tile => ({ name, dtype: 'f32', layout, shape: [{ axis: 'q', size: 32 }] });
const number = (name: string): Tile => ({ name, dtype: 'i32', layout: 'array', shape: [] });
const [a, b, s, from, to] = [tile('a', 'operand'), tile('b', 'operand'), tile('s', 'tile'), number('from'), number('to')];
const load = (dst: Tile, ...order: readonly string[]): Load => ({ kind: 'load', dst, src: { name: 'x', dtype: 'f32', order, at: {}, role: 'param' }, span });
const copy = (dst: Tile, src: Tile): Copy => ({ kind: 'copy', dst, src, span });
const loop = (axis: string, body: readonly TileStmt[], bounds: Partial<Pick<Loop, 'from' | 'to' | 'args'>> = {}): Loop =>
  ({ kind: 'loop', axis, from: lit(0), to: lit(128), args: [], step: 64, full: false, padded: false, body, span, ...bounds });
const kernel = (stages: number, ...body: readonly TileStmt[]): TileKernel => bareKernel(body, { tiles: [a, b, s, from, to], stages });

/** Verbs with the tile they write or the pipe they step, loops in brackets. */
const shown = (body: readonly TileStmt[]): string => body.map((x) => {
  if (x.kind === 'loop') return `for ${x.axis} [${shown(x.body)}]`;
  return x.kind === 'prime' || x.kind === 'advance' || x.kind === 'drain' ? `${x.kind} ${x.pipe.name}` : x.kind === 'load' || x.kind === 'copy' ? `${x.kind} ${x.dst.name}` : x.kind;
}).join('; ');

describe('pipes', () => {
  test('loads of a walked axis to operands run ahead of what is done with them', () => {
    const k = stageLoads(kernel(3, loop('k', [load(a, 'k', 'q'), load(b, 'k'), copy(s, a)])));
    expect(shown(k.body)).toBe('prime kPipe; for k [advance kPipe; copy s]; drain kPipe');
    expect(k.pipes.map((p) => [p.axis, p.step, p.stages, p.loads.map((l) => l.dst.name)])).toEqual([['k', 64, 3, ['a', 'b']]]);
  });

  test.each([
    ['with one stage nothing runs ahead', kernel(1, loop('k', [load(a, 'k'), copy(s, a)]))],
    ['what stands in registers has one place only', kernel(2, loop('k', [load(s, 'k'), copy(s, s)]))],
    ['what the axis does not move is not loaded again', kernel(2, loop('k', [load(a, 'q'), copy(s, a)]))],
    ['what something else writes cannot be there early', kernel(2, loop('k', [load(a, 'k'), copy(a, s)]))],
  ])('%s', (_why, k) => {
    expect(stageLoads(k)).toBe(k);
  });

  test('loops that follow each other along an axis share a pipe, whose bounds are the first one\'s start and the last one\'s end', () => {
    const bounds = (start: Scalar, end: Scalar, args: readonly Tile[]): Partial<Loop> => ({ from: start, to: end, args });
    const k = stageLoads(kernel(2, loop('k', [load(a, 'k'), copy(s, a)], bounds(arg(0), lit(64), [from])), loop('k', [load(a, 'k'), copy(s, a)], bounds(lit(64), arg(0), [to]))));
    expect(shown(k.body)).toBe('prime kPipe; for k [advance kPipe; copy s]; for k [advance kPipe; copy s]; drain kPipe');
    expect(k.pipes.map((p) => [p.args.map((t) => t.name), p.from, p.to])).toEqual([[['from', 'to'], arg(0), expect.objectContaining({ kind: 'arg', index: 1 })]]);
  });

  test('a load that only one of them has stays where it is', () => {
    const k = stageLoads(kernel(2, loop('k', [load(a, 'k'), load(b, 'k')]), loop('k', [load(a, 'k')])));
    expect(shown(k.body)).toBe('prime kPipe; for k [advance kPipe; load b]; for k [advance kPipe]; drain kPipe');
  });

  test('loops along other axes, or apart, have pipes of their own', () => {
    expect(shown(stageLoads(kernel(2, loop('k', [load(a, 'k')]), loop('e', [load(b, 'e')]))).body)).toBe('prime kPipe; for k [advance kPipe]; drain kPipe; prime ePipe2; for e [advance ePipe2]; drain ePipe2');
  });
});
