import type { TensorExpr } from '../../dsl/expr.js';
import { scalarChildren, type BinaryOp, type Scalar } from '../../dsl/scalar.js';

/** How a refusal names a tensor: its parameter, its binding, or its source text. */
export function called(e: TensorExpr): string {
  if (e.kind === 'input') return e.name;
  return e.span.binding ?? (e.span.text === '' ? e.kind : e.span.text);
}

/** The arrow's own name of an operand, else that of the tensor it stands for. */
function operand(s: Scalar & { readonly kind: 'arg' }, args: readonly TensorExpr[]): string {
  if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(s.span.text)) return s.span.text;
  const e = args[s.index];
  return e ? called(e) : `operand ${s.index}`;
}

const infix: Readonly<Record<BinaryOp, string>> = {
  add: ' + ', sub: ' − ', mul: '·', div: ' / ', rem: ' % ', pow: ' ** ', max: 'max', min: 'min', lt: ' < ', le: ' ≤ ', eq: ' = ', and: ' and ', or: ' or ',
};

/** Scalar code as a reader would write it, sums in parentheses. */
export function written(s: Scalar, args: readonly TensorExpr[]): string {
  const go = (x: Scalar): string => written(x, args);
  switch (s.kind) {
    case 'lit': return String(s.value);
    case 'arg': return operand(s, args);
    case 'pos': return `at.${s.axis}`;
    case 'size': return `size of '${s.axis}'`;
    case 'unary': return s.op === 'neg' ? `−${go(s.a)}` : `${s.op}(${bare(go(s.a))})`;
    case 'binary': return s.op === 'max' || s.op === 'min' ? `${s.op}(${bare(go(s.a))}, ${bare(go(s.b))})` : `(${go(s.a)}${infix[s.op]}${go(s.b)})`;
    case 'select': return `(${go(s.cond)} ? ${go(s.a)} : ${go(s.b)})`;
    default: return s satisfies never;
  }
}

/** Without the parentheses around the whole. */
export function bare(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

/** A reduction in words: "the max of s over 'k' (line 8)". */
export function reductionText(e: TensorExpr): string {
  const line = `(line ${e.span.line})`;
  if (e.kind === 'reduce') return `the ${e.op} of ${called(e.arg)} over '${e.axis}' ${line}`;
  if (e.kind === 'dot') return `the sum of ${called(e.lhs)}·${called(e.rhs)} over '${e.over}' ${line}`;
  return `${called(e)} ${line}`;
}

/** What the reader must know of a cascade to follow a refusal. */
export interface Roles {
  /** Reductions of this cascade that `e` reads, nearest first; empty for data. */
  sources(e: TensorExpr): readonly TensorExpr[];
  /** Whether `e` is one of the cascade's reductions. */
  isMember(e: TensorExpr): boolean;
}

/** "where m is the max of s over 'k' (line 8)" for every operand of `s` that depends on the cascade. */
export function where(s: Scalar, args: readonly TensorExpr[], roles: Roles): string {
  const clauses = new Map<string, string>();
  for (const a of operandsOf(s)) {
    const e = args[a.index];
    if (!e) continue;
    const sources = roles.sources(e);
    if (sources.length === 0) continue;
    const name = operand(a, args);
    const text = roles.isMember(e) ? `${name} is ${reductionText(e)}` : `${name} depends on ${sources.map((r) => named(r, name)).join(', and ')}`;
    clauses.set(name, text);
  }
  return clauses.size === 0 ? '' : `, where ${[...clauses.values()].join(' and ')}`;
}

const named = (r: TensorExpr, not: string): string => (r.span.binding === undefined || r.span.binding === not ? reductionText(r) : `${r.span.binding}, ${reductionText(r)}`);

/** Names of the operands of `s` that are data, and of those that depend on the cascade. */
export function mixture(s: Scalar, args: readonly TensorExpr[], roles: Roles): { readonly data: readonly string[]; readonly follows: readonly string[] } {
  const names = (keep: (e: TensorExpr) => boolean): readonly string[] =>
    [...new Set(operandsOf(s).filter((a) => { const e = args[a.index]; return e !== undefined && keep(e); }).map((a) => operand(a, args)))];
  return { data: names((e) => roles.sources(e).length === 0), follows: names((e) => roles.sources(e).length > 0) };
}

function operandsOf(s: Scalar): readonly (Scalar & { readonly kind: 'arg' })[] {
  return s.kind === 'arg' ? [s] : scalarChildren(s).flatMap(operandsOf);
}
