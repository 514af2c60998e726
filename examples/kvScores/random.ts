// A random score: what every other rule has to beat. Random numbers are plain integer arithmetic on positions: an expression
// whose leaves are positions, integers and whole numbers stays i32, and remainders keep it below 2³¹.
// Run it: `node build/ts/examples/kvScores/random.js`.
import { type In, kernel, map, type Out, tabulate } from 'warpfold/dsl';
import { numKeys, numKvHeads, showScores } from '../show.js';

/** A prime whose square is below 2³¹. */
const P = 46337;
const mixed = (x: number, y: number): number => (((x * x + y) % P) * ((x * 3 + y) % P) + x) % P;

/** `score[g, k]` of [0, 1), the same for the same seed, head and position. `seed` counts from 0. */
export const random = kernel('random', { g: 'dynamic', k: 'dynamic' },
  (seed: In<'i32', []>): Out<'f32', ['g', 'k']> => map(tabulate(['g', 'k'], (at) => (at.k + at.g * 7919) % P), seed, (i, seed) => mixed(mixed(mixed(i + 1000, seed % P), i), seed % P) / P));

for (const seed of [0, 1]) showScores(`random, seed ${seed}`, random.reference([seed], { sizes: { g: numKvHeads, k: numKeys } }));
