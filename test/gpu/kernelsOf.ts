import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Kernel } from '../../dsl/index.js';

/** The kernels that the modules of a folder export, by name. `folder` is relative to this file. */
export async function kernelsOf(folder: string): Promise<ReadonlyMap<string, Kernel<never>>> {
  const path = join(import.meta.dirname, folder);
  const modules = readdirSync(path).filter((f) => /(?<!\.d)\.(ts|js)$/.test(f));
  const exported = await Promise.all(modules.map(async (f): Promise<readonly unknown[]> => Object.values(await import(pathToFileURL(join(path, f)).href) as Record<string, unknown>)));
  return new Map(exported.flat().filter(isKernel).map((k) => [k.kernelName, k]));
}

const isKernel = (x: unknown): x is Kernel<never> => typeof x === 'function' && 'kernelName' in x && 'reference' in x;
