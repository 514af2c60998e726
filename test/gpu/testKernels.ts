import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../dsl/manifest.js';
import { type KernelSet, root } from './open.js';

/** Where build.ts leaves the kernels of this folder: texts, manifest.json, and kernels/ compiled. */
export const folder = join(root, 'build/gpu');

/** The compiled kernels of this folder. */
export function testKernels(): KernelSet {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new Error(`${path} is missing: run build/ts/test/gpu/build.js first`);
  // Written by build.ts as it came from the compiler.
  return { manifest: JSON.parse(readFileSync(path, 'utf8')) as Manifest, kernelsDir: join(folder, 'kernels') };
}
