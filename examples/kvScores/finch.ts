// Finch (Corallo and Papotti, 2024, arXiv:2408.00167): the question votes for keys of the document. A row that sees more
// keys gives each a smaller share, so rows are put on one scale first: a factor of the row's position, inside the sum.
// Run it: `node build/ts/examples/kvScores/finch.js`.
import { kernel, map, type Out, sizeOf, sum } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowShares } from './shares.js';

/** `score[g, k] = mean over the question's w rows and a group's heads of p · (number of keys the row sees)`. */
export const finch = kernel('finch', { w: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys): Out<'f32', ['g', 'k']> => {
  const scaled = map(windowShares(q, k), (p, at) => p * (at.w + sizeOf('k') - sizeOf('w') + 1));
  return map(sum(sum(scaled, 'w'), 'r'), (s) => s / (sizeOf('w') * sizeOf('r')));
});

const { last, k } = plantedCache();
showScores('Finch', finch.reference([last, k]));
