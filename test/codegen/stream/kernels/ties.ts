import { dot, kernel, map, sizeOf, softmax, sum, type In, type Out, type Tensor } from '../../../../dsl/index.js';

type Q = In<'f32', ['q', 'd']>;
type K = In<'f32', ['k', 'd']>;
const shares = (q: Q, k: K): Tensor<'f32', 'q' | 'k'> => softmax(map(dot(q, k, 'd'), (s, at) => (at.k <= at.q ? s / Math.sqrt(sizeOf('d')) : -Infinity)), 'k');

/** The first row sees one key, whose share is 1: exactly not less. */
export const belowEvenShare = kernel('belowEvenShare', { q: 'dynamic', k: 'dynamic', d: 16 }, (q: Q, k: K): Out<'f32', ['k']> => sum(map(shares(q, k), (p, at) => (p < 1 / (at.q + 1) ? 1 : 0)), 'q'));

/** The same through a difference, a rest and a rounding. */
export const atLeastEvenShare = kernel('atLeastEvenShare', { q: 'dynamic', k: 'dynamic', d: 16 }, (q: Q, k: K): Out<'f32', ['k']> => sum(map(shares(q, k), (p, at) => (p * (at.q + 1) - 1 >= 0 && at.k < 9 ? 1 : 0)), 'q'));
export const sharesByTenths = kernel('sharesByTenths', { q: 'dynamic', k: 'dynamic', d: 16 }, (q: Q, k: K): Out<'f32', ['k']> => sum(map(shares(q, k), (p) => Math.floor(p * 10)), 'q'));
export const wrappedShares = kernel('wrappedShares', { q: 'dynamic', k: 'dynamic', d: 16 }, (q: Q, k: K): Out<'f32', ['k']> => sum(map(shares(q, k), (p) => p % 0.5), 'q'));
