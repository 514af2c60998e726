import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
import type { DeviceKind } from './options.js';

/** A device that says how long queued work takes. */
export interface TimedDevice extends Device {
  /** Seconds from the first to the last operation that `work` queues, by the device's own clock where it has one. */
  time(work: () => void): Promise<number>;
}

/** What a device is opened with: kernels, and the folder where they lie compiled. */
export interface KernelSet { readonly manifest: Manifest; readonly kernelsDir: string }

/** The folder with package.json, seen from the sources and from build/ts alike. */
export const root = join(import.meta.dirname.replace(/\/build\/ts\/test\/gpu$/, '/test/gpu'), '../..');

/** The kernels that ship with the package. */
export const shipped: KernelSet = { manifest, kernelsDir: join(root, 'build/kernels') };

/** A device over one set of kernels. */
export async function open(kind: DeviceKind, set: KernelSet = shipped): Promise<TimedDevice> {
  if (!existsSync(set.kernelsDir)) throw new Error(`${set.kernelsDir} is missing: build the kernels first`);
  return kind === 'cuda' ? (await cuda())(set) : onProcessor(openCpu(set));
}

/** The processor has no clock of its own: the host's, around a wait. */
function onProcessor(device: Device): TimedDevice {
  const time = async (work: () => void): Promise<number> => {
    await device.sync();
    const start = performance.now();
    work();
    await device.sync();
    return (performance.now() - start) / 1000;
  };
  return { ...device, time };
}

async function cuda(): Promise<(set: KernelSet) => TimedDevice> {
  const module: unknown = await import(new URL('../../runtime/cuda.js', import.meta.url).href);
  if (typeof module === 'object' && module !== null && 'openCuda' in module && typeof module.openCuda === 'function') return module.openCuda as (set: KernelSet) => TimedDevice;
  throw new Error('this build of the runtime has no openCuda');
}
