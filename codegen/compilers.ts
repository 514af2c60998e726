import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** A compiler that is missing or refuses: `message` says what to do, or what the compiler said. */
export class BuildError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BuildError';
  }
}

/** Runs a compiler; what it said on stderr. Throws a BuildError: `missing` where there is no such command, else the compiler's own words. */
export function compiler(command: string, args: readonly string[], missing: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 1 << 26 }, (error, _out, said) => {
      if (!error) return resolve(said);
      reject(new BuildError(error.code === 'ENOENT' ? missing : `${command} ${args.find((a) => /\.(cpp|cu)$/.test(a)) ?? ''} failed:\n${said.trim()}`));
    });
  });
}

/** The version that a compiler gives of itself; undefined where there is no such command. */
export function versionOf(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ['--version'], (error, out) => resolve(error ? undefined : out));
  });
}

/** Runs `work` on all items, at most one per core at a time; rejects with the first failure. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), items.length) }, worker));
}

/** Whether a file is there and was made from what `stamp` says; the stamp lies beside it. */
export const isFresh = (file: string, stamp: string): boolean => existsSync(file) && existsSync(stampOf(file)) && readFileSync(stampOf(file), 'utf8') === stamp;

/** Where a file's stamp lies. */
export const stampOf = (file: string): string => `${file}.hash`;
