import { CompileError } from './diagnostic.js';
import type { DType } from './dtype.js';
import type { Axis, Cast, Dot, Gather, Input, MapExpr, ReaxisHow, Reduce, ReduceOp, TensorExpr, TopK } from './expr.js';
import { didYouMean } from './nearest.js';
import { isIntegral, type Scalar } from './scalar.js';
import type { Span } from './span.js';

// One constructor per node kind: the axis and dtype rules stand here once, for the front-end and the passes.

/** What a tensor is called in messages: its binding, or its source text. */
const called = (e: TensorExpr): string => (e.kind === 'input' ? e.name : (e.span.binding ?? (e.span.text || e.kind)));
const list = (axes: readonly Axis[]): string => `[${axes.join(', ')}]`;
/** Axes of all, in order of first appearance. */
export const unionAxes = (...sets: readonly (readonly Axis[])[]): readonly Axis[] => [...new Set(sets.flat())];
const without = (axes: readonly Axis[], gone: Axis): readonly Axis[] => axes.filter((a) => a !== gone);

function needsAxis(op: string, e: TensorExpr, axis: Axis, span: Span): void {
  if (!e.axes.includes(axis)) throw new CompileError('T012', `${op} over '${axis}': \`${called(e)}\` has axes ${list(e.axes)}, no '${axis}'${didYouMean(axis, e.axes)}`, span);
}

/** A kernel's parameter. @throws CompileError T010 when an axis stands twice. */
export function input(name: string, dtype: DType, axes: readonly Axis[], span: Span): Input {
  const twice = axes.find((a, i) => axes.indexOf(a) !== i);
  if (twice !== undefined) throw new CompileError('T010', `\`${name}\` has axis '${twice}' twice; give one of them another name`, span);
  return { kind: 'input', name, dtype, axes, span };
}

/** Element-wise `fn` over the union of the operands' axes; positions read must be among them. */
export function map(fn: Scalar, args: readonly TensorExpr[], span: Span, axes: readonly Axis[] = unionAxes(...args.map((a) => a.axes))): MapExpr {
  const integral = isIntegral(fn, (i) => args[i]?.dtype === 'i32');
  return { kind: 'map', fn, args, dtype: integral ? 'i32' : 'f32', axes, span };
}

/** `op` along one axis. i32 stays i32, all else becomes f32. @throws CompileError T012 when `arg` lacks the axis. */
export function reduce(op: ReduceOp, arg: TensorExpr, axis: Axis, span: Span): Reduce {
  needsAxis(op, arg, axis, span);
  return { kind: 'reduce', op, axis, arg, dtype: arg.dtype === 'i32' ? 'i32' : 'f32', axes: without(arg.axes, axis), span };
}

/** Σ over one axis of lhs·rhs, in f32. @throws CompileError T012 when one of them lacks the axis, T013 for two dtypes, T014 for i32 and f8e4m3. */
export function dot(lhs: TensorExpr, rhs: TensorExpr, over: Axis, span: Span): Dot {
  needsAxis('dot', lhs, over, span);
  needsAxis('dot', rhs, over, span);
  if (lhs.dtype !== rhs.dtype) throw new CompileError('T013', `dot over '${over}': \`${called(lhs)}\` is ${lhs.dtype}, \`${called(rhs)}\` is ${rhs.dtype}; cast one of them`, span);
  if (lhs.dtype === 'i32') throw new CompileError('T014', `dot over '${over}': \`${called(lhs)}\` is i32; dot multiplies f32, f16 or bf16`, span);
  if (lhs.dtype === 'f8e4m3') throw new CompileError('T014', `dot over '${over}': \`${called(lhs)}\` is f8e4m3, which only stores; cast both operands to f32, f16 or bf16`, span);
  return { kind: 'dot', over, lhs, rhs, dtype: 'f32', axes: without(unionAxes(lhs.axes, rhs.axes), over), span };
}

/** `from` at the positions in `index`. @throws CompileError T012 when `from` lacks the axis, T015 when `index` is not i32. */
export function gather(from: TensorExpr, axis: Axis, index: TensorExpr, outside: number, span: Span): Gather {
  needsAxis('gather', from, axis, span);
  if (index.dtype !== 'i32') throw new CompileError('T015', `gather over '${axis}': the index \`${called(index)}\` is ${index.dtype}, it must be i32`, span);
  return { kind: 'gather', axis, from, index, outside, dtype: from.dtype, axes: unionAxes(without(from.axes, axis), index.axes), span };
}

/** Positions of the `count` largest, on an axis of their own. @throws CompileError T012 when `arg` lacks the axis, T016 when it has `as` already. */
export function topk(arg: TensorExpr, axis: Axis, count: Scalar, as: Axis, span: Span): TopK {
  needsAxis('topk', arg, axis, span);
  if (arg.axes.includes(as)) throw new CompileError('T016', `topk over '${axis}': \`${called(arg)}\` already has axis '${as}'; name the result's axis differently`, span);
  return { kind: 'topk', axis, count, as, arg, dtype: 'i32', axes: [...without(arg.axes, axis), as], span };
}

/** The same elements under other axes. @throws CompileError T012 when `arg` lacks an axis, T017 when a new one is there already. */
export function reaxis(arg: TensorExpr, how: ReaxisHow, span: Span): TensorExpr {
  return { kind: 'reaxis', how, arg, dtype: arg.dtype, axes: reaxisAxes(arg, how, span), span };
}

function reaxisAxes(arg: TensorExpr, how: ReaxisHow, span: Span): readonly Axis[] {
  switch (how.kind) {
    case 'rename':
      needsAxis('rename', arg, how.from, span);
      fresh('rename', arg.axes, how.to, arg, span);
      return arg.axes.map((a) => (a === how.from ? how.to : a));
    case 'split':
      needsAxis('split', arg, how.from, span);
      fresh('split', without([...arg.axes, how.inner], how.from), how.outer, arg, span);
      fresh('split', without(arg.axes, how.from), how.inner, arg, span);
      return arg.axes.flatMap((a) => (a === how.from ? [how.outer, how.inner] : [a]));
    case 'merge':
      needsAxis('merge', arg, how.outer, span);
      needsAxis('merge', arg, how.inner, span);
      fresh('merge', without(without(arg.axes, how.outer), how.inner), how.to, arg, span);
      return without(arg.axes, how.inner).map((a) => (a === how.outer ? how.to : a));
    default: return how satisfies never;
  }
}

/** `axis` must not be among the axes that stay. */
function fresh(op: string, kept: readonly Axis[], axis: Axis, e: TensorExpr, span: Span): void {
  if (kept.includes(axis)) throw new CompileError('T017', `${op}: \`${called(e)}\` already has axis '${axis}'`, span);
}

/** `arg` rounded to `dtype`. */
export function cast(dtype: DType, arg: TensorExpr, span: Span): Cast {
  return { kind: 'cast', arg, dtype, axes: arg.axes, span };
}
