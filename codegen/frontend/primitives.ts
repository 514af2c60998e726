import { type DType, dtypes } from '../../dsl/dtype.js';
import type { Axis, Cast, ReduceOp, TensorExpr } from '../../dsl/expr.js';
import * as ops from '../../dsl/ops.js';
import { arg, type Scalar } from '../../dsl/scalar.js';
import { nowhere, type Span } from '../../dsl/span.js';
import { derive, describeRule, lengthOf, type Lengths, notAlone, ruleOf } from './lengths.js';
import { refusal } from './messages.js';
import { constantNumber, describe, type Value } from './values.js';

/** The functions that the language cannot say in itself, as dsl/tensor.ts declares them. */
export type Primitive = 'map' | 'dot' | 'sum' | 'max' | 'min' | 'gather' | 'topk' | 'tabulate' | 'rename' | 'split' | 'merge' | 'cast' | 'sizeOf';

/** A call of a primitive: its evaluated arguments, where it and they stand, and how to call an arrow. */
export interface PrimitiveCall {
  readonly name: Primitive;
  readonly args: readonly Value[];
  readonly span: Span;
  readonly places: readonly Span[];
  readonly lengths: Lengths;
  readonly apply: (f: Value, args: readonly Value[], span: Span) => Value;
}

const reduction = (op: ReduceOp) => (c: PrimitiveCall): Value => {
  const [x, axis] = [tensorAt(c, 0), axisAt(c, 1)];
  notAlone(c.lengths, op, axis, c.span);
  return tensor(ops.reduce(op, x, axis, c.span));
};

const table: Readonly<Record<Primitive, (c: PrimitiveCall) => Value>> = {
  map: (c) => {
    const args = c.args.slice(0, -1).map((_, i) => tensorAt(c, i));
    const axes = ops.unionAxes(...args.map((a) => a.axes));
    return tensor(asNumbers(ops.map(perElement(c, c.args.length - 1, args.map((_, i) => arg(i)), axes), args, c.span, axes)));
  },
  dot: (c) => {
    const [a, b, over] = [tensorAt(c, 0), tensorAt(c, 1), axisAt(c, 2)];
    notAlone(c.lengths, 'dot', over, c.span);
    return tensor(ops.dot(a, b, over, c.span));
  },
  sum: reduction('sum'),
  max: reduction('max'),
  min: reduction('min'),
  gather: (c) => {
    const [from, over, index] = [tensorAt(c, 0), axisAt(c, 1), tensorAt(c, 2)];
    notAlone(c.lengths, 'gather', over, c.span);
    const outside = c.args[3] === undefined || c.args[3].kind === 'undefined' ? 0 : constantAt(c, 3, 'the value outside');
    return tensor(ops.gather(from, over, index, outside, c.span));
  },
  topk: (c) => {
    const [x, over, count, as] = [tensorAt(c, 0), axisAt(c, 1), numberAt(c, 2), axisAt(c, 3)];
    notAlone(c.lengths, 'topk', over, c.span);
    if (count.kind === 'lit') derive(c.lengths, 'topk', 'count', { kind: 'fixed', size: positive(c, count.value, 2) }, as, c.span);
    else if (count.kind !== 'size' || count.axis !== as) throw refusal('F067', placeAt(c, 2), [as]);
    return tensor(ops.topk(x, over, count, as, c.span));
  },
  tabulate: (c) => {
    const axes = axesAt(c, 0);
    for (const axis of axes) ruleOf(c.lengths, axis, placeAt(c, 0));
    const made = ops.map(perElement(c, 1, [], axes), [], c.span, axes);
    if (made.dtype !== 'i32') throw refusal('F069', placeAt(c, 1), []);
    return tensor(made);
  },
  rename: (c) => {
    const [x, from, to] = [tensorAt(c, 0), axisAt(c, 1), axisAt(c, 2)];
    notAlone(c.lengths, 'rename', from, c.span);
    const made = ops.reaxis(x, { kind: 'rename', from, to }, c.span);
    derive(c.lengths, 'rename', from, ruleOf(c.lengths, from, c.span), to, c.span);
    return tensor(made);
  },
  split: (c) => {
    const [x, from, outer, inner] = [tensorAt(c, 0), axisAt(c, 1), axisAt(c, 2), axisAt(c, 3)];
    notAlone(c.lengths, 'split', from, c.span);
    const size = positive(c, constantAt(c, 4, 'the inner size'), 4);
    const made = ops.reaxis(x, { kind: 'split', from, outer, inner, size }, c.span);
    const rule = ruleOf(c.lengths, from, c.span);
    if (rule.kind === 'fixed' && rule.size % size !== 0) throw refusal('T034', c.span, [from, rule.size, size]);
    derive(c.lengths, 'split', 'inner size', { kind: 'fixed', size }, inner, c.span);
    derive(c.lengths, 'split', from, rule.kind === 'fixed' ? { kind: 'fixed', size: rule.size / size } : { kind: 'dynamic' }, outer, c.span);
    return tensor(made);
  },
  merge: (c) => {
    const [x, outer, inner, to] = [tensorAt(c, 0), axisAt(c, 1), axisAt(c, 2), axisAt(c, 3)];
    for (const axis of [outer, inner]) notAlone(c.lengths, 'merge', axis, c.span);
    const rule = ruleOf(c.lengths, inner, c.span);
    if (rule.kind !== 'fixed') throw refusal('F066', c.span, ['merge', `the size of '${inner}' (${describeRule(rule)})`]);
    const made = ops.reaxis(x, { kind: 'merge', outer, inner, size: rule.size, to }, c.span);
    const outerRule = ruleOf(c.lengths, outer, c.span);
    derive(c.lengths, 'merge', outer, outerRule.kind === 'fixed' ? { kind: 'fixed', size: outerRule.size * rule.size } : { kind: 'dynamic' }, to, c.span);
    return tensor(made);
  },
  cast: (c) => {
    const [dtype, x] = [dtypeAt(c, 0), tensorAt(c, 1)];
    return tensor(ops.cast(dtype, isAsNumbers(x) ? x.arg : x, c.span));
  },
  sizeOf: (c) => ({ kind: 'number', scalar: lengthOf(c.lengths, axisAt(c, 0), c.span) }),
};

