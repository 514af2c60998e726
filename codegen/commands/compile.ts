import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { TargetName } from '../../dsl/manifest.js';
import { compileFiles } from '../compile.js';
import { forCuda, packageRoot } from './build.js';
import { noKernel } from './check.js';
import { CommandError } from './failure.js';
import { variantTable } from './resourceTable.js';
import { fromHere, schedulesFor, warn } from './schedules.js';

/** `build`: where `warpfold build` puts what it makes; beside `out` unless said. `schedules`: a table of measured schedules; those beside the files unless said. */
export interface CompileOptions { readonly target: readonly TargetName[]; readonly out: string; readonly check: boolean; readonly line: boolean; readonly resources: boolean; readonly build?: string; readonly schedules?: string }

/** How a folder differs from what a compilation makes of it. */
interface Difference { readonly added: readonly string[]; readonly changed: readonly string[]; readonly stale: readonly string[] }

/**
 * Writes what the files compile to, or with `check` fails when that would change anything; with `resources` nvcc compiles it
 * too. Throws CompileError, CommandError and BuildError.
 */
export async function compile(files: readonly string[], options: CompileOptions): Promise<void> {
  if (options.resources && !options.target.includes('sm_80')) throw new CommandError('--resources tells what ptxas says of the text for sm_80, which is not written; add --target sm_80');
  const start = performance.now();
  const { texts, report, warnings } = compileFiles(files, options.target, { ...manifestImports(options.out), ...(options.line && { line: fromHere(options.out) }), schedules: schedulesFor(files, options.schedules) });
  warn(warnings);
  if (report.length === 0) throw new CommandError(noKernel(files));
  const difference = compare(options.out, texts);
  const changes = [...difference.added.map((p) => `new      ${p}`), ...difference.changed.map((p) => `changed  ${p}`), ...difference.stale.map((p) => `stale    ${p}`)];
  if (options.check && changes.length > 0) {
    throw new CommandError(`${options.out} is not what the sources compile to; run the same command without --check\n${changes.map((c) => `  ${c}`).join('\n')}`);
  }
  for (const path of [...difference.added, ...difference.changed]) write(join(options.out, path), texts.get(path) ?? '');
  for (const path of difference.stale) rmSync(join(options.out, path));
  const build = options.build ?? join(dirname(resolve(options.out)), 'build', 'kernels');
  if (options.resources) await forCuda({ generated: options.out, out: build });
  process.stdout.write(await variantTable(report, texts, build));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`\n${texts.size} files, ${changes.length} ${options.check ? 'differ' : 'changed'}, in ${seconds} s\n`);
}

/** This package's own manifest imports its type from beside it, everybody else's from the package. */
const manifestImports = (out: string): { readonly manifestImports?: string } => (resolve(out) === join(packageRoot(), 'kernels-generated') ? {} : { manifestImports: 'warpfold/dsl' });

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
