import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { check } from '../../../codegen/graph/check.js';
import { dedupe } from '../../../codegen/graph/dedupe.js';
import { evaluate, evaluator } from '../../../codegen/graph/evaluate.js';
import { floatLaws } from '../../../codegen/graph/laws.js';
import { rewrite } from '../../../codegen/graph/rewrite.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { TensorExpr } from '../../../dsl/expr.js';
import { array, type Kernel, transposed } from '../../../dsl/index.js';
import { input, map, reduce, dot } from '../../../dsl/ops.js';
import { arg, binary, lit } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { nodesOf } from '../../../dsl/walk.js';
import { caseOf, programs } from '../stream/programs.js';
import * as columns from '../stream/kernels/columns.js';
import * as general from '../stream/kernels/general.js';
import * as masks from '../stream/kernels/masks.js';
import * as scorers from '../stream/kernels/scorers.js';
import * as statistics from '../stream/kernels/statistics.js';
import * as variants from '../stream/kernels/variants.js';

type Results = Readonly<Record<string, Float64Array>>;
type AnyKernel = Kernel<(...xs: never[]) => never>;
const kernels = Object.entries({ ...columns, ...general, ...masks, ...scorers, ...statistics, ...variants }) as unknown as readonly (readonly [string, AnyKernel])[];
const defs = programs('columns', 'general', 'masks', 'scorers', 'statistics', 'variants');

/** The author's own function on the case's inputs. */
function interpreted(kernel: AnyKernel, def: KernelDef, c: ReturnType<typeof caseOf>): Results {
  const inputs = Object.fromEntries(def.params.map((p) => [p.name, array(c.inputs[p.name] ?? [], { axes: p.order, shape: p.order.map((a) => c.sizes[a] ?? 0), dtype: p.dtype })]));
  const out: unknown = kernel.reference(inputs as never, { sizes: c.sizes });
  const results = def.results.length === 1 && def.results[0]?.name === 'out' ? { out } : out;
  return Object.fromEntries(def.results.map((r) => [r.name, (transposed((results as Record<string, never>)[r.name] as never, [...r.order] as never) as unknown as { data: Float64Array }).data]));
}

describe('two readings of one source: the graph means what the arrow computes, bit for bit', () => {
  describe.each(kernels)('%s', (name, kernel) => {
    const def = defs.get(name);
    if (!def) throw new Error(`no kernel ${name}`);
    property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 4 })('as read', (seed) => {
      const c = caseOf(def, seed);
      expect(evaluate(def, c.inputs, c.sizes)).toEqual(interpreted(kernel, def, c));
    });
    property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 2 })('deduplicated and under the laws', (seed) => {
      const c = caseOf(def, seed);
      const simpler = rewrite(dedupe(def), floatLaws);
      check(simpler, 'laws');
      expect(evaluate(simpler, c.inputs, c.sizes)).toEqual(interpreted(kernel, def, c));
    });
  });
});

const x = input('x', 'f32', ['q', 'k'], nowhere);
const def = (value: TensorExpr, params: readonly TensorExpr[] = [x]): KernelDef => ({
  name: 'test', variant: '', file: 'test.ts', sizes: { q: { kind: 'dynamic' }, k: { kind: 'dynamic' } }, dtypes: {}, span: nowhere,
  params: params.flatMap((p) => (p.kind === 'input' ? [{ name: p.name, dtype: p.dtype, order: p.axes, span: nowhere }] : [])),
  results: [{ name: 'out', dtype: value.dtype, order: value.axes, value, span: nowhere }],
});

describe('dedupe', () => {
  test('makes equal nodes one, whatever their spans', () => {
    const squares = (line: number): TensorExpr => map(binary('mul', arg(0), arg(0)), [x], { ...nowhere, line });
    const twice = map(binary('add', arg(0), arg(1)), [squares(1), squares(2)], nowhere);
    const [result] = dedupe(def(twice)).results;
    expect(result && nodesOf([result.value]).length).toBe(3);
  });
  test('tells −0 from 0', () => {
    const plus = (v: number): TensorExpr => map(binary('add', arg(0), lit(v)), [x], nowhere);
    const both = map(binary('add', arg(0), arg(1)), [plus(0), plus(-0)], nowhere);
    const [result] = dedupe(def(both)).results;
    expect(result && nodesOf([result.value]).length).toBe(4);
  });
  test('returns the same object when nothing is twice', () => {
    const d = def(reduce('sum', x, 'k', nowhere));
    expect(dedupe(d)).toBe(d);
  });
});

describe('check names stage and line', () => {
  const span = { ...nowhere, file: 'author.ts', line: 7, text: 'sum(x, "k")' };
  test.each([
    ['axes that do not follow from the operands', { ...reduce('sum', x, 'k', span), axes: ['q', 'k'] }, /has axes \[q, k\], its operands give \[q\]/],
    ['a dtype that does not', { ...reduce('sum', x, 'k', span), dtype: 'i32' as const }, /is i32, its operands give f32/],
    ['an operand that is not there', { ...map(arg(0), [x], span), fn: arg(1) }, /reads operand 1 of 1/],
    ['a carry outside its fold', { kind: 'carry' as const, name: 'm', dtype: 'f32' as const, axes: ['q'], span }, /carry 'm' is read outside its fold/],
  ])('%s', (_, value, message) => {
    expect(() => check(def(value), 'stream')).toThrow(message);
    expect(() => check(def(value), 'stream')).toThrow(/after stage 'stream'.*\n.*author\.ts:7/);
  });
  test('an input that is no parameter', () => {
    expect(() => check(def(x, []), 'source')).toThrow(/input 'x' is no parameter/);
  });
});

describe('evaluate', () => {
  test('refuses what it is not given', () => {
    expect(() => evaluator({}, { q: 1, k: 1 })(x)).toThrow(/input 'x'/);
    expect(() => evaluator({ x: { axes: ['q', 'k'], data: new Float64Array(1) } }, { q: 1 })(dot(x, x, 'k', nowhere))).toThrow(/k is not given/);
  });
  test('rounds at casts in rounded mode only', () => {
    const value: TensorExpr = { kind: 'cast', arg: x, dtype: 'bf16', axes: x.axes, span: nowhere };
    const inputs = { x: Float64Array.of(1.001) };
    const sizes = { q: 1, k: 1 };
    expect(evaluate(def(value), inputs, sizes).out).toEqual(inputs.x);
    expect(evaluate(def(value), inputs, sizes, { mode: 'rounded' }).out).toEqual(Float64Array.of(1));
  });
});
