import { cudaTarget } from './cuda.js';

/** Ampere and everything after it: 163 KiB of shared memory per block. */
export const sm80 = cudaTarget('sm_80', 163);
