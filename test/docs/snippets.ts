import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'examples', 'docs');

/** A block of TypeScript in a page: where it begins, and its text. */
export interface Snippet { readonly place: string; readonly text: string }

/** Every block marked `ts` in the pages of the documentation. */
export function snippets(): readonly Snippet[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.md')).sort();
  return pages.flatMap((page) => {
    const text = readFileSync(join(folder, page), 'utf8');
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((m) => ({ place: `${page}:${text.slice(0, m.index).split('\n').length + 1}`, text: m[1] ?? '' }));
  });
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true, types: ['node'], typeRoots: [join(root, 'node_modules', '@types')],
};

/** What TypeScript finds wrong in some texts as a reader's files would hold them, each with its place. */
export function typeErrors(all: readonly Snippet[]): readonly string[] {
  const paths = new Map(all.map((s, i) => [join(folder, `snippet${i}.ts`), s]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => paths.has(path) || fileExists.call(host, path);
  host.readFile = (path) => paths.get(path)?.text ?? readFile.call(host, path);
  host.getSourceFile = (path, version, ...rest) => {
    const own = paths.get(path);
    return own ? ts.createSourceFile(path, own.text, version, true) : getSourceFile.call(host, path, version, ...rest);
  };
  const program = ts.createProgram([...paths.keys()], options, host);
  return [...paths].flatMap(([path, { place }]) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((d) => `${place} +${file && d.start !== undefined ? file.getLineAndCharacterOfPosition(d.start).line : 0}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`);
  });
}
