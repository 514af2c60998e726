// ThinK (Xu et al., 2025, arXiv:2407.21018): not which keys but which channels of all keys to keep. A channel's part in the
// scores is an outer product, whose Frobenius norm is the product of two norms: no score is ever computed.
// Run it: `node build/ts/examples/kvScores/think.js`.
import { gather, kernel, map, type Out, sizeOf, sum, toArray, topk } from 'warpfold/dsl';
import { bars, plantedCache } from '../show.js';
import type { Keys, Window } from './shares.js';

/** `score[g, d] = ‖Q_d‖·‖K_d‖` over the last w queries of a group and over all keys; `channels` [g, n] are the best n, ascending, and `pruned` [k, g, n] what they leave of the keys. */
export const think = kernel('think', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, n: 'dynamic' },
  (q: Window, k: Keys): { score: Out<'f32', ['g', 'd']>; channels: Out<'i32', ['g', 'n']>; pruned: Out<'f32', ['k', 'g', 'n']> } => {
    const queries = sum(sum(map(q, (x) => x * x), 'w'), 'r');
    const score = map(queries, sum(map(k, (x) => x * x), 'k'), (q, k) => Math.sqrt(q * k));
    const channels = topk(score, 'd', sizeOf('n'), 'n');
    return { score, channels, pruned: gather(k, 'd', channels) };
  });

const { last, k } = plantedCache();
const { score, channels } = think.reference([last, k], { sizes: { n: 26 } });
console.log('ThinK, 26 of 64 channels');
for (const g of [0, 1]) console.log(`  head ${g}  ${bars(toArray(score, ['g', 'd']).subarray(g * 64, g * 64 + 64))}\n          keeps ${toArray(channels, ['g', 'n']).subarray(g * 26, g * 26 + 26).join(' ')}`);
