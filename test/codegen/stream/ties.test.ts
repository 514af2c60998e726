import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { disagreement } from '../../../codegen/stream/agreement.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { FoldLoop } from '../../../dsl/expr.js';
import { rebuilder } from '../../../dsl/walk.js';
import { programs } from './programs.js';

const suite = programs('ties');
const withLoops = (def: KernelDef, change: (l: FoldLoop) => FoldLoop): KernelDef => {
  const loops = new Map<FoldLoop, FoldLoop>();
  const changed = (l: FoldLoop): FoldLoop => {
    const made = loops.get(l) ?? change(l);
    loops.set(l, made);
    return made;
  };
  const go = rebuilder((e) => (e.kind === 'fold' ? { ...e, loop: changed(e.loop) } : e));
  return { ...def, results: def.results.map((r) => ({ ...r, value: go(r.value) })) };
};

describe.each([...suite])('%s: a comparison that ties', (_name, def) => {
  test('compiles', () => {
    expect(() => stream(def)).not.toThrow();
  });

  const streamed = stream(def, false);
  property.prop([fc.nat()], { numRuns: 30 })('is no disagreement, whatever the blocks', (seed) => {
    expect(disagreement(def, streamed, seed)).toBeLessThan(1e-9);
  });

  test.each([
    ['a sum that is not moved', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s) => ({ ...s, moved: s.carry })) })],
    ['a sum that starts at 1', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s) => ({ ...s, init: s.init + 1 })) })],
  ])('hides no mistake: %s', (_, change) => {
    const broken = withLoops(streamed, change);
    expect(Array.from({ length: 12 }, (_, seed) => disagreement(def, broken, seed)).some((off) => off > 1e-3)).toBe(true);
  });
});
