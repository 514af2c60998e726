// ParallelComp (Xiong et al., 2025, arXiv:2502.14317), the method this project's runtime serves: what the last rows pay to a
// key, where their log-sum-exps are known from the attention that has run already. Then rows no longer depend on each other
// and a share is just exp(s − lse): one pass, no softmax. A max pool keeps the neighbours of strong keys.
// Run it: `node build/ts/examples/kvScores/parallelComp.js`.
import { dot, type In, kernel, logSumExp, map, maxPool, type Out, sizeOf, sum, topk } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowScores } from './shares.js';

/** What attention over a chunk leaves behind for its last rows. */
export const tailLse = kernel('tailLse', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys): Out<'f32', ['w', 'g', 'r']> => logSumExp(windowScores(q, k), 'k'));

/** `score[g, k] = Σ over the last 8 rows and a group's heads of exp(q·k/√d − lse)`, `kept` [g, n] the best n after a max pool over 7, ascending. */
export const parallelComp = kernel('parallelComp', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64, near: 7, n: 'dynamic' },
  (q: Window, k: Keys, lse: In<'f32', ['w', 'g', 'r']>): { score: Out<'f32', ['g', 'k']>; kept: Out<'i32', ['g', 'n']> } => {
    const p = map(dot(q, k, 'd'), lse, (s, lse, at) => (at.k <= at.w + sizeOf('k') - sizeOf('w') ? Math.exp(s / Math.sqrt(sizeOf('d')) - lse) : 0));
    const score = sum(sum(p, 'w'), 'r');
    return { score, kept: topk(maxPool(score, 'k', 'near', 7), 'k', sizeOf('n'), 'n') };
  });

const { last, k } = plantedCache();
const { score, kept } = parallelComp.reference([last, k, tailLse.reference([last, k])], { sizes: { n: 12 } });
showScores('ParallelComp', score, kept);
