import { expect, test } from 'vitest';
import { measuredPlan, type Targets } from '../../codegen/commands/measure/lengths.js';
import { readKernels } from '../../codegen/frontend/project.js';

const kernels = new Map(['linear', 'rmsNorm'].flatMap((f) => readKernels([`runtime/kernels/${f}.ts`])).map((k) => [k.name, k]));

/** Whose code is measured of a kernel in bf16, and at how many rows. */
function measured(name: string, targets: Targets, ...stated: readonly string[]): readonly [string, number | undefined] {
  const def = kernels.get(name)?.variants.find((v) => Object.values(v.dtypes).includes('bf16'));
  if (def === undefined) throw new Error(`no '${name}' in bf16`);
  const { plan, lengths } = measuredPlan(def, stated, { on: 'cuda', targets });
  return [plan.target.name, lengths['q']];
}

test('what is measured is what the runtime would choose: code for Hopper where a kernel has its own that serves the call', () => {
  const both: Targets = ['sm_90a', 'sm_80'];
  expect(measured('linear', both, 'q=8192')).toEqual(['sm_90a', 8192]);
  expect(measured('linear', both, 'q=4')).toEqual(['sm_80', 4]);
  expect(measured('rmsNorm', both, 'q=8192')).toEqual(['sm_80', 8192]);
});

test('or what is asked for, at the same lengths', () => {
  const [[, q], [, other]] = [measured('linear', ['sm_90a']), measured('linear', ['sm_80'])];
  expect(q).toBe(other);
  expect(measured('rmsNorm', ['sm_90a'])[0]).toBe('sm_90a');
});
