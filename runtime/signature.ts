import type { DType } from '../dsl/dtype.js';
import type { Axis } from '../dsl/expr.js';
import type { ArgRef, ArgSpec, KernelEntry, LaunchSpec, TargetName, Variant } from '../dsl/manifest.js';
import type { SizeRelation } from '../dsl/relations.js';
import { RuntimeError } from './error.js';

// A kernel's manifest entry with names turned into indices, made once per kernel, so that binding a launch only walks arrays.

/** One dimension of a tensor: an axis, or a ragged axis packed together with the axis it depends on. */
export type Dim = { readonly kind: 'axis'; readonly axis: number } | { readonly kind: 'packed'; readonly axis: number };

export interface TensorSlot {
  readonly name: string;
  readonly isResult: boolean;
  /** A dtype, or the index of a dtype parameter. */
  readonly dtype: DType | number;
  readonly dims: readonly Dim[];
}
export interface ScalarSlot { readonly name: string; readonly integral: boolean }
/**
 * `by` and `axis` are indices; `key` is how a launch names the offsets. `isWhole`: the offsets must leave out no row, because
 * in some tensor another axis stands in front of the packed rows, and its stride is their end.
 */
export interface RaggedSlot { readonly key: string; readonly axis: number; readonly by: number; readonly isWhole: boolean }
export interface AxisSlot { readonly name: Axis; readonly kind: 'fixed' | 'dynamic' | 'ragged' }

/** An argument of a compiled function, as an index into the slots above; a map's is its tensor's. */
export type ArgSlot = { readonly kind: 'tensor' | 'scalar' | 'offsets' | 'size' | 'scratch'; readonly index: number } | MapSlot;
/** `dims`: outermost first, each with the positions that one copy takes of it in `box`. */
export interface MapSlot { readonly kind: 'map'; readonly index: number; readonly dims: readonly Dim[]; readonly box: readonly number[] }
export interface ScratchSlot { readonly dtype: DType; readonly dims: readonly Dim[] }
export interface GridSlot { readonly axis: number; readonly block: number }
export interface LaunchSlot { readonly spec: LaunchSpec; readonly args: readonly ArgSlot[]; readonly grid: readonly GridSlot[] }
export interface BoundSlot { readonly axes: readonly number[]; readonly atMost: number }
/** `axis` is the index behind the kernel's own axes. */
export interface SplitSlot { readonly axis: number; readonly of: number; readonly step: number; readonly blocksPerProcessor: number }
export interface VariantSlot {
  readonly variant: Variant;
  /** By index of the dtype parameter, and by index of the axis; undefined where the axis is not fixed. */
  readonly dtypes: readonly DType[];
  readonly fixed: readonly (number | undefined)[];
  readonly serves: readonly BoundSlot[];
  readonly split: SplitSlot | undefined;
  readonly scratch: readonly ScratchSlot[];
  readonly launches: readonly LaunchSlot[];
  /** Of all launches. */
  readonly maps: readonly MapSlot[];
}

export interface Signature {
  readonly name: string;
  readonly axes: readonly AxisSlot[];
  readonly dtypeParams: readonly string[];
  readonly tensors: readonly TensorSlot[];
  readonly scalars: readonly ScalarSlot[];
  readonly ragged: readonly RaggedSlot[];
  /** Between axes, by index. */
  readonly follows: readonly SizeRelation<number>[];
  /** Names a launch may give as arguments, offsets included, and as results. */
  readonly argNames: ReadonlySet<string>;
  readonly resultNames: ReadonlySet<string>;
  readonly variants: readonly VariantSlot[];
}

/** `targets`: whose variants may run, the best first, the one for every such device last. Throws R107 where the kernel was compiled for none of them. */
export function signature(name: string, entry: KernelEntry, targets: readonly [TargetName, ...TargetName[]]): Signature {
  const axisNames = Object.keys(entry.sizes);
  const axes = axisNames.map((axis): AxisSlot => ({ name: axis, kind: entry.sizes[axis]?.kind ?? 'dynamic' }));
  const variants = inOrder(entry.variants, targets);
  const [first] = variants;
  if (first === undefined) throw new RuntimeError('R107', `kernel '${name}' was not compiled for ${targets.at(-1)}`, { remedy: `run \`warpfold compile ${entry.source} --target ${targets.at(-1)}\`` });
  const dtypeParams = Object.keys(first.dtypes);
  const slot = (spec: ArgSpec, isResult: boolean): TensorSlot => {
    const param = dtypeParams.indexOf(spec.dtype);
    // What is no dtype parameter is a dtype: the manifest's contract.
    return { name: spec.name, isResult, dtype: param >= 0 ? param : (spec.dtype as DType), dims: dims(spec.order, entry, axisNames) };
  };
  const tensors = [...entry.params.filter((p) => p.order.length > 0).map((p) => slot(p, false)), ...entry.results.map((r) => slot(r, true))];
  const ragged = axisNames.flatMap((axis, index): RaggedSlot[] => {
    const spec = entry.sizes[axis];
    const isWhole = tensors.some((t) => t.dims.some((d, i) => i > 0 && d.kind === 'packed' && d.axis === index));
    return spec?.kind === 'ragged' ? [{ key: `offsets.${axis}`, axis: index, by: axisNames.indexOf(spec.by), isWhole }] : [];
  });
  const scalars = entry.params.filter((p) => p.order.length === 0).map((p): ScalarSlot => ({ name: p.name, integral: p.dtype === 'i32' }));
  return {
    name, axes, dtypeParams, tensors, scalars, ragged,
    follows: (entry.follows ?? []).map((f) => ({ axis: axisNames.indexOf(f.axis), of: f.of.map((a) => axisNames.indexOf(a)) })),
    argNames: new Set([...entry.params.map((p) => p.name), ...ragged.map((r) => r.key)]),
    resultNames: new Set(entry.results.map((r) => r.name)),
    variants: variants.map((variant) => variantSlot(variant, entry, { axisNames, dtypeParams, tensors, scalars, ragged })),
  };
}

