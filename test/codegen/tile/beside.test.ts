import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { besidesOf, joinProducts } from '../../../codegen/tile/beside.js';
import type { Layout, Mma, Param, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { sidesOf } from '../../../codegen/tile/sides.js';
import { operandsOf, productsOf, readsOf, statements, writes } from '../../../codegen/tile/walk.js';
import { nowhere as span } from '../../../dsl/span.js';
import { param, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const frame = { kind: 'accumulators', rows: [{ axis: 'q', size: 128 }], warps: { rows: 8, columns: 1 }, whole: [], vector: 2 } as const;
const placed = (t: Tile, layout: Layout): Tile => ({ ...t, layout });
const lefts = ['x', 'z'].map((name) => placed(tile(name, { q: 128, e: 64 }, 'bf16'), 'operand'));
/** Right operands that can lie behind each other, of two widths, and one whose sum runs along its rows. */
const rights = [['u', 128], ['v', 128], ['w', 128], ['n', 64], ['m', 64]].map(([name, f]) => placed(tile(String(name), { f: Number(f), e: 64 }, 'bf16'), 'operand')).concat(placed(tile('r', { e: 64, f: 128 }, 'bf16'), 'operand'));
const memory: Param = param('memory', ['f', 'e'], 'bf16');

const load = (dst: Tile): TileStmt => ({ kind: 'load', dst, src: memory, span });
const product = (lhs: Tile, rhs: Tile, accumulate = true): Mma =>
  ({ kind: 'mma', dst: placed(tile(`${lhs.name}${rhs.name}`, { q: 128, f: rhs.shape.find((a) => a.axis === 'f')?.size ?? 1 }), 'tile'), lhs, rhs, over: 'e', accumulate, span });
const joined = (body: readonly TileStmt[]): TileKernel => joinProducts(bareKernel(body, { frame }));
const products = (k: TileKernel): readonly Mma[] => statements(k.body).filter((s): s is Mma => s.kind === 'mma');

describe('products beside each other', () => {
  const [x, z] = lefts as [Tile, Tile];
  const [u, v, w] = rights as [Tile, Tile, Tile];

  test('two of one left operand become one, behind the loads of both', () => {
    const k = joined([load(x), load(u), product(x, u), load(v), product(x, v)]);
    expect(k.body.map((s) => s.kind)).toEqual(['load', 'load', 'load', 'mma']);
    expect(besidesOf(k.body).map((g) => g.map((t) => t.name))).toEqual([['xu', 'xv'], ['u', 'v']]);
  });

  test('what stands between them keeps them apart', () => {
    const between: TileStmt = { kind: 'copy', dst: placed(tile('y', { q: 128, f: 128 }), 'tile'), src: product(x, u).dst, span };
    expect(products(joined([load(x), load(u), product(x, u), between, load(v), product(x, v)])).every((p) => p.beside === undefined)).toBe(true);
  });

  test('an operand that is loaded anew between them keeps them apart', () => {
    expect(products(joined([load(x), load(u), product(x, u), load(x), load(v), product(x, v)]))).toHaveLength(2);
  });

  test('a tile that would have two places has none', () => {
    expect(products(joined([load(x), load(z), load(u), load(v), load(w), product(x, u), product(x, v), product(z, u), product(z, w)]))).toHaveLength(4);
  });

  const drawn = fc.array(fc.record({ lhs: fc.constantFrom(...lefts), rhs: fc.constantFrom(...rights), accumulate: fc.boolean() }), { minLength: 1, maxLength: 6 });
  property.prop([drawn])('the same products are made, each of what it read before, in at most 256 columns', (all) => {
    // Every operand is loaded once, in front of the first product that reads it.
    const seen = new Set<Tile>();
    const body = all.flatMap(({ lhs, rhs, accumulate }): readonly TileStmt[] => {
      const fresh = [lhs, rhs].filter((t) => !seen.has(t));
      fresh.forEach((t) => seen.add(t));
      return [...fresh.map(load), product(lhs, rhs, accumulate)];
    });
    const made = products(joined(body));
    const each = (ps: readonly Mma[]): readonly string[] => ps.flatMap((s) => productsOf(s).map((p) => `${p.dst.name} ${s.accumulate ? '+=' : '<-'} ${s.lhs.name} * ${p.rhs.name}`));
    expect(each(made)).toEqual(each(body.filter((s): s is Mma => s.kind === 'mma')));
    for (const s of made) {
      expect(productsOf(s).reduce((n, p) => n + sidesOf(p.dst, frame).columns.reduce((m, a) => m * a.size, 1), 0)).toBeLessThanOrEqual(256);
      expect(new Set(operandsOf(s)).size).toBe(productsOf(s).length + 1);
      expect([...readsOf(s)]).toEqual(s.accumulate ? [...operandsOf(s), ...writes(s)] : operandsOf(s));
    }
    const places = besidesOf(joined(body).body).flat();
    expect(new Set(places).size).toBe(places.length);
  });
});
