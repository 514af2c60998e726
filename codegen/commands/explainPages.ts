import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TargetName } from '../../dsl/manifest.js';
import { freshResources } from '../buildCuda.js';
import { compileFiles, estimate, launchSpecs, targets } from '../compile.js';
import { type Explanation, explanationsOf } from '../explain.js';
import type { KernelSource } from '../frontend/project.js';
import type { Lookup } from '../givens.js';
import { indexPage } from '../page/indexPage.js';
import { kernelPage, type PageInputs } from '../page/kernelPage.js';
import { resourcesIn } from '../resources.js';
import { CommandError } from './failure.js';
import { type FindMeasured, readMeasured } from './measured.js';
import { progress } from './progress.js';
import { howToKnow } from './resourceTable.js';

export interface PagesOptions { readonly names: readonly TargetName[]; readonly build: string; readonly path: string; readonly bench: string | undefined; readonly schedules: Lookup }

/** Writes a page for each kernel of a file: into `path` itself where it names an HTML file, else into a folder with an index. Prints what it wrote. Throws CompileError and CommandError. */
export async function writePages(file: string, kernels: readonly KernelSource[], options: PagesOptions): Promise<void> {
  const { names, path, schedules } = options;
  const isFile = /\.html?$/i.test(path) && !isFolder(path);
  if (isFile && kernels.length > 1) throw new CommandError(`${file} has ${kernels.length} kernels, and ${path} is one page; choose one with --kernel (${kernels.map((k) => k.name).join(', ')}) or give a folder`);
  const inputs = await inputsFor(file, kernels, options);
  const bar = progress('explaining');
  const pages: { readonly kernel: KernelSource; readonly explanations: readonly Explanation[]; readonly text: string }[] = [];
  try {
    for (const [i, kernel] of kernels.entries()) {
      bar.update(i, kernels.length, kernel.name);
      const explanations = explanationsOf(kernel, names.map((n) => targets[n]), schedules.given);
      pages.push({ kernel, explanations, text: await kernelPage(explanations, inputs) });
    }
  } finally {
    bar.stop();
  }
  const out = isFile ? dirname(path) : path;
  mkdirSync(out, { recursive: true });
  const write = (to: string, text: string): void => {
    writeFileSync(to, text);
    process.stdout.write(`${to}\n`);
  };
  for (const { kernel, text } of pages) write(isFile ? path : join(out, `${kernel.name}.html`), text);
  if (!isFile) write(join(out, 'index.html'), await indexPage(file, pages.map((p) => entryOf(p.kernel, p.explanations, names))));
}

function entryOf(kernel: KernelSource, explanations: readonly Explanation[], names: readonly TargetName[]) {
  const [first] = explanations;
  return { kernel: kernel.name, page: `${kernel.name}.html`, line: first?.compiled.def.span.line ?? 1, variants: kernel.variants.map((v) => v.variant), targets: names, estimate: first === undefined ? '' : estimate(first.compiled) };
}

async function inputsFor(file: string, kernels: readonly KernelSource[], { names, build, bench, schedules }: PagesOptions): Promise<PageInputs> {
  const measured: FindMeasured = bench === undefined ? () => undefined : readMeasured(bench, kernels.map((k) => k.name));
  const gpus = names.filter((n) => n !== 'cpu');
  const reports = await freshResources(gpus.length > 0 ? compileFiles([file], gpus, { schedules }).texts : new Map(), build);
  return {
    textOf: readable, howToKnow: howToKnow(1),
    measured: ({ kernel, compiled }) => measured(kernel, compiled.def.variant, compiled.target.name),
    resources: ({ kernel, compiled }) => {
      const launches = launchSpecs(kernel, compiled);
      return launches.every((l) => reports.has(l.file)) ? resourcesIn(launches, reports) : undefined;
    },
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
