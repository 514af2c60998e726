import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { TargetName } from '../../dsl/manifest.js';
import { compileFiles } from '../compile.js';
import { forCuda, packageRoot } from './build.js';
import { noKernel } from './check.js';
import { CommandError, warningsText } from './failure.js';
import { variantTable } from './resourceTable.js';
import { schedulesFor, warn } from './schedules.js';
import { sourceFiles } from './sourceFiles.js';

/** `build`: where `warpfold build` puts what it makes; beside `out` unless said. `schedules`: a table of measured schedules; those beside the files unless said. */
export interface CompileOptions { readonly target: readonly TargetName[]; readonly out: string; readonly check: boolean; readonly line: boolean; readonly resources: boolean; readonly build?: string; readonly watch?: boolean; readonly schedules?: string }

/** How a folder differs from what a compilation makes of it. */
interface Difference { readonly added: readonly string[]; readonly changed: readonly string[]; readonly stale: readonly string[] }

/**
 * Writes what the files compile to, or with `check` fails when that would change anything; with `resources` nvcc compiles it
 * too. Throws CompileError, CommandError and BuildError.
 */
export async function compile(paths: readonly string[], options: CompileOptions): Promise<void> {
  if (options.watch) {
    if (options.check || options.resources) throw new CommandError(`--watch writes whenever a source changes; run --${options.check ? 'check' : 'resources'} without it`);
    return (await import('./watch.js')).watch(paths, options);
  }
  const files = sourceFiles(paths);
  if (options.resources && options.target.every((t) => t === 'cpu')) throw new CommandError('--resources tells what ptxas says of the text for GPUs, which is not written; add --target sm_80');
  const start = performance.now();
  const schedules = schedulesFor(files, options.schedules);
  const { texts, manifest, report, warnings } = compileFiles(files, options.target, { ...manifestImports(options.out), ...(options.line && { line: folderName(options.out) }), schedules });
  if (report.length === 0) throw new CommandError(noKernel(paths));
  process.stderr.write(warningsText(warnings));
  warn(schedules.unused({ files: Object.values(manifest.kernels).map((k) => k.source), targets: options.target }));
  const difference = compare(options.out, texts);
  const changes = changesOf(difference);
  if (options.check && changes.length > 0) {
    throw new CommandError(`${options.out} is not what the sources compile to; run the same command without --check\n${changes.map((c) => `  ${c}`).join('\n')}`);
  }
  apply(options.out, texts, difference);
  const build = options.build ?? join(dirname(resolve(options.out)), 'build', 'kernels');
  if (options.resources) await forCuda({ generated: options.out, out: build });
  process.stdout.write(await variantTable(report, texts, build));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`\n${texts.size} files, ${changes.length} ${options.check ? 'differ' : 'changed'}, in ${seconds} s\n`);
}

const changesOf = (d: Difference): readonly string[] => [...d.added.map((p) => `new      ${p}`), ...d.changed.map((p) => `changed  ${p}`), ...d.stale.map((p) => `stale    ${p}`)];

/** Makes a folder what a compilation says, and gives what that changed: a line per file. */
export function bring(folder: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const difference = compare(folder, texts);
  apply(folder, texts, difference);
  return changesOf(difference);
}

function apply(folder: string, texts: ReadonlyMap<string, string>, difference: Difference): void {
  for (const path of [...difference.added, ...difference.changed]) write(join(folder, path), texts.get(path) ?? '');
  for (const path of difference.stale) rmSync(join(folder, path));
}

/** A folder as spans name files: relative to where the command runs. */
export const folderName = (folder: string): string => relative('.', folder).split(sep).join('/');

/** This package's own manifest imports its type from beside it, everybody else's from the package. */
export const manifestImports = (out: string): { readonly manifestImports?: string } => (resolve(out) === join(packageRoot(), 'kernels-generated') ? {} : { manifestImports: 'warpfold/dsl' });

/** Generated files are known by their first lines; anything else in the folder is not ours. */
function compare(folder: string, texts: ReadonlyMap<string, string>): Difference {
  const before = (path: string): string | undefined => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined);
  const paths = [...texts.keys()];
  const there = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name))) : [];
  return {
    added: paths.filter((p) => before(p) === undefined),
    changed: paths.filter((p) => before(p) !== undefined && before(p) !== texts.get(p)),
    stale: there.filter((p) => !texts.has(p) && /\.(cpp|cu)$/.test(p) && (before(p) ?? '').split('\n', 1)[0]?.includes('`warpfold compile`')).sort(),
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