export const isPrimitive = (name: string): name is Primitive => Object.hasOwn(table, name);

/** The graph node, or the length, that a call stands for. Throws T codes from the constructors and F codes for arguments of the wrong kind. */
export const callPrimitive = (c: PrimitiveCall): Value => table[c.name](c);

const tensor = (expr: TensorExpr): Value => ({ kind: 'tensor', expr });

/** A map yields f32 for its author, whatever the compiler may compute it in: integral scalar code is i32 until here. */
const asNumbers = (made: TensorExpr): TensorExpr => (made.dtype === 'i32' ? ops.cast('f32', made, made.span) : made);
/** What {@link asNumbers} added: an author's cast takes the integers directly. */
const isAsNumbers = (x: TensorExpr): x is Cast => x.kind === 'cast' && x.dtype === 'f32' && x.arg.kind === 'map' && x.arg.dtype === 'i32' && x.span === x.arg.span;

/** The arrow at argument `i` read for one element: operands by position, then the positions. */
function perElement(c: PrimitiveCall, i: number, operands: readonly Scalar[], axes: readonly Axis[]): Scalar {
  const f = c.args[i];
  if (f?.kind !== 'function' && f?.kind !== 'builtin') throw misplaced(c, i, 'an arrow (x, at) => …');
  const args: readonly Value[] = [...operands.map((scalar): Value => ({ kind: 'number', scalar })), { kind: 'positions', axes }];
  const made = c.apply(f, args, placeAt(c, i));
  if (made.kind !== 'number') throw refusal('F061', placeAt(c, i), [c.name, describe(made)]);
  return made.scalar;
}

function tensorAt(c: PrimitiveCall, i: number): TensorExpr {
  const v = c.args[i];
  if (v?.kind !== 'tensor') throw misplaced(c, i, 'a tensor');
  return v.expr;
}

function axisAt(c: PrimitiveCall, i: number): Axis {
  const v = c.args[i];
  if (v?.kind !== 'string') throw misplaced(c, i, "an axis name, as in 'k'");
  return v.text;
}

function axesAt(c: PrimitiveCall, i: number): readonly Axis[] {
  const v = c.args[i];
  if (v?.kind !== 'list') throw misplaced(c, i, "a list of axis names, as in ['q', 'k']");
  return v.items.map((item) => {
    if (item.kind !== 'string') throw refusal('F060', placeAt(c, i), [c.name, 'an axis', describe(item), "an axis name, as in 'k'"]);
    return item.text;
  });
}

function dtypeAt(c: PrimitiveCall, i: number): DType {
  const v = c.args[i];
  const dtype = v?.kind === 'string' ? dtypes.find((d) => d === v.text) : undefined;
  if (!dtype) throw misplaced(c, i, "'f32', 'f16', 'bf16', 'f8e4m3', 'i32' or x.dtype", dtypes);
  return dtype;
}

function numberAt(c: PrimitiveCall, i: number): Scalar {
  const v = c.args[i];
  if (v?.kind !== 'number') throw misplaced(c, i, 'a number');
  return v.scalar;
}

function constantAt(c: PrimitiveCall, i: number, what: string): number {
  numberAt(c, i);
  const value = constantNumber(c.args[i]);
  if (value === undefined) throw refusal('F066', placeAt(c, i), [c.name, what]);
  return value;
}

function positive(c: PrimitiveCall, value: number, i: number): number {
  if (!Number.isInteger(value) || value < 1) throw misplaced(c, i, 'a positive integer');
  return value;
}

const placeAt = (c: PrimitiveCall, i: number): Span => c.places[i] ?? c.span;
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

function misplaced(c: PrimitiveCall, i: number, needed: string, known: readonly string[] = []): Error {
  return refusal('F060', placeAt(c, i), [c.name, `the ${ordinals[i] ?? 'last'} argument`, describe(c.args[i] ?? { kind: 'undefined' }), needed, known]);
}

/** Whether a scalar was made by a primitive for an arrow that has not named it yet. */
export const isUnplaced = (s: Scalar): boolean => s.kind === 'arg' && s.span === nowhere;
