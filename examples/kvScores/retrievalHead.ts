// Retrieval heads (Wu et al., 2024, arXiv:2404.15574): a few heads copy. While an answer is decoded, count the steps at which
// the key a head looks at most holds the very token that is said. An argmax is `topk` of 1, and `gather` looks the token up.
// Run it: `node build/ts/examples/kvScores/retrievalHead.js`.
import { array, gather, type In, kernel, map, max, type Out, sizeOf, sum, toArray, topk } from 'warpfold/dsl';
import { needle, numKeys, plantedCache, window } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `score[g, r]`: share of the last w rows at which `tokens` [k] at the largest share is what was `said` [w]. Simplified: a copy counts wherever it comes from; the paper counts copies from the needle. */
export const retrievalHead = kernel('retrievalHead', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, n: 1 },
  (q: Window, k: Keys, said: In<'i32', ['w']>, tokens: In<'i32', ['k']>): Out<'f32', ['g', 'r']> => {
    const most = topk(windowShares(q, k), 'k', 1, 'n');
    const copied = map(gather(tokens, 'k', most), said, (token, said) => (token === said ? 1 : 0));
    return map(sum(max(copied, 'n'), 'w'), (s) => s / sizeOf('w'));
  });

const { last, k } = plantedCache();
const tokens = array(Array.from({ length: numKeys }, (_, i) => 100 + i), { axes: ['k'], shape: [numKeys], dtype: 'i32' });
const said = array(Array.from({ length: window }, (_, i) => (i % 2 === 0 ? 100 + needle : 7)), { axes: ['w'], shape: [window], dtype: 'i32' });
console.log('Retrieval heads: half of what is said stands at the key looked for; copied by head:', toArray(retrievalHead.reference([last, k, said, tokens])).join(' '));
