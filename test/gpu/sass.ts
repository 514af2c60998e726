import { join } from 'node:path';
import { checkSass, hasCuobjdump } from '../../codegen/sass.js';
import { root, shipped } from './open.js';
import { checked, type Verdict } from './report.js';
import { folder, testKernels } from './testKernels.js';

/** The machine code of every kernel that has some for Hopper alone, of those that ship and those of this folder, as cuobjdump shows it. */
export async function sass(): Promise<readonly Verdict[]> {
  const skipped = (why: string): readonly Verdict[] => [{ name: 'machine code for sm_90a', kind: 'skipped', why }];
  if (!(await hasCuobjdump())) return skipped('cuobjdump is not on the PATH');
  const sets = [{ ...shipped, generated: join(root, 'kernels-generated') }, { ...testKernels(), generated: folder }];
  const all = (await Promise.all(sets.map(({ manifest, kernelsDir, generated }) => checkSass(manifest, { generated, out: kernelsDir })))).flat();
  return all.length === 0 ? skipped('no kernel has any') : all.map(({ kernel, faults }) => checked(`machine code for sm_90a of ${kernel}`, faults.length === 0, faults.join('; ')));
}
