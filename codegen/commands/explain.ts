import { readFileSync } from 'node:fs';
import type { TargetName } from '../../dsl/manifest.js';
import type { Span } from '../../dsl/span.js';
import { targets } from '../compile.js';
import { explain, explainStages } from '../explain.js';
import { type KernelSource, readKernels } from '../frontend/project.js';
import { stages } from '../trace.js';
import { noKernel } from './check.js';
import { CommandError } from './failure.js';

export interface ExplainOptions { readonly kernel?: string; readonly stage?: string; readonly target: readonly TargetName[] }

/** Prints what becomes of the kernels of a file. Throws CompileError and CommandError. */
export function explainFile(file: string, options: ExplainOptions): void {
  if (options.stage === 'list') {
    process.stdout.write(`${stages.join('\n')}\n`);
    return;
  }
  const wanted = options.stage?.split(',').map((s) => s.trim());
  const unknown = wanted?.find((s) => !stages.some((known) => known === s));
  if (unknown !== undefined) throw new CommandError(`there is no stage '${unknown}'; there are ${stages.join(', ')}`);
  const [name = 'cpu'] = options.target;
  const texts = chosen(file, options.kernel).map((k) => (wanted === undefined ? explain(k, targets[name], sourceLine) : explainStages(k, targets[name], new Set(wanted))));
  process.stdout.write(`${texts.join('\n\n\n')}\n`);
}

function chosen(file: string, kernel: string | undefined): readonly KernelSource[] {
  const all = readKernels([file]);
  const found = kernel === undefined ? all : all.filter((k) => k.name === kernel);
  if (found.length > 0) return found;
  throw new CommandError(kernel === undefined ? noKernel([file]) : `${file} has no kernel '${kernel}'; it has ${all.map((k) => k.name).join(', ') || 'none'}`);
}

function sourceLine(span: Span): string {
  try {
    return readFileSync(span.file, 'utf8').split('\n')[span.line - 1] ?? '';
  } catch {
    return '';
  }
}
