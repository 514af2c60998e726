import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';
import { evaluate } from '../graph/evaluate.js';
import type { Lengths } from './shapes.js';

type Values = Readonly<Record<string, Float64Array>>;

/** Results of a kernel in float64, straight from its source's graph. Ragged kernels run once per part. */
export function runReference(def: KernelDef, inputs: Values, lengths: Lengths): Values {
  const [by] = Object.values(def.sizes).flatMap((rule) => (rule.kind === 'ragged' ? [rule.by] : []));
  if (by === undefined) return evaluate(def, inputs, lengths.sizes);
  const parts = Array.from({ length: lengths.sizes[by] ?? 0 }, (_, c) => {
    const sizes = { ...lengths.sizes, [by]: 1, ...Object.fromEntries(Object.entries(lengths.offsets).map(([axis, o]) => [axis, (o[c + 1] ?? 0) - (o[c] ?? 0)])) };
    return evaluate(def, Object.fromEntries(def.params.map((p) => [p.name, partOf(inputs[p.name] ?? new Float64Array(), packingOf(p.order, by, lengths), c)])), sizes);
  });
  return Object.fromEntries(def.results.map((r) => [r.name, joined(parts.map((p) => p[r.name] ?? new Float64Array()), packingOf(r.order, by, lengths))]));
}

/** A tensor as `outer` blocks of rows of `inner` elements; part c of each block has the rows from `starts[c]` to the next. */
interface Packing { readonly outer: number; readonly inner: number; readonly starts: readonly number[] }

/** Where the parts lie along `by`, or along the ragged axis behind it; undefined where all parts share the tensor. */
function packingOf(order: readonly Axis[], by: Axis, { sizes, offsets }: Lengths): Packing | undefined {
  const at = order.indexOf(by);
  if (at < 0) return undefined;
  const own = offsets[order[at + 1] ?? ''];
  const count = (axes: readonly Axis[]): number => axes.reduce((n, axis) => n * (sizes[axis] ?? 1), 1);
  return { outer: count(order.slice(0, at)), inner: count(order.slice(at + (own === undefined ? 1 : 2))), starts: own ?? Array.from({ length: (sizes[by] ?? 0) + 1 }, (_, c) => c) };
}

function partOf(data: Float64Array, packing: Packing | undefined, c: number): Float64Array {
  if (packing === undefined) return data;
  const { outer, inner, starts } = packing;
  const [from = 0, to = 0] = starts.slice(c, c + 2);
  const block = (starts.at(-1) ?? 0) * inner;
  const part = new Float64Array(outer * (to - from) * inner);
  for (let o = 0; o < outer; o++) part.set(data.subarray(o * block + from * inner, o * block + to * inner), o * (to - from) * inner);
  return part;
}

function joined(parts: readonly Float64Array[], packing: Packing | undefined): Float64Array {
  if (packing === undefined) return parts[0] ?? new Float64Array();
  const { outer, inner, starts } = packing;
  const block = (starts.at(-1) ?? 0) * inner;
  const all = new Float64Array(outer * block);
  for (const [c, part] of parts.entries()) {
    const length = part.length / outer;
    for (let o = 0; o < outer; o++) all.set(part.subarray(o * length, (o + 1) * length), o * block + (starts[c] ?? 0) * inner);
  }
  return all;
}
