/**
 * Models and devices: load a model directory, ask documents of any length, launch kernels.
 * @module runtime
 */
export type { Cpu, Gpu, InstructionSet } from './addon.js';
export { type CpuOptions, openCpu } from './cpu.js';
export { type CudaOptions, openCuda, type Overlap } from './cuda.js';
export type { CudaTarget } from './cudaFunctions.js';
export type { Device, DeviceStats, DeviceTensor, DeviceTrace, HostArrays, LaunchArgs, Recording, Span } from './device.js';
export type { Document, PrefillRequest } from './document.js';
export { type CopyPolicy, type EmulatorOptions, openEmulator } from './emulator.js';
export { type ErrorDetails, RuntimeError, type RuntimeCode } from './error.js';
export type { DoneEvent, GenerateEvent, Phases, Timings, TokenEvent, Usage } from './events.js';
export { type GpuChoice, type Probe, probe } from './gpu.js';
export type { LikelihoodRequest, Likelihoods } from './likelihood.js';
export { type Launch, typedLaunch } from './launch.js';
export { type LoadOptions, loadModel, openCpuDevice, openCudaDevice } from './load.js';
export type { Model } from './model.js';
export type { ChatMessage, ChatTemplate } from './model/chatTemplate.js';
export type { ModelConfig, RopeScaling } from './model/config.js';
export type { Tokenizer } from './model/tokenizer.js';
export type { DeviceName } from './openDevice.js';
export { paperMix } from './parallelComp/calibration.js';
export { defaults, type GivenOptions, type ParallelCompOptions, type Zone, type ZoneRange } from './parallelComp/options.js';
export { type ChunkReport, type EvictionReport, type KeptTokens, tokenOf } from './parallelComp/report.js';
export type { GenerateRequest, Method, QuestionRequest, ReadMethod, SamplingRequest } from './request.js';
export { spanChannel } from './spans.js';
export { type ServeHooks, type Server, serveModel } from './server/serve.js';
export type { RequestDefaults, SamplingDefaults } from './server/asked.js';
export type { RequestLog } from './server/log.js';
export type { ServerOptions } from './server/options.js';
export type { ParallelCompBody } from './server/schema.js';
export type { WireUsage } from './server/wire.js';
