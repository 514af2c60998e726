import { addon } from '../../runtime/addon.js';
import { type CudaTarget, cudaTargets } from '../../runtime/cudaFunctions.js';
import { RuntimeError } from '../../runtime/error.js';
import { usableGpu } from '../../runtime/gpu.js';

/** Whose code the GPU at hand runs, the best first. Where there is none, whoever opens it says so. */
export function gpuTargets(): readonly CudaTarget[] {
  try {
    return cudaTargets(usableGpu(addon()));
  } catch (error) {
    if (error instanceof RuntimeError) return ['sm_80'];
    throw error;
  }
}
