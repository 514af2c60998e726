import { readKernels } from '../../../codegen/frontend/project.js';
import { evaluate, type Block } from '../../../codegen/graph/evaluate.js';
import { consistentSizes } from '../../../codegen/stream/agreement.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { Axis } from '../../../dsl/expr.js';
import { uniform, values } from '../../kit/values.js';

export const fixture = (name: string): string => `test/codegen/stream/kernels/${name}.ts`;

/** The last variant of every kernel of some fixtures, by kernel name. */
export function programs(...names: readonly string[]): Map<string, KernelDef> {
  return new Map(readKernels(names.map(fixture)).flatMap((k) => k.variants.slice(-1).map((def) => [k.name, def] as const)));
}

/** A small case of a kernel: sizes from the seed (fixed ones as declared), inputs from streams of their own. */
export interface Case { readonly sizes: Readonly<Record<Axis, number>>; readonly inputs: Readonly<Record<string, Float64Array>> }

export function caseOf(def: KernelDef, seed: number, lengths: Readonly<Record<Axis, number>> = {}, range = 4): Case {
  const drawn = Object.fromEntries(Object.entries(def.sizes).map(([axis, rule], i) => [axis, rule.kind === 'fixed' ? rule.size : (lengths[axis] ?? 1 + Math.floor(uniform(seed, i) * 9))]));
  const sizes = consistentSizes(def, drawn);
  const inputs = Object.fromEntries(def.params.map((p, i) => {
    const count = p.order.reduce((n, a) => n * (sizes[a] ?? 1), 1);
    return [p.name, p.dtype === 'i32' ? values(seed + 31 * i + 1, count, { dtype: 'i32', min: 0, max: 2 }) : values(seed + 31 * i + 1, count, { min: -range, max: range })];
  }));
  return { sizes, inputs };
}

/** A partition of [0, size) into random blocks, in random order. */
export function randomBlocks(seed: number): (axis: Axis, size: number) => readonly Block[] {
  return (_, size) => {
    const blocks: Block[] = [];
    for (let from = 0; from < size;) {
      const length = Math.min(size - from, 1 + Math.floor(uniform(seed, from) * 4));
      blocks.push({ from, size: length });
      from += length;
    }
    return blocks.map((b, i) => ({ b, key: uniform(seed + 7, i) })).sort((x, y) => x.key - y.key).map(({ b }) => b);
  };
}

/** Largest difference of two evaluations relative to the larger of 1 and the value; NaN and ±∞ must stand in the same places. */
export function distance(def: KernelDef, other: KernelDef, c: Case, seed: number): number {
  const a = evaluate(def, c.inputs, c.sizes);
  const b = evaluate(other, c.inputs, c.sizes, { blocks: randomBlocks(seed) });
  let worst = 0;
  for (const [name, x] of Object.entries(a)) for (const [i, v] of x.entries()) {
    const w = b[name]?.[i] ?? NaN;
    const same = Object.is(v, w) || v === w;
    worst = Math.max(worst, same ? 0 : Number.isFinite(v) && Number.isFinite(w) ? Math.abs(v - w) / Math.max(1, Math.abs(v)) : Infinity);
  }
  return worst;
}
