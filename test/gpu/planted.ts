import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Variant } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { mutantsOf, onlyLaunches } from '../emulator/mutants.js';
import { type KernelSet, root, shipped } from './open.js';
import { folder } from './testKernels.js';

// Kernels with one fault each, for tools that should report it.

/** Where build.ts leaves the text with a race. */
export const plantedFolder = join(folder, 'planted');

const { linear, widen } = manifest.kernels;
const inF32: readonly Variant[] = linear.variants.filter((v) => v.target === 'sm_80' && v.dtypes.E === 'f32' && !('serves' in v));

/** A shipped product without the barrier between the threads that load its operands and those that read them. */
export const racing: KernelSet & { readonly manifest: Manifest } = { manifest: { kernels: { linear: { ...linear, variants: inF32 } } }, kernelsDir: join(plantedFolder, 'kernels') };

/** The shipped conversion of `x` [few], which it is told has as many elements as `out` [x]. */
export const overrunning: KernelSet = {
  manifest: { kernels: { widen: { ...widen, sizes: { ...widen.sizes, few: { kind: 'dynamic' } }, params: widen.params.map((p) => ({ ...p, order: ['few'] })) } } },
  kernelsDir: shipped.kernelsDir,
};

/** Writes the text of `racing`. */
export function writePlanted(): void {
  const [launch] = inF32.flatMap((v) => v.launches);
  if (launch === undefined) throw new Error('linear has no launch for f32');
  const race = mutantsOf('linear.sm_80.cu', readFileSync(join(root, 'kernels-generated', launch.file), 'utf8')).find((m) => m.owner === launch.symbol && m.from === 'blockBarrier();');
  if (race === undefined) throw new Error(`${launch.symbol} has no barrier to take away`);
  mkdirSync(join(plantedFolder, 'cuda'), { recursive: true });
  writeFileSync(join(plantedFolder, launch.file), onlyLaunches(race.text, [launch.symbol]));
}
