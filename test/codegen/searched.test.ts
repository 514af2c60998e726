import { describe, expect, test } from 'vitest';
import { searchSchedules } from '../../codegen/candidates.js';
import { compilePlan, planVariants, targets } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';

// What a search gives to be measured, for shipped kernels on Hopper: every one of it compiles, and a table can hold it.

const lengths = { q: 4096, k: 4096, e: 4096, f: 4096, g: 8, r: 8, i: 8, h: 8 };

describe.each(['linearRope', 'linear', 'causalAttention'])('schedules of %s', (file) => {
  const defs = readKernels([`runtime/kernels/${file}.ts`]).flatMap((k) => k.variants).filter((v) => v.dtypes['E'] === 'bf16');

  test.each(defs.map((def) => [`${def.name} ${def.variant}`, def] as const))('%s: the model\'s is the first, and what the passes refuse is left out', (_, def) => {
    for (const plan of planVariants(def, targets.sm_90a)) for (const launch of plan.launches) {
      const { candidates, launchable } = searchSchedules(plan, launch, { lengths, processors: 132, top: 12, within: 1, others: () => undefined });
      expect(candidates[0]).toMatchObject({ predicted: 1, compiled: { launches: compilePlan(plan).launches.map((l) => ({ kernel: { schedule: l.kernel.schedule } })) } });
      expect(candidates.length).toBeGreaterThan(Math.min(1, launchable - 1));
    }
  });
});
