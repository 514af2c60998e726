/**
 * Models and devices: load a model directory, ask documents of any length, launch kernels.
 * @module runtime
 */
export type { Gpu } from './addon.js';
export type { Device, DeviceStats, DeviceTensor, Recording } from './device.js';
export { type CopyPolicy, type EmulatorOptions, openEmulator } from './emulator.js';
export { RuntimeError, type RuntimeCode } from './error.js';
export type { DoneEvent, GenerateEvent, GenerateRequest, Method, Timings, TokenEvent, Usage } from './generate.js';
export { type GpuChoice, type Probe, probe } from './gpu.js';
export { type LoadOptions, loadModel, type Model, openCpuDevice, openCudaDevice } from './load.js';
export type { ModelConfig } from './model/config.js';
export type { Tokenizer } from './model/tokenizer.js';
export type { DeviceName } from './openDevice.js';
export { paperMix } from './parallelComp/calibration.js';
export { defaults, type GivenOptions, type ParallelCompOptions, type Zone, type ZoneRange } from './parallelComp/options.js';
export type { ChunkReport, EvictionReport, KeptTokens } from './parallelComp/report.js';
