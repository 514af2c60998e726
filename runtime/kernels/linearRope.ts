import { cast, dot, gather, type In, kernel, map, type Out, tabulate, type Tensor } from '../../dsl/index.js';
import { normed } from './functions/normed.js';

/** Rows of heads, seen as two halves p of a head with elements d each. */
type Heads = Tensor<'f32', 'q' | 'h' | 'p' | 'd'>;
type Angles = Tensor<'f32', 'q' | 'd'>;

/**
 * Rotary positions (Su et al., 2021) in the half-split order of checkpoints: a head's two halves turn into each other,
 * element d of one with element d of the other, by the angle whose cosine and sine stand in the tables.
 */
const turned = (y: Heads, cos: Angles, sin: Angles): Heads => {
  const other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p));
  return map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -other : other) * sin);
};

/**
 * A projection to heads and their rotary positions: `y[q, h, p, d] = Σ_e x[q, e] · w[h, p, d, e]` with h the heads, p the
 * halves of one and d half a head; half p of `out` is `y·cos` minus (p = 0) or plus (p = 1) the other half times `sin`.
 * `cos` and `sin` [q, d] in f32, so that angles can be computed in float64 on the host. One rounding, behind the turn.
 */
export const linearRope = kernel('linearRope', { q: 'dynamic', e: 'dynamic', h: 'dynamic', p: 2, d: [32, 64] },
  <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['h', 'p', 'd', 'e']>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>): Out<E, ['q', 'h', 'p', 'd']> => {
    return cast(x.dtype, turned(dot(x, w, 'e'), cos, sin));
  });

/** {@link linearRope} with a bias [h, p, d] in front of the turn: the q and k projections of Qwen2. */
export const linearRopeBias = kernel('linearRopeBias', { q: 'dynamic', e: 'dynamic', h: 'dynamic', p: 2, d: [32, 64] },
  <E extends 'f32' | 'bf16'>(
    x: In<E, ['q', 'e']>, w: In<E, ['h', 'p', 'd', 'e']>, bias: In<E, ['h', 'p', 'd']>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>,
  ): Out<E, ['q', 'h', 'p', 'd']> => {
    return cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin));
  });

/** The first `count` heads turned, the others as they are. */
const turnedFirst = (y: Heads, count: Tensor<'i32', never>, cos: Angles, sin: Angles): Heads => map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? turned : y));

/**
 * {@link linearRope} of normed rows, the norm in the same pass; `x` in f32 and `gain` [e] as in rmsNorm. Every block of outputs
 * norms its rows anew: for few rows. The first `turning` heads turn, those behind are as the product leaves them: q, k and v of one weight.
 */
export const normLinearRope = kernel('normLinearRope', { q: 'dynamic', e: 'dynamic', h: 'dynamic', p: 2, d: [32, 64] },
  <E extends 'f32' | 'bf16'>(
    x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>, w: In<E, ['h', 'p', 'd', 'e']>, turning: In<'i32', []>, cos: In<'f32', ['q', 'd']>, sin: In<'f32', ['q', 'd']>,
  ): Out<E, ['q', 'h', 'p', 'd']> => {
    return cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), turning, cos, sin));
  });

/** {@link normLinearRope} with a bias [h, p, d] in front of the turn. */
export const normLinearRopeBias = kernel('normLinearRopeBias', { q: 'dynamic', e: 'dynamic', h: 'dynamic', p: 2, d: [32, 64] },
  <E extends 'f32' | 'bf16'>(
    x: In<'f32', ['q', 'e']>, gain: In<E, ['e']>, eps: In<'f32', []>, w: In<E, ['h', 'p', 'd', 'e']>, bias: In<E, ['h', 'p', 'd']>, turning: In<'i32', []>, cos: In<'f32', ['q', 'd']>,
    sin: In<'f32', ['q', 'd']>,
  ): Out<E, ['q', 'h', 'p', 'd']> => {
    const y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e');
    return cast(w.dtype, turnedFirst(map(y, bias, (y, bias) => y + bias), turning, cos, sin));
  });
