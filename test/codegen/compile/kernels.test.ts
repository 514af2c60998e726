import { readdirSync } from 'node:fs';
import { fc, test as property } from '@fast-check/vitest';
import { describe } from 'vitest';
import type { KernelDef } from '../../../dsl/definition.js';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import type { Target } from '../../../codegen/targets/target.js';
import { prefixSums } from '../../../runtime/parallelComp/batch.js';
import { expectAgreementOn, inputsOf } from '../tile/agreement.js';

const folder = 'runtime/kernels';
const files = readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => `${folder}/${f}`);

/** Little memory for tiles makes the model choose small blocks, so that small sizes already have many of them. */
const small: readonly Target[] = [{ ...targets.cpu, tileLimit: 6 * 1024 }, { ...targets.sm_80, tileLimit: 20 * 1024 }];

/** The variant with the shortest fixed axes of each kernel, where d is cut down: nothing in a kernel depends on its value. */
function variantOf(variants: readonly KernelDef[]): KernelDef {
  const [first] = variants;
  if (!first) throw new Error('a kernel without variants');
  return { ...first, sizes: Object.fromEntries(Object.entries(first.sizes).map(([a, rule]) => [a, rule.kind === 'fixed' ? { kind: 'fixed' as const, size: Math.min(6, rule.size) } : rule])) };
}

describe.each(readKernels(files).map((k) => [k.name, variantOf(k.variants)] as const))('the tile program of %s', (_name, def) => {
  const compiled = small.map((target) => compileKernel(def, target).launches.map((l) => l.kernel));
  const axes = Object.entries(def.sizes);
  const fixed = Object.fromEntries(axes.flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size] as const] : [])));
  const dynamic = axes.flatMap(([axis, rule]) => (rule.kind === 'dynamic' ? [axis] : []));
  const ragged = axes.flatMap(([axis, rule]) => (rule.kind === 'ragged' ? [axis] : []));
  const by = axes.flatMap(([, rule]) => (rule.kind === 'ragged' ? [rule.by] : []));
  const length = fc.integer({ min: 0, max: 9 });
  const all = <T>(names: readonly string[], one: fc.Arbitrary<T>) => fc.record(Object.fromEntries(names.map((axis) => [axis, one])));
  const drawn = fc.integer({ min: 1, max: 3 }).chain((parts) => fc.record({ parts: fc.constant(parts), lengths: all(dynamic, length), ragged: all(ragged, fc.array(length, { minLength: parts, maxLength: parts })) }));

  property.prop([drawn, fc.nat()], { numRuns: 15 })('equals its graph', ({ parts, lengths, ragged: rows }, seed) => {
    const offsets = Object.fromEntries(Object.entries(rows).map(([axis, own]) => [axis, prefixSums(own)]));
    const longest = Object.fromEntries(Object.entries(rows).map(([axis, own]) => [axis, Math.max(...own)]));
    const sizes = { ...fixed, ...lengths, ...longest, ...Object.fromEntries(by.map((axis) => [axis, parts])) };
    const inputs = inputsOf(def, { sizes, offsets }, seed);
    // What is added to a mean of squares is no less than 0; the root of a negative one is NaN wherever it is multiplied.
    const valid = { ...inputs, ...(inputs['eps'] && { eps: inputs['eps'].map(Math.abs) }) };
    for (const kernels of compiled) expectAgreementOn(def, kernels, valid, sizes, offsets);
  });
});
