import { existsSync, readFileSync } from 'node:fs';
import type { TargetName } from '../../dsl/manifest.js';
import { didYouMean } from '../../dsl/nearest.js';
import type { Span } from '../../dsl/span.js';
import { freshResources } from '../buildCuda.js';
import { codeList, codeText, noCode } from '../codes/catalogue.js';
import { compileFiles, targets } from '../compile.js';
import { explain, explainStages } from '../explainText.js';
import { type KernelSource, readKernels } from '../frontend/project.js';
import { stages } from '../trace.js';
import { noKernel } from './check.js';
import { CommandError } from './failure.js';
import { namesOf } from './kernelNames.js';
import { howToKnow, resourceTable } from './resourceTable.js';
import { schedulesFor } from './schedules.js';
import { oneFile } from './sourceFiles.js';

export interface ExplainOptions { readonly kernel?: string; readonly stage?: string; readonly target?: readonly TargetName[]; readonly build: string; readonly html?: string; readonly bench?: string; readonly codes?: boolean; readonly schedules?: string }

/** Prints what becomes of the kernels of a file, or the page of a code. Throws CompileError and CommandError. */
export async function explainSubject(subject: string | undefined, options: ExplainOptions): Promise<void> {
  if (options.codes) process.stdout.write(`${codeList()}\n`);
  else if (subject === undefined) throw new CommandError('name a TypeScript file with kernels, or a code such as S103; `--codes` lists all codes');
  else if (/^[A-Za-z]\d{1,4}$/.test(subject) && !existsSync(subject)) explainCode(subject.toUpperCase());
  else await explainFile(subject, options);
}

function explainCode(code: string): void {
  const text = codeText(code);
  if (text === undefined) throw new CommandError(noCode(code));
  process.stdout.write(`${text}\n`);
}

async function explainFile(file: string, options: ExplainOptions): Promise<void> {
  if (options.stage === 'list') {
    process.stdout.write(`${stages.join('\n')}\n`);
    return;
  }
  const wanted = options.stage?.split(',').map((s) => s.trim());
  const unknown = wanted?.find((s) => !stages.some((known) => known === s));
  if (unknown !== undefined) throw new CommandError(`there is no stage '${unknown}'; there are ${stages.join(', ')}${didYouMean(unknown, stages)}`);
  const kernels = chosen(file, options.kernel);
  if (options.html !== undefined) {
    if (wanted !== undefined) throw new CommandError('--html shows the whole way; leave out --stage');
    const { writePages } = await import('./explainPages.js');
    const { target: names = ['cpu', 'sm_80'], build, bench, schedules } = options;
    return writePages(file, kernels, { names, build, bench, path: options.html, schedules: schedulesFor([file], schedules) });
  }
  if (options.bench !== undefined) throw new CommandError('--bench puts measurements on a page; add --html');
  const [name = 'cpu'] = options.target ?? [];
  const { given } = schedulesFor([file], options.schedules);
  const resources = name !== 'cpu' && wanted === undefined ? await resourcesFor(file, name, options) : () => [];
  const texts = kernels.map((k) => (wanted === undefined ? explain(k, targets[name], sourceLine, { resources: resources(k.name), given }) : explainStages(k, targets[name], new Set(wanted), given)));
  process.stdout.write(`${texts.join('\n\n\n')}\n`);
}

/** What the launches of the kernels of a file take, as lines, where they were built from what the file compiles to now. Text for Hopper is written beside that for every GPU. */
async function resourcesFor(file: string, target: TargetName, { build, schedules }: ExplainOptions): Promise<(kernel: string) => readonly string[]> {
  const { texts, report } = compileFiles([file], target === 'sm_90a' ? ['sm_80', target] : [target], { schedules: schedulesFor([file], schedules) });
  const reports = await freshResources(texts, build);
  return (kernel) => {
    const launches = report.filter((r) => r.kernel === kernel && r.target === target).flatMap((r) => r.launches);
    if (launches.length === 0) return [`no text of its own for ${target}: that for sm_80 runs`];
    return launches.every((l) => reports.has(l.file)) ? [resourceTable(launches, reports).trimEnd()] : [howToKnow(1)];
  };
}

function chosen(file: string, kernel: string | undefined): readonly KernelSource[] {
  const all = readKernels([oneFile(file)]);
  const found = kernel === undefined ? all : all.filter((k) => k.name === kernel);
  if (found.length > 0) return found;
  throw new CommandError(kernel === undefined ? noKernel([file]) : `${file} has no kernel '${kernel}'; it has ${namesOf(all, kernel)}`);
}

function sourceLine(span: Span): string {
  try {
    return readFileSync(span.file, 'utf8').split('\n')[span.line - 1] ?? '';
  } catch {
    return '';
  }
}
