import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['dsl', 'codegen', 'runtime', 'kernels-generated', 'examples', 'test'] as const;

/** Files that may be longer than 300 lines, each with the reason why it is one idea all the same. */
const longFiles: Readonly<Record<string, string>> = {};

/** Which folders a folder may import. A file takes the row with the longest matching path; '*' is every folder. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  dsl: ['dsl'],
  codegen: ['dsl', 'codegen'],
  // The command line is the one place where compiler and runtime meet.
  'codegen/cli.ts': ['dsl', 'codegen', 'runtime', 'kernels-generated'],
  'codegen/commands': ['dsl', 'codegen', 'runtime', 'kernels-generated'],
  'codegen/frontend': ['dsl', 'codegen/frontend'],
  'codegen/graph': ['dsl', 'codegen/graph', 'codegen/schedule', 'codegen/frontend'],
  'codegen/stream': ['dsl', 'codegen/stream', 'codegen/graph', 'codegen/schedule'],
  'codegen/tile': ['dsl', 'codegen/tile', 'codegen/graph', 'codegen/stream', 'codegen/schedule'],
  'codegen/schedule': ['dsl', 'codegen/schedule', 'codegen/tile', 'codegen/graph'],
  'codegen/targets': ['dsl', 'codegen/targets', 'codegen/emit', 'codegen/tile', 'codegen/schedule'],
  'codegen/emit': ['dsl', 'codegen/emit', 'codegen/targets', 'codegen/tile', 'codegen/schedule'],
  runtime: ['dsl', 'runtime', 'kernels-generated'],
  'kernels-generated': ['dsl', 'kernels-generated'],
  examples: ['dsl', 'runtime', 'examples'],
  test: ['*'],
};

/** `atRunTime`: imports that survive compilation. Two files may know each other's types, never each other's values. */
interface Source { readonly path: string; readonly text: string; readonly imports: readonly string[]; readonly atRunTime: readonly string[] }

const listTs = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith('.ts'))
    .map((e) => relative(root, join(e.parentPath, e.name)))
    .filter((p) => !p.includes('/fixtures/'));

const read = (path: string): Source => {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, imports: ts.preProcessFile(text, true, true).importedFiles.map((i) => i.fileName), atRunTime: valueImports(path, text) };
};

function valueImports(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return file.statements.flatMap((s) => {
    const typeOnly = ts.isImportDeclaration(s) ? s.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : ts.isExportDeclaration(s) ? s.isTypeOnly : true;
    const from = ts.isImportDeclaration(s) || ts.isExportDeclaration(s) ? s.moduleSpecifier : undefined;
    return typeOnly || from === undefined || !ts.isStringLiteral(from) ? [] : [from.text];
  });
}

const sources = folders.flatMap(listTs).map(read);
const byPath = new Map(sources.map((s) => [s.path, s]));

/** The project's file that an import names; undefined for packages. */
const target = (from: Source, name: string): string | undefined =>
  name.startsWith('.') ? normalize(join(dirname(from.path), name)).replace(/\.js$/, '.ts') : undefined;

const within = (path: string, folder: string): boolean => folder === '*' || path === folder || path.startsWith(`${folder}/`);

const rule = (path: string): readonly string[] => {
  const rows = Object.entries(mayImport).filter(([folder]) => within(path, folder));
  return rows.sort(([a], [b]) => b.length - a.length)[0]?.[1] ?? [];
};

/** Every cycle found by a depth-first walk of the imports that survive compilation. */
function cycles(): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) { found.push([...above.slice(above.indexOf(path)), path].join(' → ')); return; }
    if (done.has(path)) return;
    const source = byPath.get(path);
    for (const name of source?.atRunTime ?? []) {
      const to = source === undefined ? undefined : target(source, name);
      if (to !== undefined) visit(to, [...above, path]);
    }
    done.add(path);
  };
  for (const s of sources) visit(s.path, []);
  return found;
}

/** Places where the type checker is silenced: the keyword any, and comments that switch checks off. */
function loose(source: Source): readonly string[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${source.path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} any`);
    if (ts.isExportAssignment(node) || (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.DefaultKeyword))) {
      found.push(`${source.path}: default export`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const silenced = source.text.match(/\/\/\s*@ts-(ignore|nocheck|expect-error)/g) ?? [];
  return [...found, ...silenced.map((s) => `${source.path}: ${s}`)];
}

const written = sources.filter((s) => !s.path.startsWith('kernels-generated/'));

describe('the house', () => {
  test('imports point downwards', () => {
    const wrong = sources.flatMap((s) => s.imports.flatMap((name) => {
      const to = target(s, name);
      return to === undefined || rule(s.path).some((folder) => within(to, folder)) ? [] : [`${s.path} imports ${to}`];
    }));
    expect(wrong).toEqual([]);
  });

  test('imports have no cycles', () => expect(cycles()).toEqual([]));

  test('every relative import names a file that exists', () => {
    const missing = sources.flatMap((s) => s.imports.map((name) => target(s, name)).filter((to) => to !== undefined && !byPath.has(to)).map((to) => `${s.path}: ${to}`));
    expect(missing).toEqual([]);
  });

  test('ts-morph is imported in the front-end alone, typescript in tests alone', () => {
    const wrong = sources.filter((s) => (s.imports.includes('ts-morph') && !within(s.path, 'codegen/frontend')) || (s.imports.includes('typescript') && !within(s.path, 'test')));
    expect(wrong.map((s) => s.path)).toEqual([]);
  });

  test('the type checker is never silenced and nothing is exported by default', () => expect(written.flatMap(loose)).toEqual([]));

  test('the compiler knows no pattern by name', () => {
    const named = written.filter((s) => within(s.path, 'codegen') && /attention|softmax/i.test(s.text));
    expect(named.map((s) => s.path)).toEqual([]);
  });

  test('files above 300 lines have a reason', () => {
    const long = written.filter((s) => s.text.split('\n').length > 301 && longFiles[s.path] === undefined);
    expect(long.map((s) => `${s.path}: ${s.text.split('\n').length} lines`)).toEqual([]);
  });

  test('a reason stands only beside a file that needs it', () => {
    expect(Object.keys(longFiles).filter((p) => (byPath.get(p)?.text.split('\n').length ?? 0) <= 301)).toEqual([]);
  });
});
