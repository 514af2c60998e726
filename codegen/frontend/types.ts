import { ts } from 'ts-morph';
import { type DType, dtypes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import { type Project, symbolOf } from './resolve.js';

/** What the names of type parameters mean inside an alias: the type given where the alias is used. */
export type TypeScope = ReadonlyMap<ts.Symbol, Typed>;
/** A type as written, and the scope it is read in. */
export interface Typed { readonly node: ts.TypeNode; readonly scope: TypeScope }

/** What a parameter or result type says once aliases are followed. */
export type Face =
  | { readonly kind: 'tensor'; readonly face: 'In' | 'Out'; readonly dtype: Typed; readonly order: Typed }
  | { readonly kind: 'record'; readonly members: readonly (readonly [string, Typed, ts.Node])[] }
  | { readonly kind: 'other'; readonly text: string };

/** Reads syntax and symbols only: no type is ever computed, so aliases of any depth cost nothing. */
export function faceOf(type: Typed, project: Project): Face {
  const { node, scope } = followed(type, project);
  if (ts.isTypeLiteralNode(node)) return { kind: 'record', members: membersOf(node.members, scope) };
  if (ts.isTypeReferenceNode(node)) {
    const symbol = symbolOf(node.typeName, project.checker);
    const [declaration] = symbol?.declarations ?? [];
    if (declaration && ts.isInterfaceDeclaration(declaration) && !declaration.heritageClauses) return { kind: 'record', members: membersOf(declaration.members, scopeOf(declaration, node, scope)) };
    const [dtype, order] = node.typeArguments ?? [];
    const face = faceName(declaration, project);
    if (face && dtype && order) return { kind: 'tensor', face, dtype: { node: dtype, scope }, order: { node: order, scope } };
  }
  return { kind: 'other', text: node.getText() };
}

function membersOf(members: ts.NodeArray<ts.TypeElement>, scope: TypeScope): readonly (readonly [string, Typed, ts.Node])[] {
  return members.flatMap((m) => (ts.isPropertySignature(m) && m.type && ts.isIdentifier(m.name) ? [[m.name.text, { node: m.type, scope }, m] as const] : []));
}

/** In and Out themselves, by where they are declared. */
function faceName(declaration: ts.Declaration | undefined, project: Project): 'In' | 'Out' | undefined {
  if (!declaration || !ts.isTypeAliasDeclaration(declaration) || declaration.getSourceFile().fileName !== `${project.library}/tensor.ts`) return undefined;
  const name = declaration.name.text;
  return name === 'In' || name === 'Out' ? name : undefined;
}

/** The type behind parentheses, `readonly` and aliases; In and Out stay as they are. */
function followed(type: Typed, project: Project): Typed {
  const { node, scope } = type;
  if (ts.isParenthesizedTypeNode(node)) return followed({ node: node.type, scope }, project);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return followed({ node: node.type, scope }, project);
  if (!ts.isTypeReferenceNode(node)) return type;
  const symbol = symbolOf(node.typeName, project.checker);
  const given = symbol && scope.get(symbol);
  if (given) return followed(given, project);
  const [declaration] = symbol?.declarations ?? [];
  if (!declaration || !ts.isTypeAliasDeclaration(declaration) || faceName(declaration, project)) return type;
  return followed({ node: declaration.type, scope: scopeOf(declaration, node, scope) }, project);
}

function scopeOf(declaration: ts.TypeAliasDeclaration | ts.InterfaceDeclaration, use: ts.TypeReferenceNode, scope: TypeScope): TypeScope {
  const inner = new Map<ts.Symbol, Typed>();
  declaration.typeParameters?.forEach((p, i) => {
    const symbol = symbolInScope(p);
    const argument = use.typeArguments?.[i];
    if (symbol && argument) inner.set(symbol, { node: argument, scope });
    else if (symbol && p.default) inner.set(symbol, { node: p.default, scope: inner });
  });
  return inner;
}

/** The symbol a declaration was bound to. The binder leaves it on the node, which the public type does not say. */
const symbolInScope = (node: ts.TypeParameterDeclaration): ts.Symbol | undefined => ('symbol' in node ? (node.symbol as ts.Symbol) : undefined);

/** The dtypes a type allows: a literal, a union, an alias of them; none when something else is among them. */
export function dtypesOf(type: Typed, project: Project): readonly DType[] {
  const { node, scope } = followed(type, project);
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types.map((t) => dtypesOf({ node: t, scope }, project));
    return parts.every((p) => p.length > 0) ? [...new Set(parts.flat())] : [];
  }
  const text = literalOf(node);
  return dtypes.filter((d) => d === text);
}

/** A dtype, or the name of the kernel's type parameter that stands for one; undefined for anything else. */
export function dtypeName(type: Typed, parameters: readonly string[], project: Project): string | undefined {
  const { node, scope } = followed(type, project);
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && parameters.includes(node.typeName.text)) return node.typeName.text;
  const all = dtypesOf({ node, scope }, project);
  return all.length === 1 ? all[0] : undefined;
}

/** The axes of a memory order; undefined when it is not a tuple of string literals. */
export function orderOf(type: Typed, project: Project): readonly Axis[] | undefined {
  const { node, scope } = followed(type, project);
  if (!ts.isTupleTypeNode(node)) return undefined;
  const axes = node.elements.map((e) => literalOf(followed({ node: ts.isNamedTupleMember(e) ? e.type : e, scope }, project).node));
  return axes.some((a) => a === undefined) ? undefined : axes.flatMap((a) => (a === undefined ? [] : [a]));
}

const literalOf = (node: ts.TypeNode): string | undefined => (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? node.literal.text : undefined);
