import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import { stream } from '../../../codegen/stream/derive.js';
import { sharesAsPowers } from '../../../codegen/stream/shares.js';
import { tensorSign } from '../../../codegen/stream/sign.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { Fold, TensorExpr } from '../../../dsl/expr.js';
import { printKernel } from '../../../dsl/print.js';
import { nodesOf, rebuilder } from '../../../dsl/walk.js';
import { caseOf, programs } from './programs.js';

const suite = programs('windowed');
const streamed = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return stream(def);
};
const folds = (def: KernelDef): readonly Fold[] => nodesOf(def.results.map((r) => r.value)).filter((e): e is Fold => e.kind === 'fold');

describe.each(['windowedOne', 'windowedEight', 'windowedAll'])('shares in %s', (name) => {
  const def = streamed(name);
  const powers = sharesAsPowers(def);
  test('are powers of 2 without a division per element', () => {
    expect(printKernel(def)).toMatch(/\w_\d \/ l$/m);
    expect(printKernel(powers)).not.toMatch(/\w_\d \/ l$/m);
    expect(printKernel(powers)).toContain('l === 0 ? ∞ : m + log2(l)');
  });

  // In float64: scores of up to 4·4·32/4 are off by that many roundings under an exponential, and so is what is summed.
  const share = 2 ** -52 * 2 * (4 * 4 * 32 / 4 + 32);
  property.prop([fc.nat(10_000), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })], { numRuns: 40 })('are the same numbers, and 0 for rows that see nothing', (seed, w, k) => {
    const c = caseOf(def, seed, { w, k });
    const [before, after] = [evaluate(def, c.inputs, c.sizes), evaluate(powers, c.inputs, c.sizes)];
    for (const [i, x] of (before.column ?? []).entries()) {
      const y = after.column?.[i] ?? Number.NaN;
      expect(Math.abs(x - y)).toBeLessThanOrEqual(share * (c.sizes.w ?? 1));
      if (x === 0) expect(y).toBe(0);
    }
    expect(after.lse).toEqual(before.lse);
  });
});

describe('shares stay as they are', () => {
  test('of data as they stand in memory: their difference is exact', () => {
    const data = [...programs('statistics', 'general', 'variants').values()].map((d) => stream(d)).filter((d) => !nodesOf(d.results.map((r) => r.value)).some((e) => e.kind === 'dot'));
    expect(data.some((d) => printKernel(d).includes('=== 0 ? 0 : '))).toBe(true);
    for (const d of data) expect(sharesAsPowers(d)).toBe(d);
  });

  test('of sums that may be negative', () => {
    const def = streamed('windowedAll');
    const signed: KernelDef = { ...def, results: def.results.map((r) => ({ ...r, value: belowZero(r.value) })) };
    expect(sharesAsPowers(signed)).toBe(signed);
  });
});

/** Values with sums that begin below 0. */
const belowZero = rebuilder((e: TensorExpr): TensorExpr => (e.kind === 'fold' ? { ...e, loop: { ...e.loop, states: e.loop.states.map((s) => ({ ...s, init: -1 })) } } : e));

test('sums of exponentials are positive through the walk that adds them up; what is not known is not', () => {
  const def = streamed('windowedAll');
  const sums = folds(def).filter((f) => f.result.kind === 'carry' && f.result.name === 'l');
  expect(sums.map((f) => tensorSign(f))).toEqual(['positive']);
  expect(sums.map((f) => tensorSign(belowZero(f)))).toEqual(['unknown']);
  expect(def.results.map((r) => tensorSign(r.value))).toEqual(['unknown', 'unknown', 'positive']);
});
