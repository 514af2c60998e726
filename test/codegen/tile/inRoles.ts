import { expect } from 'vitest';
import type { KernelDef } from '../../../dsl/definition.js';
import type { Axis } from '../../../dsl/expr.js';
import { prefixSums } from '../../../runtime/parallelComp/batch.js';
import { compilePlan, planVariants, targets } from '../../../codegen/compile.js';
import type { Lengths } from '../../../codegen/commands/shapes.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { randomKernels } from '../../kit/randomKernels.js';
import { runTile } from '../../kit/tileInterpreter.js';
import { groupSchedules } from '../../../codegen/schedule/warpgroups.js';
import { checkTile } from '../../../codegen/tile/check.js';
import { factsOf } from '../../../codegen/tile/facts.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { elements, inputsOf } from './agreement.js';

/** A program after each stage from the one before roles are given. */
export type Stages = ReadonlyMap<string, TileKernel>;

/** What of roles is not as usual here. */
export interface InRoles { readonly holds?: true; readonly consumers?: 1 | 2 | 3 }

/** The stages of a kernel of one launch (and with more of its `roles`) for computing warpgroups, one unless said, whose windows are short, so that small sizes have several; undefined where it is not for warpgroups. */
export function stagesInRoles(def: KernelDef, { consumers = 1, ...roles }: InRoles = {}): Stages | undefined {
  const plan = planVariants(def, targets.sm_90a).at(-1);
  const [launch, more] = plan?.launches ?? [];
  if (!plan || !launch || more) return undefined;
  const facts = factsOf(launch);
  const [choice] = groupSchedules(facts, 'long');
  if (!choice) return undefined;
  const partOf = (axis: Axis): string | undefined => facts.axes.find((a) => a.axis === axis)?.part;
  const short = (axis: Axis, size: number): number => Math.min(size, partOf(axis) === 'chain' ? 16 : partOf(axis) === 'edge' ? 64 * consumers : 64);
  const block = Object.fromEntries(Object.entries(choice.schedule.block).map(([axis, size]) => [axis, short(axis, size)]));
  const schedule = { ...choice.schedule, block, warps: 4 * consumers, stages: 2, roles: { by: 'warpgroups', consumers, registers: [40, 240], ...roles } } as const;
  const stages = new Map<string, TileKernel>();
  const tile = (stage: string, k: TileKernel): TileKernel => {
    checkTile(k, stage);
    stages.set(stage, k);
    return k;
  };
  try {
    compilePlan(plan, () => ({ choice: schedule, reason: '', note: undefined, span: def.span }), { graph: (_, g) => g, tile, proves: false });
  } catch (error) {
    if (error instanceof Error && error.message.includes('not for warpgroups')) return undefined;
    throw error;
  }
  return stages;
}

/** Of some files' kernels, those that are for warpgroups: of each the variant of 16-bit numbers with the shortest fixed axes. */
export function kernelsInRoles(files: readonly string[], sources?: Readonly<Record<string, string>>, roles: InRoles = {}): readonly (readonly [name: string, def: KernelDef, stages: Stages])[] {
  return readKernels(files, sources ? { sources } : {}).flatMap((k) => {
    const def = k.variants.find((v) => v.params.some((p) => p.dtype === 'bf16'));
    const stages = def && stagesInRoles(def, roles);
    return def && stages ? [[k.name, def, stages] as const] : [];
  });
}

/** Random kernels whose products are of 16-bit numbers, as sources. */
export function randomInRoles(seed: number, count: number): Readonly<Record<string, string>> {
  const text = randomKernels(seed, count).replace('import {', 'import { cast,').replaceAll("'f32', ['q', 'd']>, z: In<'f32', ", "'bf16', ['q', 'd']>, z: In<'bf16', ")
    .replaceAll('d: 16', 'd: 64').replaceAll("dot(softmax(s, 'k'), z", "dot(cast('bf16', softmax(s, 'k')), z").replaceAll('dot(finite, z', "dot(cast('bf16', finite), z");
  return { 'random.ts': text };
}

/** Lengths of a kernel's axes: of those that ragged ones depend on, as many as `parts`. */
export function lengthsOf(def: KernelDef, parts: readonly number[], length: (axis: Axis) => number): Lengths {
  const rules = Object.entries(def.sizes);
  const by = rules.flatMap(([, rule]) => (rule.kind === 'ragged' ? [rule.by] : []));
  const offsets = Object.fromEntries(rules.flatMap(([axis, rule]) => (rule.kind === 'ragged' ? [[axis, prefixSums(parts.map((n) => Math.floor(n * length(axis))))]] : [])));
  const longest = (o: readonly number[]): number => Math.max(...o.slice(1).map((end, i) => end - (o[i] ?? 0)));
  return { sizes: Object.fromEntries(rules.map(([axis, rule]) => [axis, rule.kind === 'fixed' ? rule.size : rule.kind === 'ragged' ? longest(offsets[axis] ?? [0, 0]) : by.includes(axis) ? parts.length : length(axis)])), offsets };
}

/** What a program makes of inputs. */
export function outputsOf(k: TileKernel, def: KernelDef, inputs: Readonly<Record<string, Float64Array>>, lengths: Lengths, observe?: Parameters<typeof runTile>[4]): Readonly<Record<string, Float64Array>> {
  const results = Object.fromEntries(def.results.map((r) => [r.name, new Float64Array(elements(def, r.order, lengths)).fill(NaN)]));
  runTile(k, { ...inputs, ...results }, lengths, false, observe);
  return results;
}

/** Fails where a later stage does not mean what an earlier one does. */
export function expectSameMeaning(def: KernelDef, stages: Stages, later: readonly string[], lengths: Lengths, seed: number, changed: (inputs: Record<string, Float64Array>) => Record<string, Float64Array> = (i) => i): void {
  const inputs = changed(inputsOf(def, lengths, seed));
  const [before] = stages.values();
  const last = stages.get('loads') ?? before;
  if (!last) throw new Error('no stages');
  const want = outputsOf(last, def, inputs, lengths);
  for (const stage of later) {
    const k = stages.get(stage);
    if (!k) throw new Error(`no stage '${stage}'`);
    const got = outputsOf(k, def, inputs, lengths);
    for (const [name, values] of Object.entries(want)) values.forEach((w, i) => {
      const g = got[name]?.[i] ?? NaN;
      // Float64: factors are put off, nothing else is computed otherwise.
      if (Number.isFinite(w) ? !(Math.abs(g - w) <= 1e-10 * Math.max(1, Math.abs(w))) : !Object.is(g, w)) expect.fail(`after '${stage}' ${name}[${i}] is ${g}, before ${w}, at ${JSON.stringify(lengths)}`);
    });
  }
}
