import type { KernelDef } from '../../../dsl/definition.js';
import type { Axis, Reaxis, TopK } from '../../../dsl/expr.js';
import type { TargetName } from '../../../dsl/manifest.js';
import { nodesOf } from '../../../dsl/walk.js';
import { compilePlan, isOwn, planVariants, targets, type VariantPlan } from '../../compile.js';
import type { KernelSource } from '../../frontend/project.js';
import { costOf } from '../../graph/cost.js';
import { factsOf } from '../../tile/facts.js';
import { CommandError } from '../failure.js';
import { statedSize } from '../run.js';

export type MeasuredDevice = 'cpu' | 'cuda';
/** Whose code is measured where nobody says. */
export const usualTarget: Readonly<Record<MeasuredDevice, TargetName>> = { cpu: 'cpu', cuda: 'sm_80' };

/** Lengths of all axes: of a ragged one, of each of its equally long parts. */
export type AxisLengths = Readonly<Record<Axis, number>>;

/** What an axis is long that nobody gave a length: heads and batches are few, everything else is long enough to fill the device. */
const few = 8;
const long: Readonly<Record<MeasuredDevice, number>> = { cpu: 1024, cuda: 4096 };
/** The only axis of a kernel is all there is to fill it with. */
const alone: Readonly<Record<MeasuredDevice, number>> = { cpu: 2 ** 22, cuda: 2 ** 26 };
const most: Readonly<Record<MeasuredDevice, { readonly flops: number; readonly bytes: number }>> = { cpu: { flops: 2e10, bytes: 2 ** 29 }, cuda: { flops: 1e13, bytes: 2 ** 32 } };

/**
 * The lengths that a variant is measured at: those stated as `axis=length`, its own fixed ones, and for all other axes what
 * is usual for their part in the kernel. Throws CommandError for an axis that the kernel has not, and for one of another length in every variant.
 */
export function lengthsFor(def: KernelDef, plans: readonly VariantPlan[], stated: readonly string[], on: MeasuredDevice): AxisLengths {
  const given = Object.fromEntries(stated.map(statedSize));
  const last = plans.at(-1)?.launches ?? [];
  const facts = last.flatMap((l) => factsOf(l).axes);
  const isFew = (axis: Axis): boolean => facts.some((f) => f.axis === axis && (f.part === 'batch' || f.part === 'minorEdge' || f.part === 'ragged'));
  const chosen = nodesOf(def.results.map((r) => r.value)).filter((e): e is TopK => e.kind === 'topk');
  const usual = new Map<Axis, number>();
  const isAlone = Object.values(def.sizes).filter((rule) => rule.kind !== 'fixed').length === 1;
  const usualOf = (axis: Axis): number => (isFew(axis) ? few : isAlone ? alone[on] : long[on]);
  // Axes that are other axes renamed, split or merged have their length from those.
  const moved = nodesOf(def.results.map((r) => r.value)).filter((e): e is Reaxis => e.kind === 'reaxis');
  const lengthOf = (axis: Axis): number => {
    const rule = def.sizes[axis];
    if (rule?.kind === 'fixed') return rule.size;
    const of = chosen.find((e) => e.as === axis)?.axis;
    const from = moved.find((e) => (e.how.kind === 'split' ? e.how.outer === axis : e.how.to === axis))?.how;
    if (given[axis] === undefined && from !== undefined) return from.kind === 'rename' ? lengthOf(from.from) : from.kind === 'split' ? Math.ceil(lengthOf(from.from) / from.size) : lengthOf(from.outer) * lengthOf(from.inner);
    return given[axis] ?? (of !== undefined ? Math.max(1, Math.floor(lengthOf(of) / 4)) : (usual.get(axis) ?? usualOf(axis)));
  };
  // Made shorter, the longest first, until a call is neither too long to wait for nor too large for memory.
  const free = Object.keys(def.sizes).filter((axis) => def.sizes[axis]?.kind !== 'fixed' && given[axis] === undefined);
  for (;;) {
    const lengths = Object.fromEntries(Object.keys(def.sizes).map((axis) => [axis, lengthOf(axis)]));
    const { flops, bytes } = costOf(def, (axis) => lengths[axis] ?? 1);
    const longest = free.reduce((a, b) => ((usual.get(b) ?? usualOf(b)) > (usual.get(a) ?? usualOf(a)) ? b : a), free[0] ?? '');
    const length = usual.get(longest) ?? usualOf(longest);
    if ((flops <= most[on].flops && bytes <= most[on].bytes) || free.length === 0 || length <= few) return lengths;
    usual.set(longest, Math.floor(length / 2));
  }
}

