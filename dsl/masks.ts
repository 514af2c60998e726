// Which keys a query sees, as conditions on positions: use them in a map's arrow,
// `map(s, (s, at) => causal(at.q, at.k) ? s : -Infinity)`. Conditions affine in positions cost nothing in whole tiles.

/** Keys up to the query's own position. */
export const causal = (q: number, k: number): boolean => k <= q;
/** Keys up to the query's own, the query standing `first` positions further than its index. */
export const causalFrom = (q: number, k: number, first: number): boolean => k <= q + first;
/** The last `width` keys up to the query's own. */
export const slidingWindow = (q: number, k: number, width: number): boolean => k <= q && q - k < width;
/** The first `length` keys for all, the others causally. */
export const prefix = (q: number, k: number, length: number): boolean => k < length || k <= q;
/** Every `stride`-th key back from the query's own. */
export const dilated = (q: number, k: number, stride: number): boolean => k <= q && (q - k) % stride === 0;
/** Keys of the query's own document; the ids come from tensors. */
export const sameDocument = (ofQuery: number, ofKey: number): boolean => ofQuery === ofKey;
/** The first `length` keys. */
export const within = (k: number, length: number): boolean => k < length;
