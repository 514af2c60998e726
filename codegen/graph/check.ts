import type { KernelDef } from '../../dsl/definition.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, Fold, TensorExpr } from '../../dsl/expr.js';
import { cast, dot, gather, map, reaxis, reduce, topk } from '../../dsl/ops.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf, reads } from '../../dsl/walk.js';
import { widens } from './widen.js';

/**
 * Holds a graph to the rules of its constructors after `stage`: axes and dtypes follow from the operands, operands and
 * positions exist, carries stand inside their fold, results fill their order. Throws an internal error that names the
 * stage, the node and the author's line: a failure here is a bug of the compiler.
 */
export function check(def: KernelDef, stage: string, shared?: Axis): void {
  const roots = def.results.map((r) => r.value);
  for (const e of nodesOf(roots)) {
    checkNode(e, stage);
    for (const axis of e.axes) if (!(axis in def.sizes)) fail(stage, e.span, `${e.kind} has axis '${axis}', which the kernel does not declare`);
    if (e.kind === 'input' && !def.params.some((p) => p.name === e.name && sameSet(p.order, e.axes) && (p.dtype === e.dtype || widens(p.dtype, e.dtype)))) fail(stage, e.span, `input '${e.name}' is no parameter`);
  }
  for (const r of def.results) {
    // Every block that shares an axis stores at its own position.
    if (!sameSet(r.order.filter((a) => a !== shared), r.value.axes)) fail(stage, r.span, `result '${r.name}' has order [${r.order.join(', ')}], its value axes [${r.value.axes.join(', ')}]`);
    if (r.dtype !== r.value.dtype) fail(stage, r.span, `result '${r.name}' is ${r.dtype}, its value ${r.value.dtype}`);
  }
  checkCarries(roots, stage);
}

function checkNode(e: TensorExpr, stage: string): void {
  const expected = rebuilt(e, stage);
  if (!sameSet(expected.axes, e.axes)) fail(stage, e.span, `${e.kind} has axes [${e.axes.join(', ')}], its operands give [${expected.axes.join(', ')}]`);
  if (expected.dtype !== e.dtype) fail(stage, e.span, `${e.kind} is ${e.dtype}, its operands give ${expected.dtype}`);
}

/** `e` as its constructor makes it from the operands it has. */
function rebuilt(e: TensorExpr, stage: string): TensorExpr {
  try {
    switch (e.kind) {
      case 'input': case 'carry': return e;
      case 'map': return checkedMap(e, stage);
      case 'reduce': return reduce(e.op, e.arg, e.axis, e.span);
      case 'dot': return dot(e.lhs, e.rhs, e.over, e.span);
      case 'gather': return gather(e.from, e.axis, e.index, e.outside, e.span);
      case 'topk': return topk(e.arg, e.axis, e.count, e.as, e.span);
      case 'reaxis': return reaxis(e.arg, e.how, e.span);
      case 'cast': return cast(e.dtype, e.arg, e.span);
      case 'fold': return checkedFold(e, stage);
      default: return e satisfies never;
    }
  } catch (error) {
    if (error instanceof CompileError) fail(stage, e.span, error.message);
    throw error;
  }
}

function checkedMap(e: TensorExpr & { readonly kind: 'map' }, stage: string): TensorExpr {
  const missing = e.args.flatMap((a) => a.axes).find((a) => !e.axes.includes(a));
  if (missing !== undefined) fail(stage, e.span, `map has axes [${e.axes.join(', ')}], an operand also '${missing}'`);
  checkScalar(e.fn, e.args.length, e.axes, (why) => fail(stage, e.span, why));
  return map(e.fn, e.args, e.span, e.axes);
}

function checkScalar(s: Scalar, operands: number, axes: readonly Axis[], bad: (why: string) => never): void {
  if (s.kind === 'arg' && s.index >= operands) bad(`map reads operand ${s.index} of ${operands}`);
  if (s.kind === 'pos' && !axes.includes(s.axis)) bad(`map reads the position on '${s.axis}' and has axes [${axes.join(', ')}]`);
  for (const child of scalarChildren(s)) checkScalar(child, operands, axes, bad);
}

function checkedFold(e: Fold, stage: string): TensorExpr {
  const { axis, references, states } = e.loop;
  const names = [...references, ...states].map((r) => r.carry.name);
  const twice = names.find((n, i) => names.indexOf(n) !== i);
  if (twice !== undefined) fail(stage, e.span, `fold over '${axis}' has two states named '${twice}'`);
  const steps: readonly (readonly [TensorExpr, TensorExpr])[] = [
    ...references.map((r) => [r.carry, r.next] as const),
    ...states.flatMap((s) => [[s.carry, s.moved] as const, [s.carry, s.block] as const]),
  ];
  for (const [carry, step] of steps) {
    if (carry.kind === 'carry' && carry.axes.includes(axis)) fail(stage, e.span, `state '${carry.name}' varies along the fold's axis '${axis}'`);
    const name = carry.kind === 'carry' ? carry.name : carry.kind;
    if (!sameSet(carry.axes, step.axes) || carry.dtype !== step.dtype) {
      fail(stage, e.span, `state '${name}' is ${carry.dtype} [${carry.axes.join(', ')}], its step ${step.dtype} [${step.axes.join(', ')}]`);
    }
  }
  return { ...e, axes: e.result.axes, dtype: e.result.dtype };
}

/** Every carry stands inside a fold that declares it. */
function checkCarries(roots: readonly TensorExpr[], stage: string): void {
  const seen = new Map<TensorExpr, readonly string[]>();
  /** Names of carries that `e` reads from folds around it. */
  const free = (e: TensorExpr): readonly string[] => {
    const before = seen.get(e);
    if (before) return before;
    const inner = e.kind === 'carry' ? [e.name] : reads(e).flatMap(free);
    const own = e.kind === 'fold' ? [...e.loop.references, ...e.loop.states].map((s) => s.carry.name) : [];
    const names = [...new Set(inner)].filter((n) => !own.includes(n));
    seen.set(e, names);
    return names;
  };
  for (const root of roots) {
    const [stray] = free(root);
    if (stray !== undefined) fail(stage, root.span, `carry '${stray}' is read outside its fold`);
  }
}

const sameSet = (a: readonly Axis[], b: readonly Axis[]): boolean => a.length === b.length && a.every((x) => b.includes(x));

function fail(stage: string, span: Span, why: string): never {
  throw new Error(`internal error after stage '${stage}': ${why}\n  at ${span.file}:${span.line}:${span.column}  ${span.text}`);
}
