export type { Device, DeviceStats, DeviceTensor } from './device.js';
export { RuntimeError, type RuntimeCode } from './error.js';
export type { DoneEvent, GenerateEvent, GenerateRequest, Method, Timings, TokenEvent, Usage } from './generate.js';
export { type LoadOptions, loadModel, type Model, openCpuDevice } from './load.js';
export type { ModelConfig } from './model/config.js';
export type { Tokenizer } from './model/tokenizer.js';
export { paperMix } from './parallelComp/calibration.js';
export { defaults, type GivenOptions, type ParallelCompOptions, type Zone, type ZoneRange } from './parallelComp/options.js';
export type { ChunkReport, EvictionReport, KeptTokens } from './parallelComp/report.js';
