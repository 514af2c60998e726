import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from './failure.js';

/** The TypeScript files that arguments name: files as they stand, of a folder everything below it that can hold kernels. */
export function sourceFiles(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => (isFolder(path) ? below(path) : [path])))];
}

/** A path that is to be one file, as it stands. Throws CommandError on a folder, naming the files in it. */
export function oneFile(path: string): string {
  if (!isFolder(path)) return path;
  const [first, ...more] = below(path);
  throw new CommandError(`${path} is a folder; name one file with kernels${first === undefined ? '' : `, as ${first}`}${more.length === 0 ? '' : ` or one of ${more.length} more`}`);
}

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

const below = (folder: string): readonly string[] => readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((e) => {
  if (e.isDirectory()) return e.name === 'node_modules' || e.name.startsWith('.') ? [] : below(join(folder, e.name));
  return /\.ts$/.test(e.name) && !/\.(d|test|spec)\.ts$/.test(e.name) ? [join(folder, e.name)] : [];
});
