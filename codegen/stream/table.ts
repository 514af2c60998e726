import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { arg, binary, lit, mapScalar, scalarChildren, select, unary, type Scalar } from '../../dsl/scalar.js';
import { nowhere } from '../../dsl/span.js';
import { scalarKey } from '../graph/keys.js';
import { partKey, type Factor, type Part } from './parts.js';

/**
 * What `arg i` of a cascade's scalars is: a tensor of the source, a linear operator `e` over another axis applied to data,
 * or the fold's own reference or state.
 */
export type Leaf =
  | { readonly kind: 'tensor'; readonly e: TensorExpr }
  | { readonly kind: 'pushed'; readonly e: TensorExpr; readonly inner: Part }
  | { readonly kind: 'reference' | 'state'; readonly index: number };

/**
 * What the normal form does not look into. `data` varies along the fold's axis and `free` does not; `reference` is the
 * fold's own reference (free), `shifted` a data atom minus it.
 */
export type Atom =
  | { readonly kind: 'data' | 'free'; readonly scalar: Scalar }
  | { readonly kind: 'reference'; readonly reference: number }
  | { readonly kind: 'shifted'; readonly base: number; readonly reference: number };

/** Leaves and atoms of one cascade, each once. */
export interface Table {
  leaf(leaf: Leaf): Scalar;
  leafAt(index: number): Leaf;
  /** `s` over the operands `args`, restated over leaves. */
  lift(s: Scalar, args: readonly TensorExpr[]): Scalar;
  atom(a: Atom): number;
  at(id: number): Atom;
  /** The text equal scalars share, maps of the source inlined. */
  key(s: Scalar): string;
  scalarOf(atom: number): Scalar;
  partScalar(p: Part): Scalar;
  factorScalar(fs: readonly Factor[]): Scalar;
  /** The data that a shifted atom shifts, itself for others. */
  baseOf(atom: number): number;
  /** The data part inside an operator pushed onto it, for an atom that is one. */
  innerOf(atom: number): Part | undefined;
}

export function tableOf(): Table {
  const leaves: Leaf[] = [];
  const leafIds = new Map<TensorExpr | string, number>();
  const atoms: Atom[] = [];
  const atomIds = new Map<string, number>();
  const tensorKeys = new Map<TensorExpr, string>();
  const shorts = new Map<string, string>();

  const leaf = (l: Leaf): Scalar => {
    const id = l.kind === 'tensor' ? l.e : l.kind === 'pushed' ? `pushed ${tensorKey(l.e)} ${partKey(l.inner)}` : `${l.kind} ${l.index}`;
    const index = leafIds.get(id) ?? leaves.push(l) - 1;
    leafIds.set(id, index);
    return arg(index, l.kind === 'tensor' || l.kind === 'pushed' ? l.e.span : nowhere);
  };
  const leafAt = (index: number): Leaf => known(leaves[index], `leaf ${index}`);
  const lift = (s: Scalar, args: readonly TensorExpr[]): Scalar =>
    s.kind === 'arg' ? { ...leaf({ kind: 'tensor', e: known(args[s.index], `operand ${s.index}`) }), span: s.span } : mapScalar(s, (c) => lift(c, args));
  const tensorKey = (e: TensorExpr): string => {
    const before = tensorKeys.get(e);
    if (before !== undefined) return before;
    const made = e.kind === 'map' && !isBroadcast(e) ? key(lift(e.fn, e.args)) : `t${tensorKeys.size}`;
    tensorKeys.set(e, made);
    return made;
  };
  /** Short names for long texts: shared parts must not be spelled out once per use. */
  const short = (text: string): string => {
    const name = shorts.get(text) ?? `%${shorts.size}`;
    shorts.set(text, name);
    return name;
  };
  const key = (s: Scalar): string => {
    switch (s.kind) {
      case 'lit': case 'pos': case 'size': return scalarKey(s);
      case 'arg': {
        const l = leafAt(s.index);
        return l.kind === 'tensor' ? tensorKey(l.e) : `leaf ${s.index}`;
      }
      case 'unary': case 'binary': return short(`${s.op}(${scalarChildren(s).map(key).join(',')})`);
      case 'select': return short(`?(${scalarChildren(s).map(key).join(',')})`);
      default: return s satisfies never;
    }
  };
  const atom = (a: Atom): number => {
    const k = a.kind === 'reference' ? `ref ${a.reference}` : a.kind === 'shifted' ? `shift ${a.base} ${a.reference}` : key(a.scalar);
    const id = atomIds.get(k) ?? atoms.push(a) - 1;
    atomIds.set(k, id);
    return id;
  };
  const at = (id: number): Atom => known(atoms[id], `atom ${id}`);
  const scalarOf = (id: number): Scalar => {
    const a = at(id);
    switch (a.kind) {
      case 'data': case 'free': return a.scalar;
      case 'reference': return leaf({ kind: 'reference', index: a.reference });
      case 'shifted': return binary('sub', scalarOf(a.base), leaf({ kind: 'reference', index: a.reference }), scalarOf(a.base).span);
      default: return a satisfies never;
    }
  };
  const partScalar = (p: Part): Scalar => productScalar(p, scalarOf, (a) => at(a).kind !== 'data');
  const factorScalar = (fs: readonly Factor[]): Scalar => {
    const [first, ...rest] = fs.map((f) => scaled(partScalar(f.part), f.coef));
    return rest.reduce((sum, s) => addScalar(sum, s), first ?? lit(0));
  };
  const baseOf = (id: number): number => {
    const a = at(id);
    return a.kind === 'shifted' ? a.base : id;
  };
  const innerOf = (id: number): Part | undefined => {
    const a = at(id);
    const l = a.kind === 'data' && a.scalar.kind === 'arg' ? leafAt(a.scalar.index) : undefined;
    return l?.kind === 'pushed' ? l.inner : undefined;
  };
  return { leaf, leafAt, lift, atom, at, key, scalarOf, partScalar, factorScalar, baseOf, innerOf };
}

