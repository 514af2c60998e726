import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { checkTile } from '../../../codegen/tile/check.js';
import type { Load, Loop, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { lit, pos } from '../../../dsl/scalar.js';
import { matmul } from './programs.js';

const schedule: Schedule = { block: { t: 4, f: 8, e: 16 }, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false };
const good = lower(matmul(), schedule);

/** `good` with every statement of a kind changed. */
function broken<K extends TileStmt['kind']>(kind: K, change: (s: Extract<TileStmt, { kind: K }>) => TileStmt): TileKernel {
  const isKind = (s: TileStmt): s is Extract<TileStmt, { kind: K }> => s.kind === kind;
  const go = (body: readonly TileStmt[]): readonly TileStmt[] => body.map((s) => (isKind(s) ? change(s) : s.kind === 'loop' ? { ...s, body: go(s.body) } : s));
  return { ...good, body: go(good.body) };
}
const otherAxis = (t: Tile): Tile => ({ ...t, shape: t.shape.map((a) => ({ ...a, axis: `${a.axis}x` })) });
const stray: Tile = { name: 'stray', dtype: 'f32', shape: [], layout: 'array' };

describe('the checker of tile programs', () => {
  test('accepts what lowering makes', () => expect(() => checkTile(good, 'lower')).not.toThrow());

  test.each([
    ['a tile that is not declared', broken('load', (s) => ({ ...s, dst: { ...s.dst } })), "tile 'xTile' is not declared"],
    ['a value that is not yet there', { ...good, body: good.body.filter((s) => s.kind !== 'fill') }, "tile 'y' is read before it is written"],
    ['a value that only a loop writes', broken('store', (s) => ({ ...s, src: good.tiles.find((t) => t.name === 'yNew') ?? stray })), "tile 'yNew' is read before it is written"],
    ['an axis the parameter lacks', { ...good, tiles: good.tiles.map((t) => (t.name === 'xTile' ? otherAxis(t) : t)), body: broken('load', (s): Load => (s.dst.name === 'xTile' ? { ...s, dst: otherAxis(s.dst) } : s)).body }, "tile 'xTile' is not declared"],
    ['a position nobody knows', broken('map', (s) => ({ ...s, fn: pos('z') })), "the position on 'z' is not known here"],
    ['an operand that is not there', broken('map', (s) => ({ ...s, args: [] })), 'operand 0 of 0 is read'],
    ['a step that does not advance', broken('loop', (s): Loop => ({ ...s, step: 0 })), 'the step is not positive'],
    ['an axis walked twice', broken('loop', (s): Loop => ({ ...s, body: [{ ...s, to: lit(1) }] })), "axis 'e' is already open"],
    ['a parameter of another launch', broken('store', (s) => ({ ...s, dst: { ...s.dst, name: 'elsewhere' } })), "parameter 'elsewhere' is not declared"],
    ['two things of one name', { ...good, tiles: good.tiles.map((t) => (t.name === 'xTile' ? { ...t, name: 'x' } : t)) }, "two tiles or parameters of matmul are named 'x'"],
  ])('refuses %s', (_what, kernel, why) => {
    expect(() => checkTile(kernel, 'stage')).toThrow(`internal error after stage 'stage': `);
    expect(() => checkTile(kernel, 'stage')).toThrow(why);
  });
});
