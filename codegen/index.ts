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
export { formatDiagnostic, type ReadLine } from './diagnose.js';
export { type Explanation, explanationOf, explanationsOf } from './explain.js';
export { explain, explainStages } from './explainText.js';
export { type KernelSource, readKernels, type ReadOptions } from './frontend/project.js';
export type { FunctionResources } from './ptxas.js';
export { stages, type Trace, tracing } from './trace.js';
