import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The TypeScript files that arguments name: files as they stand, of a folder everything below it that can hold kernels. */
export function sourceFiles(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => (isFolder(path) ? below(path) : [path])))];
}

export const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

const below = (folder: string): readonly string[] => readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((e) => {
  if (e.isDirectory()) return e.name === 'node_modules' || e.name.startsWith('.') ? [] : below(join(folder, e.name));
  return /\.ts$/.test(e.name) && !/\.(d|test|spec)\.ts$/.test(e.name) ? [join(folder, e.name)] : [];
});
