import { readFileSync } from 'node:fs';
import type { TargetName } from '../../dsl/manifest.js';
import type { Span } from '../../dsl/span.js';
import { freshResources } from '../buildCuda.js';
import { compileFiles, targets } from '../compile.js';
import { explain, explainStages } from '../explain.js';
import { stages } from '../trace.js';
import { CommandError } from './failure.js';
import { kernelsOf } from './kernels.js';
import { howToKnow, resourceTable } from './resourceTable.js';
import { schedulesFor } from './schedules.js';

export interface ExplainOptions { readonly kernel?: string; readonly stage?: string; readonly target: readonly TargetName[]; readonly build: string; readonly schedules?: string }

/** Prints what becomes of the kernels of a file. Throws CompileError and CommandError. */
export async function explainFile(file: string, options: ExplainOptions): Promise<void> {
  if (options.stage === 'list') {
    process.stdout.write(`${stages.join('\n')}\n`);
    return;
  }
  const wanted = options.stage?.split(',').map((s) => s.trim());
  const unknown = wanted?.find((s) => !stages.some((known) => known === s));
  if (unknown !== undefined) throw new CommandError(`there is no stage '${unknown}'; there are ${stages.join(', ')}`);
  const [name = 'cpu'] = options.target;
  const kernels = kernelsOf(file, options.kernel);
  const { given } = schedulesFor([file], options.schedules);
  const resources = name === 'sm_80' && wanted === undefined ? await resourcesIn(file, options) : () => [];
  const texts = kernels.map((k) => (wanted === undefined ? explain(k, targets[name], sourceLine, { resources: resources(k.name), given }) : explainStages(k, targets[name], new Set(wanted), given)));
  process.stdout.write(`${texts.join('\n\n\n')}\n`);
}

/** What the launches of the kernels of a file take, as lines, where they were built from what the file compiles to now. */
async function resourcesIn(file: string, { build, schedules }: ExplainOptions): Promise<(kernel: string) => readonly string[]> {
  const { texts, report } = compileFiles([file], ['sm_80'], { schedules: schedulesFor([file], schedules) });
  const reports = await freshResources(texts, build);
  return (kernel) => {
    const functions = reports.get(kernel);
    const launches = report.filter((r) => r.kernel === kernel).flatMap((r) => r.launches);
    return functions === undefined ? [howToKnow(1)] : [resourceTable(launches, functions).trimEnd()];
  };
}

function sourceLine(span: Span): string {
  try {
    return readFileSync(span.file, 'utf8').split('\n')[span.line - 1] ?? '';
  } catch {
    return '';
  }
}
