import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest, TargetName } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { build } from '../build.js';
import { buildCuda } from '../buildCuda.js';
import type { Compilation } from '../compile.js';
import { buildEmulator } from '../emulator.js';
import { nativeIsa } from './build.js';
import { cacheFolder } from './cache.js';

/** Where kernels of users' files run. */
export type CompiledDevice = 'cpu' | 'cuda' | 'emulator';

/** What kernels are compiled for that a device runs: on a GPU all that this one runs, where there is one; in the emulator what is asked for. */
export async function targetsOf(on: CompiledDevice, { target }: EmulatorSettings = {}): Promise<readonly TargetName[]> {
  switch (on) {
    case 'cpu': return ['cpu'];
    case 'cuda': return (await import('./gpuTargets.js')).gpuTargets();
    case 'emulator': return target === 'sm_90a' ? ['sm_80', target] : ['sm_80'];
    default: return on satisfies never;
  }
}

/** Builds what was compiled, in a folder that the texts name, and opens the device that runs it. Throws BuildError, RuntimeError. */
export function openCompiled(on: CompiledDevice, { texts, manifest }: Compilation, settings: EmulatorSettings = {}): Promise<Device> {
  const folder = join(cacheFolder(), createHash('sha256').update([...texts].flat().join('\0')).digest('hex').slice(0, 16));
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return open[on](manifest, folder, settings);
}

/** Of the emulator, as its options say. */
export interface EmulatorSettings { readonly processors?: number; readonly target?: Exclude<TargetName, 'cpu'> }

/** Builds what lies in a folder and opens the device that runs it. */
const open: Readonly<Record<CompiledDevice, (manifest: Manifest, folder: string, settings: EmulatorSettings) => Promise<Device>>> = {
  async cpu(manifest, folder) {
    const { openCpu } = await import('../../runtime/cpu.js');
    const kernelsDir = join(folder, 'build');
    await build({ generated: folder, out: kernelsDir, isas: await nativeIsa() });
    return openCpu({ manifest, kernelsDir });
  },
  async cuda(manifest, folder) {
    const { openCuda } = await import('../../runtime/cuda.js');
    const kernelsDir = join(folder, 'build');
    // Before nvcc runs: that there is no GPU is said at once.
    const device = openCuda({ manifest, kernelsDir });
    await buildCuda({ generated: folder, out: kernelsDir });
    return device;
  },
  async emulator(manifest, folder, settings) {
    const { openEmulator } = await import('../../runtime/emulator.js');
    const kernelsDir = join(folder, 'build');
    await buildEmulator({ manifest, generated: folder, out: kernelsDir, shared: cacheFolder(), target: settings.target });
    return openEmulator({ manifest, kernelsDir, ...settings });
  },
};
