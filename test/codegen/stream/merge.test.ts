import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { evaluator, type Block } from '../../../codegen/graph/evaluate.js';
import { stream } from '../../../codegen/stream/derive.js';
import { mergeOf } from '../../../codegen/stream/merge.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { Fold, TensorExpr } from '../../../dsl/expr.js';
import { nodesOf } from '../../../dsl/walk.js';
import { caseOf, programs, randomBlocks, type Case } from './programs.js';

const suite = programs('masks', 'variants', 'statistics', 'general');
const streamed = [...suite].map(([name, def]) => [name, stream(def)] as const);
/** A finished fold over the same axis inside another would be cut by this test too, where a compiler cuts one loop. */
const isAlone = (fold: Fold): boolean => nodesOf([...fold.loop.states.map((s) => s.block), ...fold.loop.references.map((r) => r.next)]).every((e) => e.kind !== 'fold' || e.loop.axis !== fold.loop.axis);
/** The outermost fold of each result. */
const cases = streamed.flatMap(([name, def]) => def.results.flatMap((r) => nodesOf([r.value]).filter((e): e is Fold => e.kind === 'fold').slice(-1).filter(isAlone).map((fold) => [`${name}.${r.name}`, def, fold] as const)));

const named = (def: KernelDef, c: Case) => Object.fromEntries(def.params.map((p) => [p.name, { axes: p.order, data: c.inputs[p.name] ?? new Float64Array() }]));
const whole = (_: string, size: number): readonly Block[] => (size > 0 ? [{ from: 0, size }] : []);

/** The fold's result when its axis is cut into parts that are folded apart, then merged in random groups and order. */
function inParts(def: KernelDef, fold: Fold, c: Case, seed: number, reversed: boolean): Float64Array {
  const { loop } = fold;
  const merge = mergeOf(loop, 'part', (carry) => `part ${carry.name}`);
  const parts = randomBlocks(seed)(loop.axis, c.sizes[loop.axis] ?? 0);
  const ordered = reversed ? [...parts].reverse() : parts;
  const folded = ordered.map((part) => evaluator(named(def, c), c.sizes, { blocks: (axis, size) => (axis === loop.axis ? [part] : whole(axis, size)) }));
  const partials = Object.fromEntries(merge.partials.map(({ carry, input }) => {
    const last: TensorExpr = { kind: 'fold', loop, result: carry, axes: carry.axes, dtype: carry.dtype, span: carry.span };
    const values = folded.map((value) => value(last).data);
    const rows = values[0]?.length ?? 0;
    return [input.name, { axes: input.axes, data: Float64Array.from({ length: rows * values.length }, (_, i) => values[i % values.length]?.[Math.floor(i / values.length)] ?? NaN) }];
  }));
  const sizes = { ...c.sizes, part: parts.length };
  const joined: Fold = { ...fold, loop: merge.loop };
  return evaluator({ ...named(def, c), ...partials }, sizes, { blocks: (axis, size) => (axis === 'part' ? randomBlocks(seed + 1)(axis, size) : whole(axis, size)) })(joined).data;
}

describe.each(cases)('%s', (_, def, fold) => {
  property.prop([fc.integer({ min: 0, max: 10_000 }), fc.boolean()], { numRuns: 8 })('any partition, grouping and order of parts merges to the whole', (seed, reversed) => {
    const c = caseOf(def, seed);
    const direct = evaluator(named(def, c), c.sizes)(fold).data;
    expect(inParts(def, fold, c, seed, reversed)).toBeWithin(direct.map((x) => 1e-11 * Math.max(1, Math.abs(x))), direct);
  });
});
