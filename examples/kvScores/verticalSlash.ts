// MInference's vertical and slash lines (Jiang et al., 2024, arXiv:2407.02490): which columns and which diagonals of the
// attention matrix to compute for a long prompt, estimated from its last rows. A diagonal is a `gather` along the keys whose
// position depends on the row.
// Run it: `node build/ts/examples/kvScores/verticalSlash.js`.
import { gather, kernel, type Out, sizeOf, sum, tabulate, toArray } from 'warpfold/dsl';
import { bars, numKeys, plantedCache } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `vertical[g, r, k]`: Σ over the last 8 rows of the shares of key k; `slash[g, r, o]`: of the key o positions back from each row. */
export const verticalSlash = kernel('verticalSlash', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, o: 'dynamic' },
  (q: Window, k: Keys): { vertical: Out<'f32', ['g', 'r', 'k']>; slash: Out<'f32', ['g', 'r', 'o']> } => {
    const p = windowShares(q, k);
    return { vertical: sum(p, 'w'), slash: sum(gather(p, 'k', tabulate(['w', 'o'], (at) => at.w + sizeOf('k') - sizeOf('w') - at.o)), 'w') };
  });

const { last, k } = plantedCache();
const { vertical, slash } = verticalSlash.reference([last, k], { sizes: { o: numKeys } });
console.log('MInference, head 0');
console.log(`  by key          ${bars(toArray(vertical, ['g', 'r', 'k']).subarray(0, numKeys))}`);
console.log(`  by distance     ${bars(toArray(slash, ['g', 'r', 'o']).subarray(0, numKeys))}`);
