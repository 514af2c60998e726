import { describe, expect, test } from 'vitest';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import type { Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { keepsStates, leavesStates } from '../../../codegen/tile/unchanged.js';
import { arg, binary, lit, mapScalar, pos, select, type Scalar } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { cascadeWhere, norm } from './programs.js';

const schedule = { block: { q: 2, k: 2, e: 2 }, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false } as const;
const loopBody = (body: readonly TileStmt[]): readonly TileStmt[] => body.find((s) => s.kind === 'loop')?.body ?? [];
const masked = lower(cascadeWhere(binary('le', pos('k'), pos('q'))), schedule);

const tileOf = (k: TileKernel, name: string): Tile => {
  const found = k.tiles.find((t) => t.name === name);
  if (!found) throw new Error(`no tile ${name}`);
  return found;
};

/** Code under the assumption that every select takes its second branch. */
const hidden = (s: Scalar): Scalar => (s.kind === 'select' ? hidden(s.b) : mapScalar(s, hidden));
const shown = (s: Scalar): Scalar => (s.kind === 'select' ? shown(s.a) : mapScalar(s, shown));

describe('what a hidden window leaves', () => {
  test.each([['as lowered', masked], ['accumulating in place', accumulateInPlace(masked)]])('scores of −∞ change no state: %s', (_form, k) => {
    expect(leavesStates(loopBody(k.body), (m) => hidden(m.fn))).toBe(true);
  });

  test('scores that are seen do', () => expect(leavesStates(loopBody(masked.body), (m) => shown(m.fn))).toBe(false));

  test('a finite mask value does: exp of it is not nothing', () => {
    const finite = (s: Scalar): Scalar => (s.kind === 'lit' && s.value === -Infinity ? lit(-1e9) : mapScalar(s, finite));
    expect(leavesStates(loopBody(masked.body), (m) => finite(hidden(m.fn)))).toBe(false);
  });

  test('a share of what is known before, added up, changes no state where its part is 0', () => {
    const [sum, total, part] = (['sum', 'total', 'part'] as const).map((name): Tile => ({ name, dtype: 'f32', shape: [{ axis: name === 'part' ? 'q' : 'k', size: 2 }], layout: 'array' }));
    if (!sum || !total || !part) throw new Error('three tiles');
    const share = (of: Scalar): readonly TileStmt[] => [
      { kind: 'map', dst: part, fn: select(binary('eq', arg(0), lit(0)), lit(0), binary('div', of, arg(0))), args: [total], span: nowhere },
      { kind: 'reduce', dst: sum, op: 'sum', axis: 'q', src: part, accumulate: true, span: nowhere },
    ];
    expect(leavesStates(share(lit(0)), (m) => m.fn)).toBe(true);
    expect(leavesStates(share(lit(1)), (m) => m.fn)).toBe(false);
  });

  test('a loop that stores is never skipped', () => {
    const walk = lower(norm(), schedule).body.filter((s) => s.kind === 'loop').at(-1);
    expect(walk?.kind === 'loop' && leavesStates(walk.body, () => lit(0))).toBe(false);
  });

  test('a walk that stores what it makes keeps its states where a mask hides it, and is visited all the same', () => {
    const s = tileOf(masked, 's');
    const storing: readonly TileStmt[] = [...loopBody(masked.body), { kind: 'store', dst: { name: 'kept', dtype: 'f32', order: ['q', 'k'], at: {}, role: 'scratch' }, src: s, span: nowhere }];
    expect(keepsStates(storing, (m) => hidden(m.fn))).toBe(true);
    expect(keepsStates(storing, (m) => shown(m.fn))).toBe(false);
    expect(leavesStates(storing, (m) => hidden(m.fn))).toBe(false);
  });
});
