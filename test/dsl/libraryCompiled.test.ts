import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { compileKernel, targets } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';
import { evaluate } from '../../codegen/graph/evaluate.js';
import { stream } from '../../codegen/stream/derive.js';
import type { KernelDef } from '../../dsl/definition.js';
import { type AnyTensor, array, denseOf, type Kernel, transposed } from '../../dsl/index.js';
import { mismatches } from '../kit/tolerance.js';
import { values } from '../kit/values.js';
import * as library from '../codegen/frontend/libraryKernels.js';
import * as together from './averaged.js';

// Each function of the library and each mask goes through the compiler in some kernel, and what is derived from it means
// what the kernel computes when it is called.

type AnyKernel = Kernel<(...inputs: never[]) => AnyTensor | Readonly<Record<string, AnyTensor>>>;
const kernels = new Map<string, AnyKernel>([...Object.values(library), ...Object.values(together)].map((k) => [k.kernelName, k]));
const variants = readKernels(['test/codegen/frontend/libraryKernels.ts', 'test/dsl/averaged.ts']).flatMap((s) => s.variants);

type Sizes = Readonly<Record<string, number>>;
interface Case { readonly sizes: Sizes; readonly inputs: Readonly<Record<string, Float64Array>> }

function caseOf(def: KernelDef, lengths: readonly number[], seed: number): Case {
  const sizes = Object.fromEntries(Object.entries(def.sizes).map(([axis, rule], i) => [axis, rule.kind === 'fixed' ? rule.size : (lengths[i % lengths.length] ?? 1)]));
  const inputs = Object.fromEntries(def.params.map((p, n) => {
    const count = p.order.reduce((l, a) => l * (sizes[a] ?? 1), 1);
    return [p.name, values(seed + n, count, p.dtype === 'i32' ? { dtype: 'i32', min: 0, max: 4 } : { dtype: p.dtype, min: -4, max: 4 })];
  }));
  return { sizes, inputs };
}

function reference(def: KernelDef, { sizes, inputs }: Case): Readonly<Record<string, ArrayLike<number>>> {
  const kernel = kernels.get(def.name);
  if (!kernel) throw new Error(`${def.name} was read but is not exported`);
  const ran = kernel.reference(def.params.map((p) => array(inputs[p.name] ?? [], { axes: p.order, shape: p.order.map((a) => sizes[a] ?? 1), dtype: p.dtype })), { sizes });
  return Object.fromEntries(def.results.map((r) => [r.name, denseOf(transposed(resultOf(ran, r.name), r.order)).data]));
}
const resultOf = (x: AnyTensor | Readonly<Record<string, AnyTensor>>, name: string): AnyTensor => {
  const found = 'data' in x ? x : Object.entries(x).find(([n]) => n === name)?.[1];
  if (typeof found !== 'object' || !('dtype' in found)) throw new Error(`there is no result ${name}`);
  return found as AnyTensor;
};

/** Blocks of `step` that cover an axis, the last one first: any partition in any order gives the same. */
const blocks = (step: number) => (_: string, size: number): readonly { readonly from: number; readonly size: number }[] =>
  Array.from({ length: Math.ceil(size / step) }, (_, i) => ({ from: i * step, size: Math.min(step, size - i * step) })).toReversed();

/** Both are float64, whose errors are 2²⁹ times smaller than one rounding to f32 of the largest value: what is above that is another formula. */
function differences(def: KernelDef, made: Readonly<Record<string, ArrayLike<number>>>, wanted: Readonly<Record<string, ArrayLike<number>>>): readonly string[] {
  return def.results.flatMap(({ name }) => {
    const expected = wanted[name] ?? [];
    const largest = Math.max(1, ...Array.from(expected).filter(Number.isFinite).map(Math.abs));
    return mismatches(made[name] ?? [], expected, largest * 2 ** -24).map((m) => `${name}[${m.index}]: ${m.actual}, expected ${m.expected}`);
  });
}

describe.each(variants.map((def) => [`${def.name} ${def.variant}`.trim(), def] as const))('%s', (_, def) => {
  example.each(Object.values(targets))('compiles for $name', (target) => {
    expect(compileKernel(def, target).launches.length).toBeGreaterThan(0);
  });

  test.prop([fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 4, maxLength: 4 }), fc.nat(), fc.integer({ min: 1, max: 4 })], { numRuns: 12 })('is what its loops compute, whatever the blocks', (lengths, seed, step) => {
    const drawn = caseOf(def, lengths, seed);
    expect(differences(def, evaluate(stream(def), drawn.inputs, drawn.sizes, { blocks: blocks(step) }), reference(def, drawn))).toEqual([]);
  });
});

example('a kernel that means something else is found', () => {
  const def = variants.find((v) => v.name === 'rowShares');
  const drawn = def && caseOf(def, [3, 4], 1);
  const wanted = def && drawn ? reference(def, drawn) : {};
  expect(def && differences(def, { ...wanted, p: Float64Array.from(wanted.p ?? [], (p) => p * (1 + 2 ** -20)) }, wanted).length).toBeGreaterThan(0);
});
