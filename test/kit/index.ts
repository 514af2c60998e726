/**
 * Tests for kernels: what to draw, how far rounding may carry, and agreement between devices.
 * @module test
 */
export { agrees, type AgreeOptions } from './agrees.js';
export type { Case } from './call.js';
export { dtype, floatDtypes, roundingUnit } from './dtypes.js';
export { kernelEmulator, type KernelEmulatorOptions } from './emulator.js';
export { addMatchers } from './matchers.js';
export { parametersFrom } from './setup.js';
export { edgeLengths, groupedHeads, length, type LengthOptions, lengths, raggedLengths } from './shapes.js';
export { type Bound, fusedBound, type Mismatch, mismatches, sumBound } from './tolerance.js';
export { specials, uniform, values, type ValueOptions } from './values.js';
