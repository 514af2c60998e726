export { build, type BuildOptions, type BuildReport, BuildError } from './build.js';
export { type Compilation, type CompiledVariant, type CompileOptions, compileFiles, compileKernel, type ReportRow, targets } from './compile.js';
export { buildEmulator, type EmulatorBuildOptions } from './emulator.js';
export { formatDiagnostic, type ReadLine } from './diagnose.js';
export { explain, explainStages } from './explain.js';
export { type KernelSource, readKernels, type ReadOptions } from './frontend/project.js';
export { stages, type Trace, tracing } from './trace.js';
