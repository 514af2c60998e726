import type { Axis } from '../../dsl/expr.js';
import type { ArgSpec, AxisSpec } from '../../dsl/manifest.js';
import { didYouMean } from '../../dsl/nearest.js';
import { inferLengths, type SizeRelation } from '../../dsl/relations.js';
import { CommandError } from './failure.js';

type Sizes = Readonly<Record<Axis, AxisSpec>>;
/** Lengths of axes; of a ragged axis the prefix sums of its parts. */
export interface Lengths { readonly sizes: Readonly<Record<Axis, number>>; readonly offsets: Readonly<Record<Axis, readonly number[]>> }

/** What each dimension in memory is: an axis, or a ragged axis packed together with the one it depends on. */
export function dimensions(order: readonly Axis[], sizes: Sizes): readonly Axis[] {
  return order.filter((axis, i) => {
    const next = order[i + 1];
    const rule = next === undefined ? undefined : sizes[next];
    return !(rule?.kind === 'ragged' && rule.by === axis);
  });
}

/** The lengths that the shapes of `given` show, those stated, and what follows from them. Throws CommandError naming parameter and axis where they disagree. */
export function lengthsOf(
  params: readonly ArgSpec[], axes: Sizes, given: ReadonlyMap<string, readonly number[]>, offsets: Readonly<Record<Axis, readonly number[]>>, stated: Readonly<Record<Axis, number>>,
  follows: readonly SizeRelation<Axis>[] = [],
): Lengths {
  const sizes: Record<Axis, number> = {};
  for (const [axis, length] of Object.entries(stated)) {
    if (axes[axis] === undefined) throw new CommandError(`--size ${axis}=${length}: the kernel has no axis '${axis}'; there are ${Object.keys(axes).join(', ')}${didYouMean(axis, Object.keys(axes))}`);
    sizes[axis] = length;
  }
  for (const [axis, rule] of Object.entries(axes)) {
    const [only, ...others] = rule.kind === 'fixed' ? rule.sizes : [];
    if (only !== undefined && others.length === 0) sizes[axis] = only;
    if (rule.kind === 'ragged' && offsets[axis] !== undefined) sizes[rule.by] = offsets[axis].length - 1;
  }
  for (const p of params) {
    const shape = given.get(p.name);
    const dims = dimensions(p.order, axes);
    if (shape === undefined) throw new CommandError(`parameter '${p.name}' [${p.order.join(', ')}]: the inputs hold no tensor of that name; they hold ${[...given.keys()].join(', ')}${didYouMean(p.name, given.keys())}`);
    if (p.order.length === 0) continue;
    if (shape.length !== dims.length) throw new CommandError(`parameter '${p.name}' [${p.order.join(', ')}] takes ${dims.length} dimensions, its tensor has shape [${shape.join(', ')}]`);
    for (const [i, axis] of dims.entries()) {
      const length = shape[i] ?? 0;
      const known = axes[axis]?.kind === 'ragged' ? offsets[axis]?.at(-1) : sizes[axis];
      if (known !== undefined && known !== length) throw new CommandError(`parameter '${p.name}' [${p.order.join(', ')}]: axis '${axis}' has length ${length}, expected ${known}`);
      if (axes[axis]?.kind !== 'ragged') sizes[axis] = length;
    }
  }
  const conflict = inferLengths(follows, (a) => sizes[a], (a, length) => { sizes[a] = length; });
  if (conflict) throw new CommandError(`axis '${conflict.relation.axis}' has length ${conflict.length}, but the kernel makes it of ${conflict.relation.of.map((a) => `'${a}' ${sizes[a] ?? ''}`.trimEnd()).join(' · ')}`);
  for (const [axis, rule] of Object.entries(axes)) {
    if (rule.kind === 'ragged' && offsets[axis] === undefined) throw new CommandError(`axis '${axis}' is ragged: the inputs need a tensor 'offsets.${axis}' of i32 with the first row of each part and the number of rows`);
    if (rule.kind !== 'ragged' && sizes[axis] === undefined) throw new CommandError(`the length of axis '${axis}' is shown by no input; state it with --size ${axis}=…`);
    if (rule.kind === 'fixed' && !rule.sizes.includes(sizes[axis] ?? -1)) throw new CommandError(`axis '${axis}' has length ${sizes[axis]}, the kernel is compiled for ${rule.sizes.join(', ')}`);
  }
  return { sizes, offsets };
}

/** The shape in memory of a tensor with this order. */
export const shapeOf = (order: readonly Axis[], axes: Sizes, lengths: Lengths): readonly number[] =>
  dimensions(order, axes).map((axis) => lengths.offsets[axis]?.at(-1) ?? lengths.sizes[axis] ?? 0);