/** The first that fits a call serves it: one for a better target goes right before the first of another target that serves all it does, hence behind what was made for fewer shapes. */
function inOrder(variants: readonly Variant[], targets: readonly TargetName[]): readonly Variant[] {
  const isCovered = (v: Variant, by: Variant): boolean => by.target !== v.target && by.variant === v.variant
    && (by.serves ?? []).every((b) => v.serves?.some((s) => s.axes.join() === b.axes.join() && s.atMost <= b.atMost));
  return targets.map((target) => variants.filter((v) => v.target === target)).reduceRight((others, better) => better.reduce((all, v) => {
    const at = all.findIndex((w) => isCovered(v, w));
    return at < 0 ? [...all, v] : [...all.slice(0, at), v, ...all.slice(at)];
  }, others), []);
}

/** [c, k, d] with k ragged by c has two dimensions: the packed rows, and d. */
function dims(order: readonly Axis[], entry: KernelEntry, axisNames: readonly Axis[]): Dim[] {
  return order.flatMap((axis, i): Dim[] => {
    const next = order[i + 1];
    const rule = next === undefined ? undefined : entry.sizes[next];
    if (rule?.kind === 'ragged' && rule.by === axis) return [];
    return [dim(axis, entry, axisNames)];
  });
}

const dim = (axis: Axis, entry: KernelEntry, axisNames: readonly Axis[]): Dim => ({ kind: entry.sizes[axis]?.kind === 'ragged' ? 'packed' : 'axis', axis: axisNames.indexOf(axis) });

interface Names {
  readonly axisNames: readonly Axis[];
  readonly dtypeParams: readonly string[];
  readonly tensors: readonly TensorSlot[];
  readonly scalars: readonly ScalarSlot[];
  readonly ragged: readonly RaggedSlot[];
}

function variantSlot(variant: Variant, entry: KernelEntry, names: Names): VariantSlot {
  const { split } = variant;
  const axisNames = split === undefined ? names.axisNames : [...names.axisNames, split.axis];
  const axisOf = (axis: Axis): number => axisNames.indexOf(axis);
  const launches = variant.launches.map((spec): LaunchSlot => ({
    spec,
    args: spec.args.map((ref) => argSlot(ref, variant, entry, { ...names, axisNames })),
    grid: spec.grid.map((g) => ({ axis: axisOf(g.axis), block: g.block })),
  }));
  return {
    variant, launches,
    maps: launches.flatMap((l) => l.args).filter((a) => a.kind === 'map'),
    dtypes: names.dtypeParams.map((p) => variant.dtypes[p] ?? 'f32'),
    fixed: names.axisNames.map((a) => variant.fixed[a]),
    serves: (variant.serves ?? []).map((s) => ({ axes: s.axes.map(axisOf), atMost: s.atMost })),
    split: split && { axis: axisOf(split.axis), of: axisOf(split.of), step: split.step, blocksPerProcessor: split.blocksPerProcessor },
    scratch: variant.scratch.map((s) => ({ dtype: s.dtype, dims: dims(s.order, entry, axisNames) })),
  };
}

function argSlot(ref: ArgRef, variant: Variant, entry: KernelEntry, names: Names): ArgSlot {
  switch (ref.kind) {
    case 'param': {
      const scalar = names.scalars.findIndex((s) => s.name === ref.name);
      return scalar >= 0 ? { kind: 'scalar', index: scalar } : { kind: 'tensor', index: names.tensors.findIndex((t) => !t.isResult && t.name === ref.name) };
    }
    case 'result': return { kind: 'tensor', index: names.tensors.findIndex((t) => t.isResult && t.name === ref.name) };
    case 'scratch': return { kind: 'scratch', index: variant.scratch.findIndex((s) => s.name === ref.name) };
    case 'offsets': return { kind: 'offsets', index: names.ragged.findIndex((r) => names.axisNames[r.axis] === ref.axis) };
    case 'size': return { kind: 'size', index: names.axisNames.indexOf(ref.axis) };
    case 'map': return { kind: 'map', index: names.tensors.findIndex((t) => t.name === ref.name), dims: ref.order.map((axis) => dim(axis, entry, names.axisNames)), box: ref.box };
    default: return ref satisfies never;
  }
}
