import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project as Morph, ts } from 'ts-morph';
import type { KernelDef } from '../../dsl/definition.js';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import type { Axis } from '../../dsl/expr.js';
import type { ArgSpec, AxisSpec } from '../../dsl/manifest.js';
import { evaluate } from './body.js';
import { type Collect, collector } from './collect.js';
import type { Here } from './here.js';
import { messages, refusal } from './messages.js';
import { fileName, placeOf, quote } from './place.js';
import { declared, type Project, symbolOf } from './resolve.js';
import { checkOrders, type Declaration, readSignature, readSizes } from './signature.js';
import { type Declared, readVariants } from './variants.js';
import { describe, type FunctionNode } from './values.js';

/** A kernel of the source: what it is called with, and one definition for every choice of dtypes and fixed sizes. */
export interface KernelSource {
  readonly name: string;
  /** The author's file, relative to the project. */
  readonly file: string;
  readonly params: readonly ArgSpec[];
  readonly results: readonly ArgSpec[];
  readonly sizes: Readonly<Record<Axis, AxisSpec>>;
  readonly variants: readonly KernelDef[];
}

/** How kernels are read. */
export interface ReadOptions {
  /** Also report what TypeScript itself finds wrong in the files, as F001. Loads TypeScript's library: slower. Default false. */
  readonly typeCheck?: boolean;
  /** Spans name files relative to this folder. Default: the current one. */
  readonly root?: string;
  /** Texts that stand for files, by path: unsaved editors, tests. */
  readonly sources?: Readonly<Record<string, string>>;
}

/**
 * The exported kernels of some files, in order. `kernel` and the primitives are recognised by where they are declared;
 * functions they call are followed through imports.
 * @throws CompileError with every diagnostic found: F codes for syntax, names and signatures, T codes for axes and dtypes.
 */
export function readKernels(files: readonly string[], options: ReadOptions = {}): readonly KernelSource[] {
  const root = resolve(options.root ?? '.');
  const diagnostics: Diagnostic[] = [];
  const collect = collector(diagnostics);
  const { project, program } = open(files.map((f) => resolve(root, f)), root, options, true, collect);
  const opened = files.flatMap((f) => program.getSourceFile(posix(resolve(root, f))) ?? []);
  const typed = options.typeCheck ? open(files.map((f) => resolve(root, f)), root, options, false, collect).program : program;
  diagnostics.push(...opened.flatMap((f) => complaints(typed, f.fileName, root, options.typeCheck ?? false)));
  const kernels = opened.flatMap((f) => declarations(f, project).flatMap((d) => collect(() => readDeclaration(d, project, collect)).flatMap((k) => k ?? [])));
  for (const [i, k] of kernels.entries()) {
    const same = kernels.slice(0, i).find((o) => o.name === k.name);
    if (same) collect(() => { throw refusal('F011', k.span, [k.name], [`the other is at ${quote(same.span)}`]); });
  }
  const sources = kernels.map((k) => sourceOf(k, readVariants(k, project, diagnostics)));
  const [first, ...rest] = onePerMistake(diagnostics);
  if (first) throw CompileError.of([first, ...rest]);
  return sources;
}

const posix = (path: string): string => path.replaceAll('\\', '/');

/** Symbols suffice to read kernels, so TypeScript's library is left out unless types are to be checked. */
function open(paths: readonly string[], root: string, options: ReadOptions, noLib: boolean, collect: Collect): { readonly project: Project; readonly program: ts.Program } {
  const library = libraryFolder();
  const morph = new Morph({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      noLib, types: [], noEmit: true, skipLibCheck: true, strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
      // The package's own sources, not its declarations: library functions are read like an author's.
      paths: { 'warpfold/dsl': [`${library}/index.ts`] },
    },
  });
  for (const [path, text] of Object.entries(options.sources ?? {})) morph.createSourceFile(posix(resolve(root, path)), text, { overwrite: true });
  for (const path of paths) {
    const found = morph.getSourceFile(posix(path)) ?? morph.addSourceFileAtPathIfExists(posix(path));
    if (!found && noLib) collect(() => { throw refusal('F002', { file: fileName(path, root), line: 1, column: 1, text: '', binding: undefined }, []); });
  }
  const program = morph.getProgram().compilerObject;
  return { project: { checker: program.getTypeChecker(), root, library }, program };
}

/** The folder of the language's sources, which the package ships beside the compiler, built or not. */
function libraryFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'dsl', 'tensor.ts'))) return posix(join(folder, 'dsl'));
    if (folder === dirname(folder)) throw new Error(`the language's sources (dsl/tensor.ts) are not found above ${start}`);
  }
}

