import type { Axis, Carry, FoldLoop, FoldReference, FoldState, Input, TensorExpr } from '../../dsl/expr.js';
import { map, reduce } from '../../dsl/ops.js';
import { arg, binary, lit, select } from '../../dsl/scalar.js';

/** What one part of a split axis hands on: its last references and states, one value per part along the split axis. */
export interface Partial { readonly carry: Carry; readonly input: Input }
export interface Merge {
  /** In the order of the loop: references, then states. */
  readonly partials: readonly Partial[];
  /** A fold over the split axis whose data are the partials; its references and states bear the names of the split loop's, so results read them unchanged. */
  readonly loop: FoldLoop;
}

/**
 * The merge of a loop whose axis was cut into parts: again a fold, over the axis of parts, by the same T. A(P∪Q; r′) =
 * T(r_P→r′)·A(P; r_P) ⊕ T(r_Q→r′)·A(Q; r_Q), so parts may come in any number, size and order. `nameOf` names the
 * partials' inputs, `orderOf` gives their axes in memory; `parts` must be no axis of the loop's states.
 */
export function mergeOf(loop: FoldLoop, parts: Axis, nameOf: (carry: Carry) => string, orderOf = (carry: Carry): readonly Axis[] => [...carry.axes, parts]): Merge {
  const all = [...loop.references, ...loop.states].map((r): Partial => ({ carry: r.carry, input: { kind: 'input', name: nameOf(r.carry), dtype: r.carry.dtype, axes: orderOf(r.carry), span: r.carry.span } }));
  const inputOf = (c: TensorExpr): Input | undefined => all.find((p) => p.carry === c)?.input;
  const references = loop.references.map((r): FoldReference => ({ ...r, next: mergedReference(r, loop, parts, inputOf) }));
  const newOf = new Map(loop.references.map((r, i) => [r.next, references[i]?.next ?? r.next]));
  // What moves an old state to the new reference moves every part's state there too.
  const moved = replacing((e) => newOf.get(e));
  const part = replacing((e) => newOf.get(e) ?? (e.kind === 'carry' ? inputOf(e) : undefined));
  const states = loop.states.map((s): FoldState => {
    const monoid = s.monoid === 'topk' ? 'max' : s.monoid;
    return { ...s, moved: moved(s.moved), block: reduce(monoid, part(s.moved), parts, s.carry.span) };
  });
  return { partials: all, loop: { ...loop, axis: parts, references, states } };
}

/** The max of the parts' maxima; the weighted mean of the parts' means. */
function mergedReference(r: FoldReference, loop: FoldLoop, parts: Axis, inputOf: (c: TensorExpr) => Input | undefined): TensorExpr {
  const own = inputOf(r.carry);
  if (!own) throw new Error(`merge: reference '${r.carry.name}' is not of the loop`);
  const record = loop.certificate.references.find((c) => c.name === r.carry.name);
  if (record?.rule !== 'mean') return map(binary('max', arg(0), arg(1)), [r.carry, reduce('max', own, parts, r.carry.span)], r.carry.span);
  const [weight, first] = meanStates(r, loop);
  const [w, f] = [inputOf(weight), inputOf(first)];
  if (!w || !f) throw new Error(`merge: the mean '${r.carry.name}' has lost its sums`);
  const weighted = map(binary('add', binary('mul', arg(0), arg(1)), arg(2)), [own, w, f], r.carry.span);
  const total = binary('add', arg(1), arg(2));
  const mean = binary('div', binary('add', binary('add', binary('mul', arg(0), arg(1)), arg(3)), arg(4)), total);
  return map(select(binary('eq', total, lit(0)), arg(0), mean), [r.carry, weight, reduce('sum', w, parts, r.carry.span), first, reduce('sum', weighted, parts, r.carry.span)], r.carry.span, r.carry.axes);
}

/** The states that a mean's step reads: Σw, then Σw·(x − mean). */
function meanStates(r: FoldReference, loop: FoldLoop): readonly [Carry, Carry] {
  const read = r.next.kind === 'map' ? r.next.args.filter((a): a is Carry => a.kind === 'carry' && a !== r.carry && loop.states.some((s) => s.carry === a)) : [];
  const [weight, first] = read;
  if (!weight || !first) throw new Error(`merge: the mean '${r.carry.name}' has lost its sums`);
  return [weight, first];
}

/** A rebuild with some nodes replaced, axes and all: maps over replaced operands get the axes of those. */
function replacing(replace: (e: TensorExpr) => TensorExpr | undefined): (e: TensorExpr) => TensorExpr {
  const memo = new Map<TensorExpr, TensorExpr>();
  const go = (e: TensorExpr): TensorExpr => {
    const before = memo.get(e);
    if (before) return before;
    const made = replace(e) ?? (e.kind === 'map' ? map(e.fn, e.args.map(go), e.span) : e);
    memo.set(e, made);
    return made;
  };
  return go;
}
