import type { Manifest } from '../dsl/manifest.js';
import { addon, type Gpu } from './addon.js';
import { cudaFunctions, type CudaTarget, cudaTargets } from './cudaFunctions.js';
import type { Device } from './device.js';
import { type GpuChoice, usableGpu } from './gpu.js';
import { createLauncher } from './launcher.js';
import { nativeDevice } from './nativeDevice.js';

/** What may run beside a launch on a GPU; see `overlap` of {@link CudaOptions}. */
export type Overlap = 'none' | 'beside' | 'early';

export interface CudaOptions extends GpuChoice {
  readonly manifest: Manifest;
  /** The folder that `warpfold build` fills: kernels lie in cuda/<kernel>.fatbin below it. */
  readonly kernelsDir: string;
  /** Waits for every launch, so that a failure names the one that caused it, and checks all offsets. Slow. */
  readonly debug?: boolean;
  /**
   * Every tensor is an allocation of its own with exactly its bytes, given back when it is disposed: a memory checker then
   * sees what lies outside of tensors, and what was never written. Slow.
   */
  readonly apart?: boolean;
  /**
   * Whose kernels run: `sm_80`, what every GPU runs, also where there is better; `sm_90a`, what only Hopper runs, where a
   * kernel has such code that serves the call. The best the GPU can unless said.
   */
  readonly target?: CudaTarget | undefined;
  /**
   * What runs beside a launch, for work of many short ones, such as a token's: `beside`, unless said: in recordings, what
   * touches no bytes that the other writes; `none`, nothing; `early`, the beginnings of the next one's blocks, which then wait
   * for it (compute capability 9.0; elsewhere as `none`).
   */
  readonly overlap?: Overlap | undefined;
}

/**
 * A GPU as a device. Its work runs in order on one stream, submitted by one native thread at most a few launches ahead.
 * Kernel files load on first use. Throws R001 without the addon, R020 and R021 without a GPU that can be used, R022 where
 * it does not open, R114 where it cannot run `target`.
 */
export function openCuda(options: CudaOptions): Device {
  const native = addon();
  const { driver, index, gpu } = usableGpu(native, options);
  const targets = cudaTargets({ driver, gpu }, options.target);
  const { overlap = 'beside' } = options;
  const thread = new native.DeviceThread(driver, index, options.debug === true, options.apart === true, overlap === 'beside');
  return nativeDevice({
    kind: 'cuda', thread,
    description: describe(gpu, driver.version()),
    launcher: createLauncher({ thread, manifest: options.manifest, targets, processors: gpu.processors, load: cudaFunctions({ native, thread, kernelsDir: options.kernelsDir, beginsEarly: overlap === 'early' }) }),
  });
}

const describe = (gpu: Gpu, version: number): string =>
  `${gpu.name}, ${gpu.processors} multiprocessors, ${Math.round(gpu.memoryBytes / 2 ** 30)} GiB, compute capability ${gpu.major}.${gpu.minor}, driver for CUDA ${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;
