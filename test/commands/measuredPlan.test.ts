import { expect, test } from 'vitest';
import { measuredPlan, measuredPlans, type Targets } from '../../codegen/commands/measure/lengths.js';
import { planVariants, targets } from '../../codegen/compile.js';
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
  expect(measured('linear', both, 'q=4')).toEqual(['sm_90a', 4]);
  expect(measured('linear', both, 'q=1')).toEqual(['sm_80', 1]);
  expect(measured('rmsNorm', both, 'q=8192')).toEqual(['sm_80', 8192]);
});

test('or what is asked for, at the same lengths', () => {
  const [[, q], [, other]] = [measured('linear', ['sm_90a']), measured('linear', ['sm_80'])];
  expect(q).toBe(other);
  expect(measured('rmsNorm', ['sm_90a'])[0]).toBe('sm_90a');
});

test.each(['linear', 'causalAttention', 'normLinear', 'queryAttention'])('of %s every form is measured at lengths that it serves and those before it do not', (file) => {
  for (const def of readKernels([`runtime/kernels/${file}.ts`]).flatMap((k) => k.variants)) {
    const all = measuredPlans(def, [], { on: 'cuda', targets: ['sm_90a', 'sm_80'] });
    const forms = planVariants(def, targets.sm_80).map((p) => p.form);
    expect(all.map(({ plan }) => plan.form.suffix)).toEqual(forms.map((f) => f.suffix));
    for (const { plan, lengths } of all) {
      const first = forms.find((f) => f.serves.every(({ axes, atMost }) => axes.reduce((n, a) => n * (lengths[a] ?? 1), 1) <= atMost));
      expect(first?.suffix).toBe(plan.form.suffix);
    }
  }
});

test('stated lengths stay: forms that they leave nothing to are not measured', () => {
  const def = kernels.get('linear')?.variants[0];
  if (def === undefined) throw new Error('no linear');
  const all = measuredPlans(def, ['q=512'], { on: 'cuda', targets: ['sm_80'] });
  expect(all.map(({ plan, lengths }) => [plan.form.suffix, lengths['q']])).toEqual([['', 512]]);
});
