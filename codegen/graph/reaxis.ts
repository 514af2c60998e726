import type { KernelDef, ParamDef, ResultDef } from '../../dsl/definition.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, Carry, FoldLoop, ReaxisHow, TensorExpr } from '../../dsl/expr.js';
import { cast, dot, gather, map, reduce, topk } from '../../dsl/ops.js';
import { binary, lit, mapScalar, pos, unary, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf, rebuilder } from '../../dsl/walk.js';

/**
 * `def` without rename, split and merge. At a result they change the axes under which its memory is written; elsewhere
 * they sink to the parameters, whose memory is then read under other axes (a *view*: the same contiguous elements).
 * Views are listed behind the parameters under the same name. Throws L102 where no view says it.
 */
export function resolveReaxis(def: KernelDef): KernelDef {
  if (!nodesOf(def.results.map((r) => r.value)).some((e) => e.kind === 'reaxis')) return def;
  const go = rebuilder((e) => (e.kind === 'reaxis' ? sink(e.arg, e.how, e.span, new Map()) : e));
  const results = def.results.map((r) => {
    const peeled = peel(r);
    return { ...peeled, value: go(peeled.value) };
  });
  return { ...def, params: withViews(def.params, results), results };
}

/** Every order under which a parameter is read, its own first. */
function withViews(params: readonly ParamDef[], results: readonly ResultDef[]): readonly ParamDef[] {
  const views = nodesOf(results.map((r) => r.value)).flatMap((e): readonly ParamDef[] => {
    const of = e.kind === 'input' ? params.find((p) => p.name === e.name) : undefined;
    return of && of.order.join() !== e.axes.join() ? [{ ...of, order: e.axes }] : [];
  });
  const distinct = new Map([...params, ...views].map((p) => [`${p.name}[${p.order.join()}]`, p]));
  return [...distinct.values()];
}

/** merge(x, outer, inner → to) stored over [.. to ..] is x stored over [.. outer, inner ..]; likewise split and rename. */
function peel(r: ResultDef): ResultDef {
  const { value } = r;
  if (value.kind === 'cast' && value.arg.kind === 'reaxis') return peel({ ...r, value: { ...value.arg, arg: cast(value.dtype, value.arg.arg, value.span), dtype: value.dtype } });
  if (value.kind !== 'reaxis') return r;
  const order = orderBefore(r.order, value.how);
  return order ? peel({ ...r, order, value: value.arg }) : r;
}

function orderBefore(order: readonly Axis[], how: ReaxisHow): readonly Axis[] | undefined {
  switch (how.kind) {
    case 'rename': return order.map((a) => (a === how.to ? how.from : a));
    case 'merge': return order.flatMap((a) => (a === how.to ? [how.outer, how.inner] : [a]));
    case 'split': return order[order.indexOf(how.outer) + 1] === how.inner ? order.flatMap((a) => (a === how.outer ? [how.from] : a === how.inner ? [] : [a])) : undefined;
    default: return how satisfies never;
  }
}

/** Axes that go away, and the axes after the change in the place of the first. */
const gone = (how: ReaxisHow): readonly Axis[] => (how.kind === 'merge' ? [how.outer, how.inner] : [how.from]);
const fresh = (how: ReaxisHow): readonly Axis[] => (how.kind === 'split' ? [how.outer, how.inner] : [how.to]);

function axesAfter(axes: readonly Axis[], how: ReaxisHow): readonly Axis[] {
  const [first] = gone(how);
  return axes.flatMap((a) => (a === first ? fresh(how) : gone(how).includes(a) ? [] : [a]));
}

