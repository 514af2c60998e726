/**
 * The compiler from a program: read kernels, derive, print, build, explain.
 * @module codegen
 */
export { build, type BuildOptions, type BuildReport } from './build.js';
export { buildCuda, type BuiltFatbin, type CudaBuildOptions, type CudaBuildReport } from './buildCuda.js';
export { BuildError } from './compilers.js';
export { type Compilation, type CompiledLaunch, type CompiledVariant, type CompileOptions, compileFiles, compileKernel, type ReportRow, targets } from './compile.js';
export { type CompiledDevice, openKernels, type OpenKernelsOptions } from './commands/openKernels.js';
export { codesMarkdown } from './codes/catalogue.js';
export { buildEmulator, type EmulatorBuildOptions } from './emulator.js';
export type { EmittedFile } from './emit/file.js';
export type { Line } from './emit/writer.js';
export { formatDiagnostic, type ReadLine } from './diagnose.js';
export { type Explanation, type FusionNote, type Proof, explanationOf, explanationsOf } from './explain.js';
export { explain, explainStages } from './explainText.js';
export type { Given, Givens } from './fitting.js';
export { type Lookup, lookup, type PlacedEntry } from './givens.js';
export { type ParsedTable, parseTable, type TableEntry, type TableMistake, tableText } from './schedule/table.js';
export type { ReadOptions } from './frontend/open.js';
export { type KernelSource, readKernels } from './frontend/project.js';
export type { FunctionResources } from './ptxas.js';
export type { Products, Schedule, ScheduleChoice } from './schedule/schedule.js';
export type { Verification } from './stream/verify.js';
export { stages, type Trace, tracing } from './trace.js';
