import { agrees } from '../kit/agrees.js';
import { kernelsOf } from './kernelsOf.js';
import { type KernelSet, open, shipped } from './open.js';
import type { ScriptOptions } from './options.js';
import { judged, type Verdict } from './report.js';
import { smallCases } from './smallCases.js';
import { testKernels } from './testKernels.js';

/** The kernels of this folder at small sizes against their own float64 references. */
export const smallOwn = (options: ScriptOptions): Promise<readonly Verdict[]> => small(options, testKernels(), './kernels');

/** Likewise the kernels that ship with the package. */
export const smallShipped = (options: ScriptOptions): Promise<readonly Verdict[]> => small(options, shipped, '../../runtime/kernels');

async function small({ device: kind, quick, apart, target, only = '' }: ScriptOptions, set: KernelSet, sources: string): Promise<readonly Verdict[]> {
  const kernels = await kernelsOf(sources);
  await using device = open(kind, set, { apart, target });
  const verdicts: Verdict[] = [];
  for (const { kernel: name, ...given } of smallCases(set.manifest, quick)) {
    if (!name.includes(only)) continue;
    verdicts.push(await judged(`${name} ${Object.values(given.dtypes ?? {}).join(' ')} ${JSON.stringify(given.sizes)}`, async () => {
      const kernel = kernels.get(name);
      if (kernel === undefined) throw new Error(`no module exports it`);
      await agrees(kernel, { ...given, devices: [device], manifest: set.manifest });
    }));
  }
  return verdicts;
}
