import { readdirSync } from 'node:fs';
import { fc, test as property } from '@fast-check/vitest';
import { describe } from 'vitest';
import type { KernelDef } from '../../../dsl/definition.js';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import type { Target } from '../../../codegen/targets/target.js';
import { expectAgreement } from '../tile/agreement.js';

const folder = 'runtime/kernels';
const files = readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => `${folder}/${f}`);

/** Little memory for tiles makes the model choose small blocks, so that small sizes already have many of them. */
const small: readonly Target[] = [{ ...targets.cpu, tileLimit: 6 * 1024 }, { ...targets.sm_80, tileLimit: 20 * 1024 }];

/** The variant with the shortest fixed axes of each kernel, where d is cut down: nothing in a kernel depends on its value. */
function variantOf(variants: readonly KernelDef[]): KernelDef {
  const [first] = variants;
  if (!first) throw new Error('a kernel without variants');
  return { ...first, sizes: Object.fromEntries(Object.entries(first.sizes).map(([a, rule]) => [a, rule.kind === 'fixed' ? { kind: 'fixed' as const, size: 6 } : rule])) };
}

describe.each(readKernels(files).map((k) => [k.name, variantOf(k.variants)] as const))('the tile program of %s', (_name, def) => {
  const compiled = small.map((target) => compileKernel(def, target).launches.map((l) => l.kernel));
  const dynamic = Object.entries(def.sizes).filter(([, rule]) => rule.kind !== 'fixed').map(([axis]) => axis);
  const fixed = Object.fromEntries(Object.entries(def.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size] as const] : [])));

  property.prop([fc.array(fc.integer({ min: 0, max: 9 }), { minLength: dynamic.length, maxLength: dynamic.length }), fc.nat()], { numRuns: 15 })('equals its graph', (lengths, seed) => {
    const sizes = { ...fixed, ...Object.fromEntries(dynamic.map((axis, i) => [axis, lengths[i] ?? 1])) };
    for (const kernels of compiled) expectAgreement(def, kernels, sizes, seed);
  });
});
