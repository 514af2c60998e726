// CAKE (Qin et al., 2025, arXiv:2503.12491): a layer whose attention is spread, and moves from row to row, needs more keys;
// within a layer, keys whose share varies may matter later. Mean and variance over rows are two sums over the same shares,
// the second about the first's result, so that nothing cancels where shares hardly vary;
// the entropy of each row is a pair of states in the same walk (closure of dimension 1: the scores' own data).
// Run it: `node build/ts/examples/kvScores/cake.js`.
import { entropy, type In, kernel, map, type Out, sizeOf, sum, type Tensor, toArray } from 'warpfold/dsl';
import { plantedCache, showScores } from '../show.js';
import { type Keys, type Window, windowScores, windowShares } from './shares.js';

const meanOverRows = (p: Tensor<'f32', 'w' | 'g' | 'r' | 'k'>): Tensor<'f32', 'g' | 'r' | 'k'> => map(sum(p, 'w'), (s) => s / sizeOf('w'));
const varianceOverRows = (p: Tensor<'f32', 'w' | 'g' | 'r' | 'k'>): Tensor<'f32', 'g' | 'r' | 'k'> =>
  meanOverRows(map(p, meanOverRows(p), (p, mean) => (p - mean) ** 2));

/** `score[g, k] = Σ over a group's heads of mean(p) + γ·variance(p)` over the last 8 rows. The paper pools it as SnapKV does. */
export const cake = kernel('cake', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys, gamma: In<'f32', []>): Out<'f32', ['g', 'k']> => {
  const p = windowShares(q, k);
  return sum(map(meanOverRows(p), varianceOverRows(p), gamma, (mean, variance, gamma) => mean + gamma * variance), 'r');
});

/** What a layer's preference H^(1/τ₁)·V^(1/τ₂) is made of: `spread` H = −Σ p·ln p over rows and keys, `shift` V = Σ over keys of the variance over rows, by KV head. */
export const cakeLayer = kernel('cakeLayer', { w: 8, k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 }, (q: Window, k: Keys): { spread: Out<'f32', ['g']>; shift: Out<'f32', ['g']> } => ({
  spread: sum(sum(entropy(windowScores(q, k), 'k'), 'w'), 'r'),
  shift: sum(sum(varianceOverRows(windowShares(q, k)), 'k'), 'r'),
}));

const { last, k } = plantedCache();
showScores('CAKE', cake.reference([last, k, 5]));
const { spread, shift } = cakeLayer.reference([last, k]);
console.log('  entropy by head', Array.from(toArray(spread), (x) => x.toFixed(2)).join(' '), '· shift by head', Array.from(toArray(shift), (x) => x.toFixed(4)).join(' '));
