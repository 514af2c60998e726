import type { ts } from 'ts-morph';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import type { Scalar } from '../../dsl/scalar.js';
import type { Primitive } from './primitives.js';

/** A function with a body in the source. */
export type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/** What an expression of a kernel means while it is read. Numbers and booleans are scalar code; a compile-time constant is a literal. */
export type Value =
  | { readonly kind: 'tensor'; readonly expr: TensorExpr }
  | { readonly kind: 'number' | 'boolean'; readonly scalar: Scalar }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Value> }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** The last parameter of a map's arrow: positions on the axes of the result. */
  | { readonly kind: 'positions'; readonly axes: readonly Axis[] }
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly scope: Scope | undefined; readonly name: string }
  | { readonly kind: 'primitive'; readonly name: Primitive }
  /** What dsl/kernel.ts declares: it says what a kernel is, it computes nothing. */
  | { readonly kind: 'marker'; readonly name: Marker }
  | { readonly kind: 'kernel'; readonly name: string }
  /** A global object: its members are scalar functions and constants. */
  | { readonly kind: 'global'; readonly name: 'Math' | 'Number' }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'namespace'; readonly symbol: ts.Symbol; readonly name: string }
  | { readonly kind: 'ragged'; readonly by: Axis }
  /** What failed already and was reported; reading it reports nothing more. */
  | { readonly kind: 'poison' };

export type Marker = 'kernel' | 'ragged';

/** Names in force, innermost first. */
export interface Scope { readonly names: Map<ts.Symbol, Value>; readonly outer: Scope | undefined }

/** The value of a name in the nearest scope that has it. */
export function lookUp(scope: Scope | undefined, symbol: ts.Symbol): Value | undefined {
  for (let s = scope; s; s = s.outer) {
    const value = s.names.get(symbol);
    if (value) return value;
  }
  return undefined;
}

/** Whether a value counts as true, where that is known at compile time. */
export function truthiness(v: Value): boolean | undefined {
  switch (v.kind) {
    case 'number': case 'boolean': return v.scalar.kind === 'lit' ? Boolean(v.scalar.value) : undefined;
    case 'string': return v.text !== '';
    case 'undefined': return false;
    default: return true;
  }
}

/** A compile-time number. */
export function constantNumber(v: Value | undefined): number | undefined {
  return v?.kind === 'number' && v.scalar.kind === 'lit' ? v.scalar.value : undefined;
}

/** What a value is called in messages. */
export function describe(v: Value): string {
  switch (v.kind) {
    case 'tensor': return named('a tensor', v.expr.kind === 'input' ? v.expr.name : v.expr.span.binding);
    case 'number': return v.scalar.kind === 'lit' ? `the number ${v.scalar.value}` : 'a number';
    case 'boolean': return v.scalar.kind === 'lit' ? String(v.scalar.value !== 0) : 'a comparison';
    case 'string': return `'${v.text}'`;
    case 'undefined': return 'missing';
    case 'record': return 'a record';
    case 'list': return 'a list';
    case 'positions': return 'the positions';
    case 'function': return v.name === '' ? 'an arrow' : `the function ${v.name}`;
    case 'primitive': return `the primitive ${v.name}`;
    case 'marker': return `the function ${v.name}`;
    case 'kernel': return `the kernel ${v.name}`;
    case 'global': case 'builtin': case 'namespace': return v.name;
    case 'ragged': return `ragged('${v.by}')`;
    case 'poison': return 'a value that failed';
    default: return v satisfies never;
  }
}

const named = (what: string, name: string | undefined): string => (name === undefined ? what : `${what} (\`${name}\`)`);
