import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageRoot } from './build.js';

/** What stands for itself in a template's text as {{name}}, {{package}} and {{source}}, which is what npm installs warpfold from. */
export interface Filling { readonly name: string; readonly package: string; readonly source: string }

const folder = (): string => join(packageRoot(), 'codegen', 'templates');

/** The kinds of kernel that `warpfold new` can begin with. */
export const templateNames = (): readonly string[] => readdirSync(join(folder(), 'kernels')).sort();

export const packageVersion = (): string => readJson(join(packageRoot(), 'package.json'), 'version') ?? '';

/** What a project in `folder` depends on to have this warpfold: its version, or the tarball or folder it was itself installed from, which no registry has. */
export function packageSource(folder: string): string {
  const root = packageRoot();
  const modules = dirname(root);
  const from = readJson(join(modules, '.package-lock.json'), 'packages', 'node_modules/warpfold', 'resolved');
  const path = from?.startsWith('file:') ? resolve(dirname(modules), from.slice('file:'.length)) : undefined;
  return path === undefined || !existsSync(path) ? `^${packageVersion()}` : `file:${relative(resolve(folder), path).replaceAll('\\', '/')}`;
}

/** The text at these keys of a JSON file, if it is there. */
function readJson(file: string, ...keys: readonly string[]): string | undefined {
  if (!existsSync(file)) return undefined;
  const value = keys.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), JSON.parse(readFileSync(file, 'utf8')));
  return typeof value === 'string' ? value : undefined;
}

/** The files of a new project by path: what all projects have, and a kernel with its test and its benchmark. */
export function projectFiles(template: string, filling: Filling): ReadonlyMap<string, string> {
  const { name } = filling;
  const whole: Readonly<Record<string, string>> = {
    'project/package.json': 'package.json', 'project/tsconfig.json': 'tsconfig.json',
    'project/gitignore': '.gitignore', 'project/README.md': 'README.md',
    [`kernels/${template}/kernel.ts`]: `src/${name}.ts`, [`kernels/${template}/test.ts`]: `test/${name}.test.ts`, [`kernels/${template}/bench.mjs`]: `bench/${name}.mjs`,
  };
  return new Map(Object.entries(whole).map(([from, to]) => [to, filled(readFileSync(join(folder(), `${from}.template`), 'utf8'), filling)]));
}

/** What the files of a template import: a kernel cannot have one of these names. */
export const importedNames = (files: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([...files.values()].flatMap((text) => [...text.matchAll(/^import \{([^}]*)\}/gm)].flatMap((m) => (m[1] ?? '').split(',').map((n) => n.trim().replace(/^type /, '')))));

const filled = (text: string, filling: Filling): string => text.replace(/\{\{(name|package|source)\}\}/g, (_, key: keyof Filling) => filling[key]);
