import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import { openCuda, type Overlap } from '../../runtime/cuda.js';
import type { CudaTarget } from '../../runtime/cudaFunctions.js';
import type { Device } from '../../runtime/device.js';
import { openEmulator } from '../../runtime/emulator.js';
import type { DeviceKind } from './options.js';

/** What a device is opened with: kernels, and the folder where they lie compiled. */
export interface KernelSet { readonly manifest: Manifest; readonly kernelsDir: string }

/** The folder with package.json, seen from the sources and from build/ts alike. */
export const root = join(import.meta.dirname.replace(/\/build\/ts\/test\/gpu$/, '/test/gpu'), '../..');

/** The kernels that ship with the package. */
export const shipped: KernelSet = { manifest, kernelsDir: join(root, 'build/kernels') };

/** `apart`: on a GPU every tensor is an allocation of its own, for tools that watch memory. `target`: whose kernels run there and in the emulator. `overlap` as openCuda has it. */
export interface OpenHow { readonly apart?: boolean; readonly target?: CudaTarget | undefined; readonly overlap?: Overlap | undefined }

/** A device over one set of kernels. Throws R020 and R021 where there is no GPU that can be used. */
export function open(kind: DeviceKind, set: KernelSet = shipped, how: OpenHow = {}): Device {
  if (!existsSync(set.kernelsDir)) throw new Error(`${set.kernelsDir} is missing: build the kernels first`);
  return openers[kind](set, how);
}

const openers: Readonly<Record<DeviceKind, (set: KernelSet, how: OpenHow) => Device>> = { cpu: openCpu, cuda: (set, { apart, target, overlap }) => openCuda({ ...set, apart: apart === true, target, overlap }), emulator: (set, { target }) => openEmulator({ ...set, target }) };