/** The variants that have the stated lengths, of those that are asked for. Throws CommandError where there are none. */
export function variantsFor(source: KernelSource, stated: readonly string[], wanted: string | undefined): readonly KernelDef[] {
  const given = stated.map(statedSize);
  for (const [axis, length] of given) {
    if (source.sizes[axis] === undefined) throw new CommandError(`--size ${axis}=${length}: '${source.name}' has no axis '${axis}'; it has ${Object.keys(source.sizes).join(', ')}`);
    if (length < 1) throw new CommandError(`--size ${axis}=${length}: there is nothing to measure without elements`);
  }
  const fitting = source.variants.filter((v) => given.every(([axis, length]) => { const rule = v.sizes[axis]; return rule?.kind !== 'fixed' || rule.size === length; }));
  const wrong = given.find(([axis, length]) => { const spec = source.sizes[axis]; return spec?.kind === 'fixed' && !spec.sizes.includes(length); });
  if (wrong) { const spec = source.sizes[wrong[0]]; throw new CommandError(`--size ${wrong[0]}=${wrong[1]}: '${source.name}' is compiled for ${wrong[0]} of ${spec?.kind === 'fixed' ? spec.sizes.join(', ') : ''}`); }
  const found = fitting.filter((v) => wanted === undefined || v.variant === wanted);
  if (found.length === 0) throw new CommandError(`'${source.name}' has no variant '${wanted}'; it has ${fitting.map((v) => v.variant).filter((v) => v !== '').join(', ') || 'only one: leave --variant out'}`);
  return found;
}

/** What of a variant is measured, and at which lengths: the same whatever the targets. Throws CommandError as `lengthsFor` does. */
export function measuredPlan(def: KernelDef, stated: readonly string[], { on, targets: names }: { readonly on: MeasuredDevice; readonly targets: Targets }): { readonly plan: VariantPlan; readonly lengths: AxisLengths } {
  const lengths = lengthsFor(def, planVariants(def, targets[usualTarget[on]]), stated, on);
  return { plan: servingPlan(def, names, lengths), lengths };
}

/**
 * Likewise every variant for some shapes, each at the most rows that it serves. One that the stated lengths leave nothing to is not
 * among them.
 */
export function measuredPlans(def: KernelDef, stated: readonly string[], { on, targets: names }: { readonly on: MeasuredDevice; readonly targets: Targets }): readonly { readonly plan: VariantPlan; readonly lengths: AxisLengths }[] {
  const plans = planVariants(def, targets[usualTarget[on]]);
  const usual = lengthsFor(def, plans, stated, on);
  const given = stated.map(statedSize).map(([axis]) => axis);
  const isFree = (axis: Axis): boolean => def.sizes[axis]?.kind !== 'fixed' && !given.includes(axis);
  return plans.flatMap(({ form }) => {
    const lengths = form.serves.reduce((all, { axes, atMost }) => shortened(all, axes, atMost, isFree), usual);
    const plan = servingPlan(def, names, lengths);
    return plan.form.suffix === form.suffix ? [{ plan, lengths }] : [];
  });
}

/** The axes made shorter, the longest first, until together they have at most so many elements. */
function shortened(lengths: AxisLengths, axes: readonly Axis[], atMost: number, isFree: (axis: Axis) => boolean): AxisLengths {
  const rows = axes.reduce((n, a) => n * (lengths[a] ?? 1), 1);
  const longest = axes.filter((a) => isFree(a) && (lengths[a] ?? 1) > 1).reduce<Axis | undefined>((a, b) => (a === undefined || (lengths[b] ?? 1) > (lengths[a] ?? 1) ? b : a), undefined);
  if (rows <= atMost || longest === undefined) return lengths;
  const others = rows / (lengths[longest] ?? 1);
  return shortened({ ...lengths, [longest]: Math.max(1, Math.floor(atMost / others)) }, axes, atMost, isFree);
}

/** Whose code is measured, the best first: what has none of its own for the others has some for the last. */
export type Targets = readonly [TargetName, ...TargetName[]];

/** The variant that serves these lengths, as the runtime chooses: the first, of the first target that has code of its own for it. */
export function servingPlan(def: KernelDef, names: Targets, lengths: AxisLengths): VariantPlan {
  const [name, next, ...others] = names;
  const plan = planVariants(def, targets[name]).find((p) => p.form.serves.every(({ axes, atMost }) => axes.reduce((n, a) => n * (lengths[a] ?? 1), 1) <= atMost));
  if (plan === undefined) throw new Error('internal error: no variant serves all lengths');
  return next === undefined || isOwn(compilePlan(plan)) ? plan : servingPlan(def, [next, ...others], lengths);
}

/** `q 1024, k 1024, g 8`: the lengths that are not fixed. */
export const lengthsText = (def: KernelDef, lengths: AxisLengths): string =>
  Object.entries(lengths).filter(([axis]) => def.sizes[axis]?.kind !== 'fixed').map(([axis, n]) => `${axis} ${n}${def.sizes[axis]?.kind === 'ragged' ? ' each' : ''}`).join(', ');