/** What TypeScript says about a file: its syntax always, its types when asked. */
function complaints(program: ts.Program, name: string, root: string, types: boolean): readonly Diagnostic[] {
  const file = program.getSourceFile(name);
  if (!file) return [];
  return [...program.getSyntacticDiagnostics(file), ...(types ? program.getSemanticDiagnostics(file) : [])].map((d) => {
    const { line, character } = file.getLineAndCharacterOfPosition(d.start ?? 0);
    const [text = ''] = file.text.slice(d.start ?? 0, (d.start ?? 0) + (d.length ?? 0)).split('\n', 1);
    const span = { file: fileName(name, root), line: line + 1, column: character + 1, text, binding: undefined };
    const [message = '', ...notes] = ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').map((line) => line.trim());
    return { code: 'F001', message: messages.F001(message), span, notes };
  });
}

/** One mistake, one error: where TypeScript complains about a line, that is all that is said about it. */
function onePerMistake(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const byTypeScript = all.filter((d) => d.code === 'F001');
  const at = (a: Diagnostic, b: Diagnostic): boolean => a.span.file === b.span.file && a.span.line === b.span.line;
  return all.filter((d) => d.code === 'F001' || !byTypeScript.some((t) => at(t, d)));
}

/** Exported constants of a file that are calls of `kernel`. */
function declarations(file: ts.SourceFile, project: Project): readonly ts.CallExpression[] {
  const module = project.checker.getSymbolAtLocation(file);
  const exported = module ? project.checker.getExportsOfModule(module) : [];
  return exported.flatMap((symbol) => (symbol.declarations ?? []).flatMap((d) => {
    const node = ts.isExportSpecifier(d) ? symbolOf(d.name, project.checker)?.valueDeclaration : d;
    if (!node || !ts.isVariableDeclaration(node) || node.getSourceFile() !== file || !node.initializer || !ts.isCallExpression(node.initializer)) return [];
    const callee = declared(symbolOf(node.initializer.expression, project.checker), project);
    return callee.kind === 'marker' && callee.name === 'kernel' ? [node.initializer] : [];
  }));
}

/** A kernel's declaration, or nothing when its signature was refused. */
function readDeclaration(call: ts.CallExpression, project: Project, collect: Collect): Declared | undefined {
  const span = placeOf(call, project.root);
  const here: Here = { project, lengths: { rules: new Map(), read: new Set() }, modules: new Map(), scope: undefined, call: undefined };
  const [nameNode, sizesNode, bodyNode] = call.arguments;
  if (!nameNode || !sizesNode || !bodyNode) throw refusal('F012', span, [call.arguments.length]);
  const name = evaluate(nameNode, here);
  if (name.kind !== 'string' || !/^[A-Za-z_]\w*$/.test(name.text)) throw refusal('F010', placeOf(nameNode, project.root), [describe(name)]);
  const body = evaluate(bodyNode, here);
  if (body.kind !== 'function') throw refusal('F018', placeOf(bodyNode, project.root), [describe(body)]);
  const found: unknown[] = [];
  const counting: Collect = (step) => {
    const made = collect(step);
    if (made.length === 0) found.push(step);
    return made;
  };
  const sizes = counting(() => evaluate(sizesNode, here)).flatMap((record) => readSizes(record, sizesNode, project, counting));
  const signature = readSignature(body.node, project, counting);
  if (found.length === 0) checkOrders(signature, sizes, counting);
  const node: FunctionNode = body.node;
  return found.length === 0 ? { name: name.text, file: fileName(call.getSourceFile().fileName, project.root), node, signature, sizes, span: { ...span, binding: name.text } } : undefined;
}

function sourceOf(k: Declared, variants: readonly KernelDef[]): KernelSource {
  const spec = ({ name, dtype, order }: Declaration): ArgSpec => ({ name, dtype, order });
  return { name: k.name, file: k.file, params: k.signature.params.map(spec), results: k.signature.results.map(spec), sizes: sizesOf(variants), variants };
}

/** Every axis of every variant; fixed ones with the sizes of all. */
function sizesOf(variants: readonly KernelDef[]): Readonly<Record<Axis, AxisSpec>> {
  const sizes: Record<Axis, AxisSpec> = {};
  for (const [axis, rule] of variants.flatMap((v) => Object.entries(v.sizes))) {
    const known = sizes[axis];
    if (rule.kind !== 'fixed') sizes[axis] = rule;
    else sizes[axis] = { kind: 'fixed', sizes: known?.kind === 'fixed' ? [...new Set([...known.sizes, rule.size])] : [rule.size] };
  }
  return sizes;
}
