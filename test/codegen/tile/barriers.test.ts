import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { placeBarriers } from '../../../codegen/tile/barriers.js';
import type { Copy, Layout, Load, Loop, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { readsOf, writes } from '../../../codegen/tile/walk.js';
import { lit } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { bareKernel } from './bare.js';

const tile = (name: string, layout: Layout, size = 32): Tile => ({ name, dtype: 'f32', layout, shape: [{ axis: 'q', size }] });
const [a, b, p, r, n] = [tile('a', 'array'), tile('b', 'array'), tile('p', 'operand'), tile('r', 'tile'), tile('n', 'array', 1)];
const tiles = [a, b, p, r, n];
const copy = (dst: Tile, src: Tile): Copy => ({ kind: 'copy', dst, src, span });
const load = (dst: Tile): Load => ({ kind: 'load', dst, src: { name: 'x', dtype: 'f32', order: ['q'], at: {}, role: 'param' }, span });
const loop = (...body: readonly TileStmt[]): Loop => ({ kind: 'loop', axis: 'k', from: lit(0), to: lit(128), args: [], step: 64, full: false, padded: false, body, span });
const kernel = (...body: readonly TileStmt[]): TileKernel => bareKernel(body, { tiles });

/** What a block executes when every loop turns so many times. */
const executed = (body: readonly TileStmt[], turns: number): readonly TileStmt[] =>
  body.flatMap((s) => (s.kind === 'loop' ? Array.from({ length: turns }, () => executed(s.body, turns)).flat() : [s]));

const isShared = (t: Tile): boolean => t === a || t === b || t === p;

/** The first statement that touches shared memory which another thread may be at, or whose copy may be under way. */
function race(run: readonly TileStmt[]): TileStmt | undefined {
  let [read, written, copied] = [new Set<Tile>(), new Set<Tile>(), new Set<Tile>()];
  for (const s of run) {
    if (s.kind === 'barrier') {
      // Without a wait for copies, what is being copied is not there for anybody.
      [read, written, copied] = [new Set(), s.copies ? new Set() : new Set(copied), s.copies ? new Set() : copied];
      continue;
    }
    if (readsOf(s).some((t) => written.has(t)) || writes(s).some((t) => read.has(t) || written.has(t))) return s;
    for (const t of readsOf(s).filter(isShared)) read.add(t);
    for (const t of writes(s).filter(isShared)) written.add(t);
    if (s.kind === 'load' && s.dst === p) copied.add(p);
  }
  return undefined;
}

const some = fc.constantFrom(...tiles);
const statement: fc.Arbitrary<TileStmt> = fc.oneof(fc.tuple(some, some).filter(([x, y]) => x !== y).map(([x, y]) => copy(x, y)), some.map(load));
const block = fc.array(statement, { minLength: 1, maxLength: 6 });
const program = fc.tuple(block, block, block, block).map(([before, first, inner, after]) => kernel(...before, loop(...first, loop(...inner)), ...after));

describe('barriers', () => {
  property.prop([program, fc.integer({ min: 0, max: 3 })])('no thread touches what another may still be at, however often loops turn', (k, turns) => {
    expect(race(executed(placeBarriers(k).body, turns))).toBeUndefined();
  });

  property.prop([program])('no block ends with copies under way', (k) => {
    for (const turns of [0, 1, 2]) {
      const run = executed(placeBarriers(k).body, turns);
      const last = run.findLastIndex((s) => s.kind === 'load' && s.dst === p);
      expect(last < 0 || run.slice(last).some((s) => s.kind === 'barrier' && s.copies)).toBe(true);
    }
  });

  const places = (...body: readonly TileStmt[]): readonly string[] => executed(placeBarriers(kernel(...body)).body, 1).map((s) => (s.kind === 'barrier' ? (s.copies ? 'barrier behind copies' : 'barrier') : s.kind));

  test('registers and single numbers are every thread\'s own', () => {
    expect(places(load(r), copy(n, r), copy(r, n))).toEqual(['load', 'copy', 'copy']);
  });

  test('there is none where nothing meets', () => {
    expect(places(copy(a, r), copy(b, r))).toEqual(['copy', 'copy']);
  });

  test('what is under way at the end is waited for, by each thread alone', () => {
    const last = placeBarriers(kernel(load(p))).body.at(-1);
    expect(last).toEqual(expect.objectContaining({ kind: 'barrier', copies: true, alone: true }));
  });

  test('one waits for all that has been written, and for copies only where they are touched', () => {
    expect(places(copy(a, r), copy(b, r), copy(r, a), copy(r, b))).toEqual(['copy', 'copy', 'barrier', 'copy', 'copy']);
    expect(places(load(p), copy(a, r), copy(r, a), copy(r, p))).toEqual(['load', 'copy', 'barrier', 'copy', 'barrier behind copies', 'copy']);
  });

  test('a loop comes back to what its first turn left', () => {
    const { body } = placeBarriers(kernel(loop(copy(r, a), copy(a, r))));
    expect(executed(body, 1).map((s) => s.kind)).toEqual(['barrier', 'copy', 'barrier', 'copy']);
  });
});