/** Whether a map has axes that its scalar code does not give it: then it is not what its code says elsewhere. */
function isBroadcast(e: TensorExpr & { readonly kind: 'map' }): boolean {
  const own = new Set([...positionsOf(e.fn), ...argsOf(e.fn).flatMap((i) => e.args[i]?.axes ?? [])]);
  return e.axes.some((a) => !own.has(a));
}

/** a + b, written as a difference when b is a negative. */
export function addScalar(a: Scalar, b: Scalar): Scalar {
  if (b.kind === 'unary' && b.op === 'neg') return binary('sub', a, b.a, a.span);
  if (a.kind === 'unary' && a.op === 'neg') return binary('sub', b, a.a, b.span);
  return binary('add', a, b, a.span);
}

/** s · c without needless factors. */
export function scaled(s: Scalar, c: number): Scalar {
  if (c === 1) return s;
  if (c === -1) return unary('neg', s);
  return s.kind === 'lit' ? lit(s.value * c, s.span) : binary('mul', s, lit(c, s.span), s.span);
}

/** Σ c·atom. */
export function linearScalar(form: ReadonlyMap<number, number>, scalarOf: (atom: number) => Scalar): Scalar {
  const ordered = [...form].sort(([, a], [, b]) => Number(a < 0) - Number(b < 0));
  const [first, ...rest] = ordered.map(([atom, c]) => scaled(scalarOf(atom), c));
  return rest.reduce((sum, s) => addScalar(sum, s), first ?? lit(0));
}

/** The product as scalar code; exponents that are base-2 logarithms times ln 2 print as exp2. */
export function productScalar(p: Part, scalarOf: (atom: number) => Scalar, isBounded: (atom: number) => boolean): Scalar {
  const over: Scalar[] = [];
  const under: Scalar[] = [];
  // What has a reference is bounded by it; data in another exponent must not hide that.
  for (const bounded of [true, false]) {
    const form = new Map([...p.exp].filter(([a]) => isBounded(a) === bounded));
    if (form.size > 0) over.push(expScalar(form, scalarOf));
  }
  for (const [atom, n] of p.pow) (n > 0 ? over : under).push(powScalar(scalarOf(atom), Math.abs(n)));
  const times = (xs: readonly Scalar[]): Scalar => xs.reduce((a, b) => binary('mul', a, b, a.span));
  const top = over.length > 0 ? times(over) : lit(1, under[0]?.span);
  const body = under.length > 0 ? binary('div', top, times(under), top.span) : top;
  if (p.guards.length === 0) return body;
  const cond = p.guards.map(scalarOf).reduce((a, b) => binary('and', a, b, a.span));
  return cond.kind === 'unary' && cond.op === 'not' ? select(cond.a, lit(0, cond.span), body, cond.span) : select(cond, body, lit(0, cond.span), cond.span);
}

/** exp of a linear form. */
export function expScalar(form: ReadonlyMap<number, number>, scalarOf: (atom: number) => Scalar): Scalar {
  // A multiple of ln 2, up to the rounding of its product.
  const binaryPower = (c: number): number => (Math.abs(c / Math.LN2 - Math.round(c / Math.LN2)) < 1e-12 ? Math.round(c / Math.LN2) : c / Math.LN2);
  const base2 = [...form.values()].every((c) => Number.isInteger(binaryPower(c)));
  const exponent = linearScalar(base2 ? new Map([...form].map(([a, c]) => [a, binaryPower(c)])) : form, scalarOf);
  return unary(base2 ? 'exp2' : 'exp', exponent, exponent.span);
}

function powScalar(x: Scalar, n: number): Scalar {
  if (n === 1) return x;
  if (n === 0.5) return unary('sqrt', x, x.span);
  if (Number.isInteger(n) && n <= 4) return Array.from({ length: n - 1 }).reduce<Scalar>((product) => binary('mul', product, x, x.span), x);
  return binary('pow', x, lit(n, x.span), x.span);
}

/** Indices of the operands `s` reads, in order of appearance. */
export const argsOf = (s: Scalar): readonly number[] => (s.kind === 'arg' ? [s.index] : scalarChildren(s).flatMap(argsOf));
/** Axes whose positions `s` reads. */
export const positionsOf = (s: Scalar): readonly Axis[] => (s.kind === 'pos' ? [s.axis] : scalarChildren(s).flatMap(positionsOf));
export const renumber = (s: Scalar, to: (index: number) => number): Scalar => (s.kind === 'arg' ? { ...s, index: to(s.index) } : mapScalar(s, (c) => renumber(c, to)));

export function known<T>(x: T | undefined, what: string): T {
  if (x === undefined) throw new Error(`internal error in stage 'stream': no ${what}`);
  return x;
}
