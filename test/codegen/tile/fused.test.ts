import { describe, expect, test } from 'vitest';
import { fuseMaps } from '../../../codegen/tile/fused.js';
import type { Layout, Tile, TileKernel, TileMap, TileStmt } from '../../../codegen/tile/ir.js';
import { statements } from '../../../codegen/tile/walk.js';
import { printScalar } from '../../../dsl/print.js';
import { arg, binary, lit, pos, type Scalar, select, unary } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

// What a program means stays as it is: see meaning.test.ts, which runs all stages of drawn programs.

const placed = (name: string, shape: Readonly<Record<string, number>>, layout: Layout, dtype: Tile['dtype'] = 'f32'): Tile => ({ ...tile(name, shape, dtype), layout });
const mask = placed('mask', { q: 64, k: 128 }, 'tile', 'i32');
const scores = placed('scores', { q: 64, k: 128 }, 'tile');
const columns = placed('columns', { k: 128 }, 'columns', 'i32');
const width = tile('width', {}, 'i32');
const map = (dst: Tile, fn: Scalar, args: readonly Tile[]): TileMap => ({ kind: 'map', dst, fn, args, span });
const divided = map(columns, unary('floor', binary('div', pos('k'), arg(0))), [width]);
const decided = map(mask, binary('le', arg(0), pos('q')), [columns]);
const hidden = select(arg(1), arg(0), lit(-1));
const read = map(scores, hidden, [scores, mask]);
const when = (body: readonly TileStmt[], otherwise: readonly TileStmt[]): TileStmt => ({ kind: 'when', cond: lit(1), args: [], body, otherwise, span });
const made: TileStmt = { kind: 'fill', dst: scores, value: 1, span };

const frame = (kind: 'accumulators' | 'spread'): NonNullable<TileKernel['frame']> => ({ kind, rows: [{ axis: 'q', size: 64 }], warps: { rows: 4, columns: 1 }, whole: [], vector: 2 });
const kernel = (body: readonly TileStmt[], kind: 'accumulators' | 'spread' = 'accumulators'): TileKernel => bareKernel(body, { tiles: [mask, scores, columns, width], frame: frame(kind) });
const fused = (...body: readonly TileStmt[]): TileKernel => fuseMaps(kernel(body));
const texts = (k: TileKernel): readonly string[] => statements(k.body).flatMap((s) => (s.kind === 'map' ? [`${s.dst.name} <- ${printScalar(s.fn, s.args.map((t) => t.name))}`] : []));

describe('maps that one map reads', () => {
  test('are made where it reads them, and so is what they read', () => {
    const k = fused(divided, decided, made, read);
    expect(texts(k)).toEqual(['scores <- floor(@k / width) <= @q ? scores : -1']);
    expect(k.tiles.map((t) => t.name)).toEqual(['scores', 'width']);
  });

  test('are made in each branch that reads them once', () => {
    expect(texts(fused(divided, decided, made, when([read], [made, read])))).toEqual(Array(2).fill('scores <- floor(@k / width) <= @q ? scores : -1'));
  });

  const again = map(scores, binary('mul', arg(0), arg(1)), [scores, mask]);
  const loop: TileStmt = { kind: 'loop', axis: 'e', from: lit(0), to: lit(4), args: [], step: 1, full: false, padded: false, body: [read], span };
  const rounding = { ...mask, dtype: 'bf16' } as const;
  test.each<readonly [string, readonly TileStmt[]]>([
    ['two read them on one way', [decided, made, read, again]],
    ['one reads them twice', [decided, made, map(scores, binary('add', arg(1), arg(1)), [scores, mask])]],
    ['a loop would make them in every turn', [decided, made, loop]],
    ['what they read changes before', [decided, made, divided, read]],
    ['a store reads them', [decided, made, { kind: 'store', dst: { name: 'out', dtype: 'f32', order: ['q', 'k'], at: {}, role: 'result' }, src: mask, span }]],
    ['they round', [map(rounding, binary('mul', arg(0), lit(0.1)), [columns]), map(scores, hidden, [scores, rounding])]],
    ['they read what fills registers as well', [map(mask, binary('le', arg(0), pos('q')), [scores]), made, read]],
  ])('stay where %s', (_why, body) => expect(texts(fused(...body))).toEqual(texts(bareKernel(body))));

  test('stay where nothing is multiplied', () => {
    const k = kernel([divided, decided, made, read], 'spread');
    expect(fuseMaps(k)).toBe(k);
  });
});
