/**
 * Tests for kernels: what to draw, how far rounding may carry, and agreement between devices.
 * @module test
 */
export { type AgreeOnCase, type AgreeOnOpened, type AgreeOptions, agrees, type SourceOptions } from './agrees.js';
export { boundsOf, type CaseBounds } from './bounds.js';
export type { Call, Case, Given } from './call.js';
export { casesOf, type DrawOptions, type PerCase } from './cases.js';
export { dtype, floatDtypes, roundingUnit } from './dtypes.js';
export { kernelEmulator, type KernelEmulatorOptions } from './emulator.js';
export { bias, documentOf, type Mask, masks, sees } from './masks.js';
export { checkLaw, type LawOptions, type Reading } from './laws/checkLaw.js';
export type { Claim, Law, Relation, Sample } from './laws/law.js';
export { laws } from './laws/laws.js';
export type { Join } from './laws/split.js';
export type { Visible, VisibilityOptions } from './laws/visibility.js';
export { addMatchers, type Extendable, type Judgement } from './matchers.js';
export { type Environment, failureText, replayParameters, reporterOf, type TestPlace } from './replay.js';
export type { Bounds, Results } from './reference.js';
export type { CheckReport, DeviceChoice, MissingDevice, MissingOptions } from './runners.js';
export { edgeLengths, groupedHeads, length, type LengthOptions, lengths, raggedLengths } from './shapes.js';
export type { DeviceName, TestedKernel } from './subject.js';
export { type Bound, fusedBound, type Mismatch, mismatches, sumBound, tolerance, type ToleranceOptions } from './tolerance.js';
export { specials, uniform, values, type ValueOptions } from './values.js';
