import { describe, expect, test } from 'vitest';
import { loadEarly } from '../../../codegen/tile/early.js';
import type { Layout, Load, Loop, Tile, TileStmt } from '../../../codegen/tile/ir.js';
import type { DType } from '../../../dsl/dtype.js';
import { arg, binary, lit, size } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { param, result, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const frame = { kind: 'accumulators', rows: [{ axis: 'q', size: 128 }], warps: { rows: 8, columns: 1 }, whole: [], vector: 2 } as const;
const placed = (t: Tile, layout: Layout): Tile => ({ ...t, layout });
const load = (dst: Tile, order: readonly string[], dtype: DType = 'f32'): Load => ({ kind: 'load', dst, src: param(dst.name, order, dtype), span });

/** s += a · b over e, of `f` columns: f / 2 registers. */
function products(f: number): { readonly s: Tile; readonly loop: Loop } {
  const [a, b] = [placed(tile('a', { q: 128, e: 64 }, 'bf16'), 'operand'), placed(tile('b', { f, e: 64 }, 'bf16'), 'operand')];
  const s = placed(tile('s', { q: 128, f }), 'tile');
  const body: readonly TileStmt[] = [load(a, ['q', 'e'], 'bf16'), load(b, ['f', 'e'], 'bf16'), { kind: 'mma', dst: s, lhs: a, rhs: b, over: 'e', accumulate: true, span }];
  return { s, loop: { kind: 'loop', axis: 'e', from: lit(0), to: size('e'), args: [], step: 64, full: false, padded: false, body, span } };
}
const table = (name: string, f: number): Tile => placed(tile(name, { q: 128, f }), 'tile');
const namesOf = (body: readonly TileStmt[]): readonly string[] => body.map((s) => (s.kind === 'load' ? s.dst.name : s.kind));
const passed = (body: readonly TileStmt[]): readonly string[] => namesOf(loadEarly(bareKernel(body, { frame })).body);

describe('loads behind a loop of products', () => {
  const { s, loop } = products(256);
  const fill: TileStmt = { kind: 'fill', dst: s, value: 0, span };
  const t = table('t', 128);
  const use = (...args: readonly Tile[]): TileStmt => ({ kind: 'map', dst: s, fn: args.map((_, i) => arg(i + 1)).reduce((x, y) => binary('add', x, y), arg(0)), args: [s, ...args], span });
  const put: TileStmt = { kind: 'store', dst: result('out', ['q', 'f']), src: s, span };

  test('start in front of it', () => {
    expect(passed([fill, loop, load(t, ['q', 'f']), use(t), put])).toEqual(['fill', 't', 'loop', 'map', 'store']);
  });

  test('start there as long as registers have room for them beside what products make', () => {
    const u = table('u', 128);
    expect(passed([fill, loop, load(t, ['q', 'f']), load(u, ['q', 'f']), use(t, u), put])).toEqual(['fill', 't', 'loop', 'u', 'map', 'store']);
  });

  const bias = placed(tile('bias', { f: 256 }), 'columns');
  test.each<readonly [string, readonly TileStmt[]]>([
    ['narrow numbers, which are widened where they arrive', [fill, loop, load(bias, ['f'], 'bf16'), use(bias), put]],
    ['what was stored in between', [fill, loop, put, { ...load(t, ['q', 'f']), src: param('out', ['q', 'f']) }, use(t), put]],
    ['a tile that is in use', [fill, load(t, ['q', 'f']), loop, use(t), load(t, ['q', 'f']), use(t), put]],
    ['those behind a loop that does more', [fill, { ...loop, body: [...loop.body, use(bias)] }, load(t, ['q', 'f']), use(t), put]],
  ])('%s stay', (_what, body) => { expect(passed(body)).toEqual(namesOf(body)); });
});
