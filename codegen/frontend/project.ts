import { resolve } from 'node:path';
import { ts } from 'ts-morph';
import type { KernelDef } from '../../dsl/definition.js';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import type { Axis } from '../../dsl/expr.js';
import type { ArgSpec, AxisSpec } from '../../dsl/manifest.js';
import { evaluate } from './body.js';
import { type Collect, collector } from './collect.js';
import { syntaxErrors, typeErrors } from './complaints.js';
import type { Here } from './here.js';
import { refusal } from './messages.js';
import { open, type Opened, posix, type ReadOptions } from './open.js';
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

/** What some files hold: kernels that can be read, and what is wrong with the rest. */
export interface Reading { readonly kernels: readonly KernelSource[]; readonly diagnostics: readonly Diagnostic[] }

/** Files that stay open: reading them again costs what changed. */
export interface KernelProject {
  /** The exported kernels of some files as they are now, in order. */
  readonly read: (files: readonly string[]) => Reading;
  /** The author's files that were read, imported ones included: absolute paths. */
  readonly files: () => readonly string[];
  /** Takes note that these absolute paths changed, appeared or are gone. */
  readonly refresh: (paths: readonly string[]) => void;
}

/**
 * The exported kernels of some files, in order. `kernel` and the primitives are recognised by where they are declared;
 * functions they call are followed through imports.
 * @throws CompileError with every diagnostic found: F codes for syntax, names and signatures, T codes for axes and dtypes.
 */
export function readKernels(files: readonly string[], options: ReadOptions = {}): readonly KernelSource[] {
  const { kernels, diagnostics } = openProject(options).read(files);
  const [first, ...rest] = diagnostics;
  if (first) throw CompileError.of([first, ...rest]);
  return kernels;
}

/** Opens a project in which kernels are read again and again. */
export function openProject(options: ReadOptions = {}): KernelProject {
  const opened = open(options);
  const isAuthors = (f: ts.SourceFile): boolean => !f.fileName.startsWith(`${opened.library}/`) && !f.isDeclarationFile;
  return {
    read: (files) => {
      const paths = files.map((f) => posix(resolve(opened.root, f)));
      return read(paths, opened.program(paths), opened, options.typeCheck ?? false);
    },
    files: () => opened.program([]).getSourceFiles().filter(isAuthors).map((f) => f.fileName),
    refresh: (paths) => opened.refresh(paths.map(posix)),
  };
}

function read(paths: readonly string[], program: ts.Program, { root, library }: Opened, types: boolean): Reading {
  const diagnostics: Diagnostic[] = [];
  const collect = collector(diagnostics);
  const project: Project = { checker: program.getTypeChecker(), root, library, isBuiltIn: (f) => program.isSourceFileDefaultLibrary(f), languageNames: () => exportsOf(program.getSourceFile(`${library}/index.ts`), program.getTypeChecker()).map((s) => s.name) };
  const files = paths.flatMap((path) => {
    const file = program.getSourceFile(path);
    if (!file) collect(() => { throw refusal('F002', { file: fileName(path, root), line: 1, column: 1, text: '', binding: undefined }, []); });
    return file ?? [];
  });
  const kernels = files.flatMap((f) => declarations(f, project).flatMap((d) => collect(() => readDeclaration(d, project, collect)).flatMap((k) => k ?? [])));
  for (const [i, k] of kernels.entries()) {
    const same = kernels.slice(0, i).find((o) => o.name === k.name);
    if (same) collect(() => { throw refusal('F011', k.span, [k.name], [`the other is at ${quote(same.span)}`]); });
  }
  const sources = kernels.flatMap((k) => {
    const variants = readVariants(k, project, diagnostics);
    return variants ? [sourceOf(k, variants)] : [];
  });
  return { kernels: sources, diagnostics: onePerMistake(files.flatMap((f) => syntaxErrors(program, f, root)), diagnostics, types ? files.flatMap((f) => typeErrors(program, f, root)) : []) };
}

/** One mistake, one error: of a line that does not parse nothing else is said, and the language's words come before TypeScript's. */
function onePerMistake(syntax: readonly Diagnostic[], own: readonly Diagnostic[], types: readonly Diagnostic[]): readonly Diagnostic[] {
  const unlessAt = (others: readonly Diagnostic[]) => (d: Diagnostic): boolean => !others.some((o) => o.span.file === d.span.file && o.span.line === d.span.line);
  const read = own.filter(unlessAt(syntax));
  return [...syntax, ...types.filter(unlessAt([...syntax, ...read])), ...read];
}

function exportsOf(file: ts.SourceFile | undefined, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const module = file && checker.getSymbolAtLocation(file);
  return module ? checker.getExportsOfModule(module) : [];
}

/** Exported constants of a file that are calls of `kernel`. */
function declarations(file: ts.SourceFile, project: Project): readonly ts.CallExpression[] {
  return exportsOf(file, project.checker).flatMap((symbol) => (symbol.declarations ?? []).flatMap((d) => {
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
