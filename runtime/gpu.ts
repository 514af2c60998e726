import { type Addon, addon, type Cpu, type Gpu, type NativeCudaDriver } from './addon.js';
import { RuntimeError } from './error.js';

/** Which GPU: `index` counts as the driver does, `library` is the driver's file. */
export interface GpuChoice {
  /** 0 unless said. */
  readonly index?: number;
  /** libcuda.so.1 unless said. */
  readonly library?: string;
}

/** A GPU that kernels run on, and the driver that reaches it. */
export interface UsableGpu { readonly driver: NativeCudaDriver; readonly index: number; readonly gpu: Gpu }

/** Compute capability that the generated code needs: tensor cores for bf16, and copies into shared memory that do not wait. */
const oldest = { major: 8, minor: 0 } as const;

/** Finds a GPU. Throws R020 and R021, each saying what is missing: a driver, a new enough one, a GPU, its compute capability. */
export function usableGpu(native: Addon, { index = 0, library = 'libcuda.so.1' }: GpuChoice = {}): UsableGpu {
  const driver = new native.CudaDriver(library);
  const all = driver.devices();
  const gpu = all[index];
  if (gpu === undefined) throw new RuntimeError('R020', all.length === 0 ? 'the GPU driver sees no GPU' : `there is no GPU ${index}; there are ${all.map((g, i) => `${i}: ${g.name}`).join(', ')}`);
  if (gpu.major < oldest.major) throw new RuntimeError('R020', `${gpu.name} has compute capability ${gpu.major}.${gpu.minor}, kernels need ${oldest.major}.${oldest.minor} or later`);
  return { driver, index, gpu };
}

/** What devices there are; `why` says what is missing where one cannot be used. */
export interface Probe { readonly cpu: Cpu; readonly cuda: Gpu | { readonly why: string } }

/** Which devices this machine has, and why others are not there. Throws R001 without the addon. */
export function probe(choice: GpuChoice = {}): Probe {
  const native = addon();
  return { cpu: native.processor(), cuda: gpuOrWhy(native, choice) };
}

function gpuOrWhy(native: Addon, choice: GpuChoice): Probe['cuda'] {
  try {
    return usableGpu(native, choice).gpu;
  } catch (error) {
    if (error instanceof RuntimeError) return { why: error.message };
    throw error;
  }
}
