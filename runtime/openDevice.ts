import type { Manifest } from '../dsl/manifest.js';
import { addon, type Gpu } from './addon.js';
import { openCpu } from './cpu.js';
import { openCuda, type Overlap } from './cuda.js';
import { type CudaTarget, cudaTargets, missingOnCuda } from './cudaFunctions.js';
import type { Device } from './device.js';
import { RuntimeError } from './error.js';
import { type GpuChoice, type UsableGpu, usableGpu } from './gpu.js';

/** `auto`: a GPU where one can be used and all kernels were built for it, else the processor. */
export type DeviceName = 'auto' | 'cpu' | 'cuda';

/** Kernels, where they lie compiled, and which GPU is meant; `target` and `overlap` as openCuda has them. */
export interface OpenOptions extends GpuChoice { readonly manifest: Manifest; readonly kernelsDir: string; readonly target?: CudaTarget | undefined; readonly overlap?: Overlap | undefined }

/** An open device, and one sentence about why it is this one. */
export interface OpenedDevice { readonly device: Device; readonly choice: string }

/** Opens a device by name. Throws R001 without the addon, R403 for a name that is none, and for `cuda` R112 and what openCuda throws: `auto` says it instead, and takes the processor. */
export function openDevice(name: DeviceName, options: OpenOptions): OpenedDevice {
  switch (name) {
    case 'cpu': return opened(openCpu(options), 'as asked for');
    case 'cuda': return opened(asked(options), 'as asked for');
    case 'auto': return chosen(options);
    default: throw new RuntimeError('R403', `device is '${String(name satisfies never)}', it must be 'auto', 'cpu' or 'cuda'`);
  }
}

const opened = (device: Device, why: string): OpenedDevice => ({ device, choice: `running on ${device.description}, ${why}` });

/** Before weights are loaded is the time to say that kernels are missing. */
function asked(options: OpenOptions): Device {
  const usable = usableGpu(addon(), options);
  const missing = missingOn(usable, options);
  if (missing.length > 0) throw new RuntimeError('R112', notBuilt(usable.gpu, missing), { remedy: buildThem });
  return openCuda(options);
}

function chosen(options: OpenOptions): OpenedDevice {
  try {
    const usable = usableGpu(addon(), options);
    const missing = missingOn(usable, options);
    if (missing.length > 0) return opened(openCpu(options), `because ${notBuilt(usable.gpu, missing)}; ${buildThem}`);
    return opened(openCuda(options), 'the GPU that was found');
  } catch (error) {
    // Without the addon nothing runs; whatever keeps a GPU from being used does not keep the processor.
    if (!(error instanceof RuntimeError) || error.code === 'R001') throw error;
    return opened(openCpu(options), `because ${error.message}`);
  }
}

const missingOn = (usable: UsableGpu, { manifest, kernelsDir, target }: OpenOptions): readonly string[] => missingOnCuda(manifest, kernelsDir, cudaTargets(usable, target));
const notBuilt = (gpu: Gpu, missing: readonly string[]): string => `${missing.length === 1 ? `kernel '${missing[0]}' was` : `${missing.length} kernels were`} not built for ${gpu.name}`;
const buildThem = 'put nvcc on the PATH and run `warpfold build`';
