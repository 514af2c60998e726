// What many rules start from: which share of its attention each query gives to each key. The compiler follows kernels into
// these functions, so what is shared here is fused there.
import { causal, dot, type In, map, sizeOf, softmax, type Tensor } from 'warpfold/dsl';

/** Queries of the last w positions, of all positions, and the keys: `g` KV heads, `r` query heads per KV head. */
export type Window = In<'f32', ['w', 'g', 'r', 'd']>;
export type Prompt = In<'f32', ['q', 'g', 'r', 'd']>;
export type Keys = In<'f32', ['k', 'g', 'd']>;

/** q·k/√d of the last w rows, each of which sees the keys up to its own; −∞ elsewhere. */
export const windowScores = (q: Window, k: Keys): Tensor<'f32', 'w' | 'g' | 'r' | 'k'> =>
  map(dot(q, k, 'd'), (s, at) => (at.k <= at.w + sizeOf('k') - sizeOf('w') ? s / Math.sqrt(sizeOf('d')) : -Infinity));

/** The shares that the last w rows give. */
export const windowShares = (q: Window, k: Keys): Tensor<'f32', 'w' | 'g' | 'r' | 'k'> => softmax(windowScores(q, k), 'k');

/** The shares that all rows give, causally. */
export const promptShares = (q: Prompt, k: Keys): Tensor<'f32', 'q' | 'g' | 'r' | 'k'> =>
  softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s / Math.sqrt(sizeOf('d')) : -Infinity)), 'k');
