// AdaKV (Feng et al., 2024, arXiv:2407.11550): heads share one budget, so a head whose attention is spread keeps more keys
// than one that looks at a few. Keys and heads become one axis by `merge`, and the best are taken from all of them. The votes
// are a kernel of their own: three readers want them, and what a kernel returns is in memory, made once.
// Run it: `node build/ts/examples/kvScores/adaKv.js`.
import { gather, type In, kernel, map, merge, min, type Out, sizeOf, sum, toArray, topk } from 'warpfold/dsl';
import { numKvHeads, plantedCache } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `votes[k, g]`: Σ over the last 8 rows and a group's heads of their shares. */
export const adaKvVotes = kernel('adaKvVotes', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys): Out<'f32', ['k', 'g']> => sum(sum(windowShares(q, k), 'w'), 'r'));

/**
 * `kept[n]`, as key · G + head: the n best pairs of all heads, after every head's own m best (and what ties with the m-th),
 * so that no head is left with nothing. The number of heads G is fixed, as it is in a model.
 */
export const adaKv = kernel('adaKv', { k: 'dynamic', g: [2, 8], m: 'dynamic', n: 'dynamic' }, (votes: In<'f32', ['k', 'g']>): Out<'i32', ['n']> => {
  const least = min(gather(votes, 'k', topk(votes, 'k', sizeOf('m'), 'm'), Infinity), 'm');
  const guarded = map(votes, least, (vote, least) => (vote >= least ? Infinity : vote));
  return topk(merge(guarded, 'k', 'g', 'i'), 'i', sizeOf('n'), 'n');
});

const { last, k } = plantedCache();
const kept = toArray(adaKv.reference([adaKvVotes.reference([last, k])], { sizes: { m: 3, n: 24 } }));
console.log('AdaKV, 24 keys for both heads, at least 3 for each');
for (let g = 0; g < numKvHeads; g++) console.log(`  head ${g} keeps ${[...kept].filter((i) => i % numKvHeads === g).map((i) => Math.floor(i / numKvHeads)).join(' ')}`);
