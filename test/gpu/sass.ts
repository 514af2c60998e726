import { checkSass, hasCuobjdump } from '../../codegen/sass.js';
import { shipped } from './open.js';
import { checked, type Verdict } from './report.js';
import { testKernels } from './testKernels.js';

/** The machine code of every kernel that has some for Hopper alone, of those that ship and those of this folder, as cuobjdump shows it. */
export async function sass(): Promise<readonly Verdict[]> {
  const skipped = (why: string): readonly Verdict[] => [{ name: 'machine code for sm_90a', kind: 'skipped', why }];
  if (!(await hasCuobjdump())) return skipped('cuobjdump is not on the PATH');
  const sets = [shipped, testKernels()];
  const all = (await Promise.all(sets.map((s) => checkSass(s.manifest, s.kernelsDir)))).flat();
  return all.length === 0 ? skipped('no kernel has any') : all.map(({ kernel, faults }) => checked(`machine code for sm_90a of ${kernel}`, faults.length === 0, faults.join('; ')));
}
