import { agrees } from '../kit/agrees.js';
import { open } from './open.js';
import type { ScriptOptions } from './options.js';
import { judged, type Verdict } from './report.js';
import { smallCases } from './smallCases.js';
import { testKernels } from './testKernels.js';

/** Every kernel of this folder at small sizes against its own float64 reference. */
export async function small({ device: kind, quick, only = '' }: ScriptOptions): Promise<readonly Verdict[]> {
  const set = testKernels();
  await using device = await open(kind, set);
  const verdicts: Verdict[] = [];
  for (const { kernel, ...given } of smallCases(set.manifest, quick)) {
    if (!kernel.kernelName.includes(only)) continue;
    const name = `${kernel.kernelName} ${Object.values(given.dtypes ?? {}).join(' ')} ${JSON.stringify(given.sizes)}`;
    verdicts.push(await judged(name, () => agrees(kernel, { ...given, devices: [device], manifest: set.manifest })));
  }
  return verdicts;
}
