import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './build.js';

/** What stands for itself in a template's text as {{name}}, {{package}} and {{version}}. */
export interface Filling { readonly name: string; readonly package: string; readonly version: string }

const folder = (): string => join(packageRoot(), 'codegen', 'templates');

/** The kinds of kernel that `warpfold new` can begin with. */
export const templateNames = (): readonly string[] => readdirSync(join(folder(), 'kernels')).sort();

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

const filled = (text: string, filling: Filling): string => text.replace(/\{\{(name|package|version)\}\}/g, (_, key: keyof Filling) => filling[key]);
