import { ts } from 'ts-morph';
import type { FunctionNode, Marker } from './values.js';
import { isPrimitive, type Primitive } from './primitives.js';

/** What the front-end needs of an opened project. */
export interface Project {
  readonly checker: ts.TypeChecker;
  /** Spans name files relative to this folder. */
  readonly root: string;
  /** The folder of the language's own source: dsl/. */
  readonly library: string;
  /** Whether a file is TypeScript's own library: its names are global, whether it is loaded or not. */
  readonly isBuiltIn: (file: ts.SourceFile) => boolean;
  /** What the language exports: for what was meant by a name that is not defined. */
  readonly languageNames: () => readonly string[];
}

/** What a name stands for, its imports and aliases followed. */
export type Declared =
  | { readonly kind: 'primitive'; readonly name: Primitive }
  | { readonly kind: 'marker'; readonly name: Marker }
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly name: string }
  | { readonly kind: 'const' | 'let'; readonly node: ts.VariableDeclaration }
  | { readonly kind: 'namespace'; readonly symbol: ts.Symbol }
  | { readonly kind: 'class'; readonly node: ts.Node }
  /** A parameter or a destructured name: its value is in scope or does not exist yet. */
  | { readonly kind: 'local' }
  /** Declared without a body that can be read: ambient, or its module was not found. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'global' };

/** The symbol of a name where it is used, through `import` and `export … from`. */
export function symbolOf(name: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const shorthand = name.parent && ts.isShorthandPropertyAssignment(name.parent) ? checker.getShorthandAssignmentValueSymbol(name.parent) : undefined;
  return followAlias(shorthand ?? checker.getSymbolAtLocation(name), checker);
}

/** An imported symbol's original. */
export function followAlias(symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

export function declared(symbol: ts.Symbol | undefined, project: Project): Declared {
  const declarations = symbol?.declarations ?? [];
  // `undefined` is a symbol of the checker's own.
  if (!symbol || (declarations.length === 0 && symbol.name === 'undefined')) return { kind: 'global' };
  if (declarations.length > 0 && declarations.every((d) => project.isBuiltIn(d.getSourceFile()))) return { kind: 'global' };
  const special = declarations.map((d) => languageName(d, symbol.name, project)).find((s) => s !== undefined);
  if (special) return special;
  for (const node of declarations) {
    if (ts.isFunctionDeclaration(node) && node.body) return { kind: 'function', node, name: symbol.name };
    if (ts.isVariableDeclaration(node) && node.initializer) return { kind: isConst(node) ? 'const' : 'let', node };
    if (ts.isParameter(node) || ts.isBindingElement(node)) return { kind: 'local' };
    if (ts.isClassDeclaration(node)) return { kind: 'class', node };
    if (ts.isSourceFile(node)) return { kind: 'namespace', symbol };
  }
  return { kind: 'opaque' };
}

/** A name that dsl/tensor.ts or dsl/kernel.ts exports: recognised by where it is declared, never by how it is spelt. */
function languageName(node: ts.Declaration, name: string, project: Project): Declared | undefined {
  const file = node.getSourceFile().fileName;
  if (file === `${project.library}/tensor.ts` && isPrimitive(name)) return { kind: 'primitive', name };
  if (file === `${project.library}/kernel.ts` && (name === 'kernel' || name === 'ragged')) return { kind: 'marker', name };
  return undefined;
}

const isConst = (node: ts.VariableDeclaration): boolean => (ts.getCombinedNodeFlags(node) & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;

/** Where a variable is assigned first after its declaration, in its own file. */
export function firstAssignment(declaration: ts.VariableDeclaration, checker: ts.TypeChecker): ts.Node | undefined {
  const symbol = checker.getSymbolAtLocation(declaration.name);
  const visit = (node: ts.Node): ts.Node | undefined => (symbol && assigned(node, symbol, checker) ? node : ts.forEachChild(node, visit));
  return visit(declaration.getSourceFile());
}

function assigned(node: ts.Node, symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    ? node.left
    : (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
      ? node.operand
      : undefined;
  return target !== undefined && ts.isIdentifier(target) && checker.getSymbolAtLocation(target) === symbol;
}
