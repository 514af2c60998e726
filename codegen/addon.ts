import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compiler } from './compilers.js';

const missing = 'cmake was not found; it and g++ build the part of warpfold that loads kernels. On Debian: sudo apt-get install -y g++ cmake make';

/** Where the addon of a package lies. */
export const addonOf = (root: string): string => join(root, 'build', 'native', 'Release', 'warpfold.node');

/**
 * Builds the addon of a package that came without one that loads on this machine, from the sources and headers that came
 * with it. Throws a BuildError when cmake or g++ is missing or fails.
 */
export async function buildAddon(root: string): Promise<void> {
  const work = join(root, 'build', 'addon');
  // What cmake remembers of an earlier attempt holds only for the machine and the place of that attempt.
  rmSync(work, { recursive: true, force: true });
  await compiler('cmake', ['-S', join(root, 'runtime', 'native'), '-B', work, '-DCMAKE_BUILD_TYPE=Release', `-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${join(root, 'build', 'native', 'Release')}`], missing);
  await compiler('cmake', ['--build', work, '--parallel', '2'], missing);
}
