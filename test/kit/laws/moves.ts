import type { Axis } from '../../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../../dsl/manifest.js';
import { axesInMemory, type Call, positionsOf, product, shapeOf } from '../call.js';
import { notAbout, type Sample } from './law.js';

/** A row-major array with the positions of one dimension taken in another order, or several times, or not at all. */
export function taken(data: Float64Array, shape: readonly number[], dim: number, order: readonly number[]): Float64Array {
  const inner = product(shape.slice(dim + 1));
  const length = shape[dim] ?? 0;
  const outer = product(shape.slice(0, dim));
  const made = new Float64Array(outer * order.length * inner);
  for (let o = 0; o < outer; o++) {
    for (const [i, at] of order.entries()) made.set(data.subarray((o * length + at) * inner, (o * length + at + 1) * inner), (o * order.length + i) * inner);
  }
  return made;
}

/** The call in which every input that has the axis takes `order` of its positions; the axis is as long as that. */
export function callOn(call: Call, entry: KernelEntry, axis: Axis, order: readonly number[]): Call {
  const inputs = Object.fromEntries(entry.params.map((p) => {
    const dim = axesInMemory(p.order, entry).indexOf(axis);
    const data = call.inputs[p.name] ?? new Float64Array();
    return [p.name, dim < 0 ? data : taken(data, shapeOf(p.order, entry, call), dim, order)];
  }));
  return axis in call.rows ? { ...call, inputs } : { ...call, inputs, sizes: { ...call.sizes, [axis]: order.length } };
}

/** The call with one input changed element by element; `at` gives its positions by axis. */
export function changed(call: Call, entry: KernelEntry, name: string, change: (x: number, at: Readonly<Record<Axis, number>>, i: number) => number): Call {
  const p = paramOf(entry, name);
  const axes = axesInMemory(p.order, entry);
  const shape = shapeOf(p.order, entry, call);
  return { ...call, inputs: { ...call.inputs, [name]: (call.inputs[name] ?? new Float64Array()).map((x, i) => change(x, positionsOf(i, axes, shape), i)) } };
}

function paramOf(entry: KernelEntry, name: string): ArgSpec {
  const found = entry.params.find((p) => p.name === name);
  if (found === undefined) throw new Error(`there is no parameter '${name}'; there are ${entry.params.map((p) => p.name).join(', ')}`);
  return found;
}

/** A result's dimensions as devices return it: of packed rows those of parts. */
export function resultShape(r: ArgSpec, entry: KernelEntry, call: Call): readonly number[] {
  const [first] = axesInMemory(r.order, entry);
  const starts = first === undefined ? undefined : call.offsets[first];
  const shape = shapeOf(r.order, entry, call);
  return starts === undefined ? shape : [(starts.at(-1) ?? 0) - (starts[0] ?? 0), ...shape.slice(1)];
}

/** The element of `narrow` that stands at the positions of each element of `wide`: axes meet by name. */
export function broadcast(wide: ArgSpec, narrow: ArgSpec, entry: KernelEntry, call: Call): (i: number) => number {
  const [wideAxes, narrowAxes] = [axesInMemory(wide.order, entry), axesInMemory(narrow.order, entry)];
  const [wideShape, narrowShape] = [resultShape(wide, entry, call), resultShape(narrow, entry, call)];
  return (i) => {
    const at = positionsOf(i, wideAxes, wideShape);
    return narrowAxes.reduce((index, axis, dim) => index * (narrowShape[dim] ?? 1) + (at[axis] ?? 0), 0);
  };
}

/** The length of an axis that a law may make longer or shorter. Throws for any other. */
export function freeLength(law: string, { entry, call, kernel }: Sample, axis: Axis): number {
  const rule = entry.sizes[axis];
  if (rule === undefined) throw notAbout(law, kernel, `it has no axis '${axis}', only ${Object.keys(entry.sizes).join(', ')}`);
  if (rule.kind !== 'dynamic') throw notAbout(law, kernel, `the length of '${axis}' is ${rule.kind}, and the law changes it`);
  const n = call.sizes[axis];
  if (n === undefined || Object.values(entry.sizes).some((r) => r.kind === 'ragged' && r.by === axis)) throw notAbout(law, kernel, `'${axis}' counts the parts of a ragged axis`);
  return n;
}

/** Where the axis stands in a result's memory, −1 where the result does not have it. */
export const dimOf = (r: ArgSpec, entry: KernelEntry, axis: Axis): number => axesInMemory(r.order, entry).indexOf(axis);

/** 0, 1, …, n − 1. */
export const positions = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
