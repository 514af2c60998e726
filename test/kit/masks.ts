import fc, { type Arbitrary } from 'fast-check';
import { causalFrom, dilated, prefix, sameDocument, slidingWindow } from '../../dsl/index.js';
import { uniform } from './values.js';

/** Which keys a query sees, as data: its numbers are what a kernel's parameters hold, and `sees` is the boolean reference. */
export type Mask =
  | { readonly kind: 'full' }
  /** Keys up to the query's own position, the query standing `first` positions further than its index. */
  | { readonly kind: 'causal'; readonly first: number }
  /** The last `width` keys up to the query's own. */
  | { readonly kind: 'window'; readonly width: number }
  /** The first `length` keys for all, the others causally. */
  | { readonly kind: 'prefix'; readonly length: number }
  /** Every `stride`-th key back from the query's own. */
  | { readonly kind: 'dilated'; readonly stride: number }
  /** Keys of the query's own document; positions behind the last one belong to it. */
  | { readonly kind: 'document'; readonly lengths: readonly number[] }
  /** Each pair by itself, visible with probability `share`. Rows may be empty. */
  | { readonly kind: 'dense'; readonly share: number; readonly seed: number };

/** Whether query `q` sees key `k`. */
export function sees(mask: Mask, q: number, k: number): boolean {
  switch (mask.kind) {
    case 'full': return true;
    case 'causal': return causalFrom(q, k, mask.first);
    case 'window': return slidingWindow(q, k, mask.width);
    case 'prefix': return prefix(q, k, mask.length);
    case 'dilated': return dilated(q, k, mask.stride);
    case 'document': return sameDocument(documentOf(mask.lengths, q), documentOf(mask.lengths, k));
    case 'dense': return uniform(mask.seed + q, k) < mask.share;
    default: return mask satisfies never;
  }
}

/** The document that a position lies in: what a kernel's parameter of document ids holds. */
export function documentOf(lengths: readonly number[], position: number): number {
  let end = 0;
  const found = lengths.findIndex((n) => { end += n; return position < end; });
  return found < 0 ? Math.max(0, lengths.length - 1) : found;
}

/**
 * A mask as a tensor that is added to scores: 0 where the query sees the key, −∞ elsewhere.
 * @example agrees(biased, { devices, inputs: { bias: bias(mask) } })
 */
export const bias = (mask: Mask, query = 'q', key = 'k') => (at: Readonly<Record<string, number>>): number => (sees(mask, at[query] ?? 0, at[key] ?? 0) ? 0 : -Infinity);

/**
 * Masks of some kinds, all unless said, with numbers that matter for lengths up to `max`. Shrinks towards the first kind.
 * @example fc.property(masks(['window', 'prefix'], 64), (mask) => …)
 */
export function masks(kinds: readonly [Mask['kind'], ...Mask['kind'][]] = ['full', 'causal', 'window', 'prefix', 'dilated', 'document', 'dense'], max = 160): Arbitrary<Mask> {
  const number = fc.integer({ min: 1, max });
  const ofKind: Readonly<Record<Mask['kind'], Arbitrary<Mask>>> = {
    full: fc.constant({ kind: 'full' }),
    causal: fc.nat({ max }).map((first) => ({ kind: 'causal', first })),
    window: number.map((width) => ({ kind: 'window', width })),
    prefix: fc.nat({ max }).map((length) => ({ kind: 'prefix', length })),
    dilated: fc.integer({ min: 1, max: 9 }).map((stride) => ({ kind: 'dilated', stride })),
    document: fc.array(number, { minLength: 1, maxLength: 6 }).map((lengths) => ({ kind: 'document', lengths })),
    dense: fc.record({ share: fc.constantFrom(0.5, 0.05, 0.95, 0), seed: fc.nat(1e6) }).map((drawn) => ({ kind: 'dense', ...drawn })),
  };
  return fc.oneof({ withCrossShrink: true }, ...kinds.map((kind) => ofKind[kind]));
}