/** `e` under the axes after `how`, computed from parameters under those axes. */
function sink(e: TensorExpr, how: ReaxisHow, span: Span, loops: Map<FoldLoop, FoldLoop>): TensorExpr {
  const had = gone(how).filter((a) => e.axes.includes(a));
  if (had.length === 0) return e;
  const into = (x: TensorExpr): TensorExpr => sink(x, how, span, loops);
  const bound = (axis: Axis): void => { if (fresh(how).includes(axis)) refuse(e, how, span); };
  if (had.length < gone(how).length) return half(e, how, span);
  switch (e.kind) {
    case 'input':
      if (how.kind === 'merge' && e.axes[e.axes.indexOf(how.outer) + 1] !== how.inner) refuse(e, how, span);
      return { ...e, axes: axesAfter(e.axes, how) };
    case 'map': return map(places(e.fn, how), e.args.map(into), e.span, axesAfter(e.axes, how));
    case 'cast': return cast(e.dtype, into(e.arg), e.span);
    case 'reduce': bound(e.axis); return reduce(e.op, into(e.arg), e.axis, e.span);
    case 'dot': bound(e.over); return dot(into(e.lhs), into(e.rhs), e.over, e.span);
    case 'gather': bound(e.axis); return gather(e.from.axes.some((a) => a !== e.axis && gone(how).includes(a)) ? into(e.from) : e.from, e.axis, into(e.index), e.outside, e.span);
    case 'topk':
      bound(e.axis);
      if (gone(how).includes(e.as)) refuse(e, how, span);
      return topk(into(e.arg), e.axis, e.count, e.as, e.span);
    case 'carry': return { ...e, axes: axesAfter(e.axes, how) };
    case 'fold': {
      bound(e.loop.axis);
      const loop = loops.get(e.loop) ?? sunkLoop(e.loop, into);
      loops.set(e.loop, loop);
      const result = into(e.result);
      return { ...e, loop, result, axes: result.axes };
    }
    case 'reaxis': return sink(sink(e.arg, e.how, e.span, loops), how, span, loops);
    default: return e satisfies never;
  }
}

function sunkLoop(loop: FoldLoop, into: (e: TensorExpr) => TensorExpr): FoldLoop {
  const carry = (c: Carry): Carry => {
    const made = into(c);
    if (made.kind !== 'carry') throw new Error('a carry under other axes is a carry');
    return made;
  };
  return {
    ...loop,
    references: loop.references.map((r) => ({ ...r, carry: carry(r.carry), next: into(r.next) })),
    states: loop.states.map((s) => ({ ...s, carry: carry(s.carry), moved: into(s.moved), block: into(s.block) })),
  };
}

/** merge of a tensor that has only one of the two axes: its element at to / size or to % size. */
function half(e: TensorExpr, how: ReaxisHow, span: Span): TensorExpr {
  if (how.kind !== 'merge' || e.kind === 'carry') return refuse(e, how, span);
  const [axis, place] = e.axes.includes(how.outer)
    ? [how.outer, unary('floor', binary('div', pos(how.to, span), lit(how.size, span)))]
    : [how.inner, binary('rem', pos(how.to, span), lit(how.size, span))];
  return gather(e, axis, map(place, [], span, [how.to]), 0, span);
}

function places(s: Scalar, how: ReaxisHow): Scalar {
  if (s.kind !== 'pos' || !gone(how).includes(s.axis)) return mapScalar(s, (c) => places(c, how));
  switch (how.kind) {
    case 'rename': return pos(how.to, s.span);
    case 'split': return binary('add', binary('mul', pos(how.outer, s.span), lit(how.size, s.span)), pos(how.inner, s.span));
    case 'merge': return s.axis === how.outer ? unary('floor', binary('div', pos(how.to, s.span), lit(how.size, s.span))) : binary('rem', pos(how.to, s.span), lit(how.size, s.span));
    default: return how satisfies never;
  }
}

function refuse(e: TensorExpr, how: ReaxisHow, span: Span): never {
  const name = e.kind === 'input' ? e.name : (e.span.binding ?? e.kind);
  const axes = `[${e.axes.join(', ')}]`;
  const what = how.kind === 'merge' ? `merge of '${how.outer}' and '${how.inner}'` : `${how.kind} of '${how.from}'`;
  throw new CompileError('L102', `${what}: \`${name}\` ${axes} cannot be read that way in place; axes to merge stand side by side in memory, and a new axis must not be reduced inside`, span);
}
