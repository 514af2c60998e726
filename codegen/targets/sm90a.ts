import { cudaTarget } from './cuda.js';

/** Hopper: 227 KiB of shared memory per block. */
export const sm90a = cudaTarget('sm_90a', 227);
