import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importedNames, packageSource, projectFiles } from '../templates.js';
import { CommandError } from './failure.js';

export interface NewOptions { readonly template: string }

/** Makes a folder with a project in it. Writes nothing where the folder is there already. Throws CommandError. */
export function newProject(folder: string, options: NewOptions): void {
  const name = kernelName(folder);
  const refuse = (): never => { throw new CommandError(`a kernel cannot be called '${name}', which means something else in its file; choose another name, as in my-${folder}`); };
  if (reserved.has(name) || importedNames(projectFiles(options.template, { name: '', package: '', source: '' })).has(name)) refuse();
  if (existsSync(folder)) throw new CommandError(`${folder} is there already, and nothing is overwritten; choose another name`);
  const files = projectFiles(options.template, { name, package: folder.toLowerCase(), source: packageSource(folder) });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  process.stdout.write(`${[...files.keys()].map((path) => `  ${folder}/${path}`).join('\n')}\n\nnext:\n  cd ${folder}\n  npm install\n  npm run check\n  npm test\n`);
}

/** Words that TypeScript keeps. */
const reserved = new Set('break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await package private public'.split(' '));

/** `row-norm` → rowNorm: the name of the kernel, in TypeScript, C++ and CUDA. */
function kernelName(folder: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*$/.test(folder)) throw new CommandError(`'${folder}' names no project: use letters and digits, words joined by -, as in row-norm`);
  return folder.replace(/[-_]([A-Za-z0-9])/g, (_, c: string) => c.toUpperCase()).replace(/^[A-Z]/, (c) => c.toLowerCase());
}
