import { compileFor, everyOne } from '../compile.js';
import { readKernels } from '../frontend/project.js';
import { trusting } from '../trace.js';
import { CommandError, warningsText } from './failure.js';
import { sourceFiles } from './sourceFiles.js';
import { schedulesFor, warn } from './schedules.js';
import { inTable } from './table.js';

/** Reads, type-checks and lowers the kernels of some files for the CPU and says what they are. Throws CompileError and CommandError. */
export function check(paths: readonly string[]): void {
  const files = sourceFiles(paths);
  const kernels = readKernels(files, { typeCheck: true });
  if (kernels.length === 0) throw new CommandError(noKernel(paths));
  const schedules = schedulesFor(files);
  const compiled = everyOne(kernels, (k) => compileFor(k, ['cpu'], { trace: () => trusting, schedules }));
  process.stderr.write(warningsText(compiled.flatMap(([, c]) => c.warnings)));
  warn(schedules.unused({ files: kernels.map((k) => k.file), targets: ['cpu'] }));
  const rows = kernels.map((k) => [k.name, String(k.variants.length), k.params.map((p) => `${p.name} [${p.order.join(', ')}]`).join(' '), k.results.map((r) => `${r.name} [${r.order.join(', ')}]`).join(' '), k.file]);
  process.stdout.write(inTable(['kernel', 'variants', 'parameters', 'results', 'file'], rows));
}

/** What is said of files without kernels. */
export const noKernel = (files: readonly string[]): string => `${files.join(', ')}: no kernel is exported here; a kernel is export const k = kernel('k', { …sizes }, (x: In<…>): Out<…> => …)`;
