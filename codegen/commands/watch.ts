import { type FSWatcher, existsSync, watch as watchFolder } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../dsl/diagnostic.js';
import { CompileError } from '../../dsl/diagnostic.js';
import { incremental, type Step } from '../incremental.js';
import { bring, type CompileOptions, folderName, manifestImports } from './compile.js';
import { failureOf, warningsText } from './failure.js';
import { schedulesFor } from './schedules.js';
import { isFolder, sourceFiles } from './sourceFiles.js';

/** Editors save in several steps: what follows within this time is one change. */
const settleMs = 20;

/**
 * Compiles files whenever they, or what they import, change: only the kernels that read differently, only the files whose
 * text is new. Mistakes are shown and waited out. Ends on Ctrl-C.
 */
export async function watch(paths: readonly string[], options: CompileOptions): Promise<void> {
  const compilation = incremental(options.target, { ...manifestImports(options.out), ...(options.line && { line: folderName(options.out) }), schedules: schedulesFor(sourceFiles(paths), options.schedules) });
  let refused = 0;
  const step = (changed: readonly string[]): string => {
    const start = performance.now();
    const made = compilation.step(sourceFiles(paths), changed);
    const written = made.compilation.report.length > 0 ? bring(options.out, made.compilation.texts) : [];
    complain(made.diagnostics);
    process.stderr.write(warningsText(made.warnings));
    const wasRefused = refused > 0;
    refused = made.diagnostics.length;
    const told = sentence(made, written, performance.now() - start, changed.length === 0);
    return wasRefused && refused === 0 ? `no errors any more${told === '' ? '' : `; ${told}`}` : told;
  };
  const say = (text: string): void => { if (text !== '') process.stdout.write(`${new Date().toTimeString().slice(0, 8)}  ${text}\n`); };
  const changed = changes();
  process.once('SIGINT', changed.stop);
  process.once('SIGTERM', changed.stop);
  say(step([]));
  changed.follow(foldersOf(paths, compilation.files()));
  process.stdout.write('watching; Ctrl-C ends it\n');
  for await (const batch of changed.batches) {
    say(step(batch));
    changed.follow(foldersOf(paths, compilation.files()));
  }
}

function complain(diagnostics: readonly Diagnostic[]): void {
  const [first, ...rest] = diagnostics;
  if (first) process.stderr.write(`${failureOf(CompileError.of([first, ...rest])).text}\n`);
}

/** What a step did, or nothing where nothing came of it. */
function sentence(made: Step, written: readonly string[], ms: number, isFirst: boolean): string {
  const errors = made.diagnostics.length;
  const what = [
    ...(made.recompiled.length > 0 ? [isFirst ? `${made.recompiled.length} ${made.recompiled.length === 1 ? 'kernel' : 'kernels'}` : made.recompiled.join(', ')] : []),
    ...(made.removed.length > 0 ? [`${made.removed.join(', ')} removed`] : []),
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}, nothing is written for what is refused`] : []),
  ];
  if (what.length === 0) return isFirst ? 'no kernel is exported yet' : '';
  const files = isFirst || written.length > 4 ? `${written.length} files` : written.map((w) => w.replace(/ +/, ' ')).join(', ') || 'no file changed';
  return `${what.join('; ')}  ${Math.round(ms)} ms  ${files}`;
}

/** Folders in which something that matters may change: of every file that was read or asked for. */
const foldersOf = (paths: readonly string[], files: readonly string[]): readonly string[] =>
  [...new Set([...files, ...sourceFiles(paths).map((p) => resolve(p))].map((f) => dirname(f)).concat(paths.filter(isFolder).map((p) => resolve(p))))].filter((f) => existsSync(f) && !f.includes('node_modules'));

interface Changes {
  /** Watches exactly these folders from now on. */
  readonly follow: (folders: readonly string[]) => void;
  /** Absolute paths that changed together. Ends when stopped. */
  readonly batches: AsyncIterable<readonly string[]>;
  readonly stop: () => void;
}

function changes(): Changes {
  const watchers = new Map<string, FSWatcher>();
  const pending = new Set<string>();
  let isStopped = false;
  let wake = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  const note = (path: string): void => {
    if (!path.endsWith('.ts') && existsSync(path) && !isFolder(path)) return;
    pending.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => wake(), settleMs);
  };
  const close = (folder: string): void => { watchers.get(folder)?.close(); watchers.delete(folder); };
  const open = (folder: string): void => {
    const watcher = watchFolder(folder, (_, name) => note(name === null ? folder : join(folder, name)));
    watchers.set(folder, watcher.on('error', () => close(folder)));
  };
  return {
    follow: (folders) => {
      for (const folder of [...watchers.keys()]) if (!folders.includes(folder)) close(folder);
      for (const folder of folders) if (!watchers.has(folder)) open(folder);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) close(folder);
      wake();
    },
    batches: (async function* batches() {
      while (!isStopped) {
        if (pending.size === 0) await new Promise<void>((done) => { wake = done; });
        if (isStopped) return;
        const batch = [...pending];
        pending.clear();
        yield batch;
      }
    })(),
  };
}
