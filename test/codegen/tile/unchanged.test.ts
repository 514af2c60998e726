import { describe, expect, test } from 'vitest';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import type { Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { keepsStates, leavesStates } from '../../../codegen/tile/unchanged.js';
import { binary, lit, mapScalar, pos, type Scalar } from '../../../dsl/scalar.js';
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
