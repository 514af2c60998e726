import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts'], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true, types: [],
};
const parsed = new Map<string, ts.SourceFile>();

/** A program over texts that stand beside this file; the language's own source is read once for all programs. */
export function programOf(texts: Readonly<Record<string, string>>): ts.Program {
  const paths = new Map(Object.entries(texts).map(([name, text]) => [resolve(here, `${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const onDisk = host.getSourceFile;
  host.fileExists = (path) => paths.has(resolve(path)) || existsSync(path);
  host.readFile = (path) => paths.get(resolve(path)) ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  host.getSourceFile = (path, version, ...rest) => {
    const text = paths.get(resolve(path));
    if (text !== undefined) return ts.createSourceFile(path, text, version, true);
    const file = parsed.get(path) ?? onDisk.call(host, path, version, ...rest);
    if (file) parsed.set(path, file);
    return file;
  };
  return ts.createProgram([...paths.keys()], options, host);
}

/** The errors of one text of a program, each as `line: message`, with the members of unions sorted: their order is the checker's affair. */
export function errorsIn(program: ts.Program, name: string): readonly string[] {
  const file = program.getSourceFile(resolve(here, `${name}.ts`));
  if (!file) throw new Error(`${name} is not in the program`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((d) => sortUnions(ts.flattenDiagnosticMessageText(d.messageText, '\n')));
}

const sortUnions = (text: string): string => text.replace(/("?)\b\w+\1( \| \1\w+\1)+/g, (union) => union.split(' | ').sort().join(' | '));
