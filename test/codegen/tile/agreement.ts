import { expect } from 'vitest';
import type { Axis } from '../../../dsl/expr.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { runReference } from '../../../codegen/commands/reference.js';
import { type Lengths, shapeOf } from '../../../codegen/commands/shapes.js';
import type { AxisSpec } from '../../../dsl/manifest.js';
import { runTile } from '../../kit/tileInterpreter.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';

/** Numbers in [−1, 1), the same for the same seed. */
export function noise(seed: number, count: number): Float64Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Elements in memory; `offsets` are those of ragged axes. */
export function elements(def: Pick<KernelDef, 'sizes'>, order: readonly Axis[], lengths: Lengths): number {
  const axes = Object.fromEntries(Object.entries(def.sizes).map(([axis, rule]): [Axis, AxisSpec] => [axis, rule.kind === 'fixed' ? { kind: 'fixed', sizes: [rule.size] } : rule]));
  return shapeOf(order, axes, lengths).reduce((n, length) => n * length, 1);
}

/** Inputs of a kernel: noise, or small whole numbers where they are i32. */
export function inputsOf(def: KernelDef, lengths: Lengths, seed: number): Record<string, Float64Array> {
  return Object.fromEntries(def.params.map((p, i) => {
    const x = noise(seed + i, elements(def, p.order, lengths));
    return [p.name, p.dtype === 'i32' ? x.map((v) => Math.floor(v * 6 + 3)) : x];
  }));
}

/** Runs the launches of `def` on the interpreter of tile programs and compares with the evaluated graph. */
export function expectAgreement(def: KernelDef, kernels: readonly TileKernel[], sizes: Readonly<Record<Axis, number>>, seed: number, offsets: Lengths['offsets'] = {}): void {
  expectAgreementOn(def, kernels, inputsOf(def, { sizes, offsets }, seed), sizes, offsets);
}

/** The same on given inputs. */
export function expectAgreementOn(def: KernelDef, kernels: readonly TileKernel[], inputs: Readonly<Record<string, Float64Array>>, sizes: Readonly<Record<Axis, number>>, offsets: Lengths['offsets'] = {}): void {
  const expected = runReference(def, inputs, { sizes, offsets });
  const memory: Record<string, Float64Array> = { ...inputs };
  for (const p of kernels.flatMap((k) => k.params)) memory[p.name] ??= new Float64Array(elements(def, p.order, { sizes, offsets })).fill(NaN);
  for (const k of kernels) runTile(k, memory, { sizes, offsets });
  for (const r of def.results) {
    const got = memory[r.name];
    const want = expected[r.name];
    expect(got?.length).toBe(want?.length);
    want?.forEach((w, i) => {
      const g = got?.[i] ?? NaN;
      // Float64 sums of at most a few thousand terms of size about one, in another order.
      if (Number.isFinite(w) ? !(Math.abs(g - w) <= 1e-10 * Math.max(1, Math.abs(w))) : !Object.is(g, w)) expect.fail(`${r.name}[${i}] is ${g}, expected ${w} at sizes ${JSON.stringify({ ...sizes, ...offsets })}`);
    });
  }
}
