// The two ends of attention that masks and score mods go between. The compiler follows kernels into these functions.
import { cast, dot, type In, map, type Out, sizeOf, softmax, type Tensor, toArray } from 'warpfold/dsl';
import { shades, tensor } from './show.js';

/** Queries by KV head g and query head r of its group; keys and values by KV head. */
export type Queries<E extends 'f32' | 'bf16'> = In<E, ['q', 'g', 'r', 'd']>;
export type Keys<E extends 'f32' | 'bf16'> = In<E, ['k', 'g', 'd']>;
export type Attended<E extends 'f32' | 'bf16'> = Out<E, ['q', 'g', 'r', 'd']>;

type Scores = Tensor<'f32', 'q' | 'g' | 'r' | 'k'>;

/** q·k/√d of every query with every key of its KV head. */
export const scores = <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>): Scores => map(dot(q, k, 'd'), (s) => s / Math.sqrt(sizeOf('d')));

/** softmax(s)·v in the dtype of the values; a row that sees no key is 0. */
export const attend = <E extends 'f32' | 'bf16'>(s: Scores, v: Keys<E>): Attended<E> => cast(v.dtype, dot(cast(v.dtype, softmax(s, 'k')), v, 'k'));

/**
 * Draws what each query weighs. Where all scores are equal but for mask and mods, and the values are the unit vectors, a
 * row of the output is the row of weights itself.
 */
export function drawWeights(title: string, attention: (q: Queries<'f32'>, k: Keys<'f32'>, v: Keys<'f32'>) => Attended<'f32' | 'bf16'>, numQueries = 24, numKeys = numQueries): void {
  const zeros = (): number => 0;
  const unit = (i: number): number => Number(Math.floor(i / 64) === i % 64);
  const o = attention(tensor(['q', 'g', 'r', 'd'], [numQueries, 1, 1, 64], zeros), tensor(['k', 'g', 'd'], [numKeys, 1, 64], zeros), tensor(['k', 'g', 'd'], [numKeys, 1, 64], unit));
  const weights = toArray(o, ['q', 'g', 'r', 'd']).filter((_, i) => i % 64 < numKeys);
  console.log(`${title}: a row per query, a column per key\n${shades(weights, numKeys)}`);
}
