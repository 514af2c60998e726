import { compileFiles } from '../compile.js';
import { readKernels } from '../frontend/project.js';
import { inTable } from './table.js';

/** Reads, type-checks and lowers the kernels of some files for the CPU and says what they are. Throws CompileError. */
export function check(files: readonly string[]): void {
  const kernels = readKernels(files, { typeCheck: true });
  compileFiles(files, ['cpu']);
  const rows = kernels.map((k) => [k.name, String(k.variants.length), k.params.map((p) => `${p.name} [${p.order.join(', ')}]`).join(' '), k.results.map((r) => `${r.name} [${r.order.join(', ')}]`).join(' '), k.file]);
  process.stdout.write(inTable(['kernel', 'variants', 'parameters', 'results', 'file'], rows));
}
