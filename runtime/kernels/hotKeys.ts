import { cast, dot, type In, kernel, map, type Out, sum, type Tensor } from '../../dsl/index.js';

/** Zones of a chunk as bits of `zones`: 1 the first `edge` columns, 2 the last, 4 strictly between. */
const inZones = (column: number, zones: number, edge: number, length: number): number =>
  (zones % 2 === 1 && column < edge) || (Math.floor(zones / 2) % 2 === 1 && column > length - edge) || (zones >= 4 && column > edge && column < length - edge) ? 1 : 0;

/**
 * Calibration: which surviving keys a query head must not see, as a bias of 0 or −∞. A key is excluded when the last row
 * of the chunk's pass gives it a probability above `threshold` and its column lies in one of `zones`.
 * `q` [g, r, d] and `lse` [g, r] are that row; `k` [n, g, d] the surviving keys and `column` [g, n] where they stood in
 * the chunk of `length` context tokens. `bias` [n, g, r]; `excluded` [g, r] counts.
 */
export const hotKeys = kernel('hotKeys', { n: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['g', 'r', 'd']>, k: In<E, ['n', 'g', 'd']>, lse: In<'f32', ['g', 'r']>, column: In<'i32', ['g', 'n']>,
    scale: In<'f32', []>, threshold: In<'f32', []>, zones: In<'i32', []>, edge: In<'i32', []>, length: In<'i32', []>,
  ): { bias: Out<'f32', ['n', 'g', 'r']>; excluded: Out<'f32', ['g', 'r']> } => {
    const p = map(dot(q, k, 'd'), lse, scale, (s, lse, scale) => Math.exp(s * scale - lse));
    return hidden(p, map(column, zones, edge, length, inZones), threshold);
  });

/** {@link hotKeys} of keys in 8 bits, each KV head in units of its scale; `kScale` [g]. */
export const hotKeysScaled = kernel('hotKeysScaled', { n: 'dynamic', g: 'dynamic', r: 'dynamic', d: [64, 128] },
  <E extends 'f32' | 'bf16'>(
    q: In<E, ['g', 'r', 'd']>, k: In<'f8e4m3', ['n', 'g', 'd']>, kScale: In<'f32', ['g']>, lse: In<'f32', ['g', 'r']>, column: In<'i32', ['g', 'n']>,
    scale: In<'f32', []>, threshold: In<'f32', []>, zones: In<'i32', []>, edge: In<'i32', []>, length: In<'i32', []>,
  ): { bias: Out<'f32', ['n', 'g', 'r']>; excluded: Out<'f32', ['g', 'r']> } => {
    const p = map(dot(q, cast(q.dtype, k), 'd'), kScale, lse, scale, (s, kScale, lse, scale) => Math.exp(s * (kScale * scale) - lse));
    return hidden(p, map(column, zones, edge, length, inZones), threshold);
  });

type Hidden = { bias: Tensor<'f32', 'n' | 'g' | 'r'>; excluded: Tensor<'f32', 'g' | 'r'> };

/** What of the keys in a zone has more probability than the threshold. */
const hidden = (p: Tensor<'f32', 'g' | 'r' | 'n'>, zoned: Tensor<'f32', 'g' | 'n'>, threshold: Tensor<'f32', never>): Hidden => {
  const hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 ? 1 : 0);
  return { bias: map(hot, (hot) => hot === 1 ? -Infinity : 0), excluded: sum(cast('f32', hot), 'n') };
};
