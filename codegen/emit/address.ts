import type { Axis } from '../../dsl/expr.js';
import type { Param } from '../tile/ir.js';
import type { Emission } from './emission.js';

/** Where an axis stands in an address; undefined where that is 0. */
export type Place = (axis: Axis) => string | undefined;

/** Memory as the addresses see it: a ragged axis and the one before it are packed into one. */
interface Dim { readonly axes: readonly Axis[]; readonly length: () => string; readonly place: (at: Place) => string | undefined }

function dims(e: Emission, p: Param): readonly Dim[] {
  return p.order.flatMap((axis, i) => {
    if (isPacked(e, p, i + 1)) return [];
    const fixed = p.at[axis];
    if (fixed !== undefined) return [{ axes: [axis], length: () => e.length(axis), place: (at: Place) => positionAt(at(axis), fixed) }];
    if (!isPacked(e, p, i)) return [{ axes: [axis], length: () => e.length(axis), place: (at: Place) => at(axis) }];
    const place = (at: Place): string => (at(axis) === undefined ? e.start(axis) : `${e.start(axis)} + ${at(axis)}`);
    return [{ axes: [p.order[i - 1] ?? axis, axis], length: () => e.total(axis), place }];
  });
}

/** A position `fixed` behind an origin. */
export const positionAt = (origin: string | undefined, fixed: number): string | undefined => (fixed === 0 ? origin : origin === undefined ? String(fixed) : `${origin} + ${fixed}`);

function isPacked(e: Emission, p: Param, i: number): boolean {
  const axis = p.order[i];
  const rule = axis === undefined ? undefined : e.kernel.sizes[axis];
  return rule?.kind === 'ragged' && p.order[i - 1] === rule.by;
}

/** Nowhere inside the window. */
const atOrigin: Place = () => undefined;

/**
 * A pointer to the element of `p` at `at`: `x + Index(q0) * nE + e0`. An index that `within` says is added apart, times its
 * stride: `… + Index(iq) * nE`. Where only indexes change, compilers then make the rest once. One that has to be worked out
 * is part of the position: `x + Index(q0 + row / BE) * nE`.
 */
export function address(e: Emission, p: Param, at: Place, within: Place = atOrigin): string {
  const offset = offsetOf(e, p, at, within);
  return offset === '0' ? e.param(p) : `${e.param(p)} + ${offset}`;
}

/** The element itself: `x[Index(q0) * nE + e0]`. */
export const element = (e: Emission, p: Param, at: Place, within: Place = atOrigin): string => `${e.param(p)}[${offsetOf(e, p, at, within)}]`;

function offsetOf(e: Emission, p: Param, at: Place, within: Place): string {
  const all = dims(e, p);
  const base = baseOf(all, (axis) => {
    const [origin, index] = [at(axis), within(axis)];
    return index === undefined || isName(index) ? origin : origin === undefined ? index : `${origin} + ${index}`;
  });
  const terms = all.flatMap((dim, i) => {
    const index = within(dim.axes.at(-1) ?? '');
    const factors = all.slice(i + 1).map((d) => d.length());
    return index === undefined || !isName(index) ? [] : [factors.length === 0 ? index : `Index(${index}) * ${factors.length === 1 ? factors[0] : `(${product(factors)})`}`];
  });
  return [...(base === undefined ? [] : [base]), ...terms].join(' + ') || '0';
}

const isName = (text: string): boolean => /^\w+$/.test(text);

function baseOf(all: readonly Dim[], at: Place): string | undefined {
  let text: string | undefined;
  let wide = false;
  for (const dim of all) {
    if (text !== undefined) {
      // The first product is made in pointer width; the rest follow.
      text = wide ? `${parenthesised(text)} * ${dim.length()}` : `Index(${text}) * ${dim.length()}`;
      wide = true;
    }
    const place = dim.place(at);
    if (place !== undefined) text = text === undefined ? place : `${text} + ${place}`;
  }
  return text;
}

const parenthesised = (text: string): string => (text.includes(' + ') ? `(${text})` : text);

/** How far apart two neighbours along `axis` lie in `p`: the lengths whose product it is, outermost first. */
export function strideFactors(e: Emission, p: Param, axis: Axis): readonly string[] {
  const all = dims(e, p);
  const i = all.findIndex((d) => d.axes.at(-1) === axis);
  if (i < 0) throw new Error(`emit: parameter '${p.name}' has no stride along '${axis}'`);
  return all.slice(i + 1).map((d) => d.length());
}

/** A product of lengths as an expression, in pointer width when there is something to multiply. */
export const product = (factors: readonly string[]): string =>
  factors.length === 0 ? '1' : factors.length === 1 ? (factors[0] ?? '1') : `Index(${factors[0] ?? '1'}) * ${factors.slice(1).join(' * ')}`;
