// The loss per token over a large vocabulary: log Σ exp(h·W) minus the logit of the target. Logits are made block by block
// and folded into a running maximum and a sum; a row of them, 128,000 numbers for a modern vocabulary, is never stored.
// The target's own logit is a sum with one term, found by a comparison of positions in the same walk.
// Run it: `node build/ts/examples/basics/crossEntropy.js`.
import { array, dot, type In, kernel, logSumExp, map, type Out, sum, toArray } from 'warpfold/dsl';

/** `nll[q] = ln Σ_t exp(h·w_t) − h·w_target`, in nats; `h` [q, e] hidden states, `w` [t, e] the head, `target` [q] token ids. */
export const crossEntropy = kernel('crossEntropy', { q: 'dynamic', e: 'dynamic', t: 'dynamic' },
  (h: In<'f32', ['q', 'e']>, w: In<'f32', ['t', 'e']>, target: In<'i32', ['q']>): Out<'f32', ['q']> => {
    const z = dot(h, w, 'e');
    const ofTarget = sum(map(z, target, (z, target, at) => (at.t === target ? z : 0)), 't');
    return map(logSumExp(z, 't'), ofTarget, (lse, z) => lse - z);
  });

// Three tokens: one expected, one of four that are alike, one that the model thinks impossible.
const h = array([8, 0, 0, 0, 8, -8], { axes: ['q', 'e'], shape: [3, 2] });
const w = array([1, 0, 0, 0, 0, 0, -1, 0], { axes: ['t', 'e'], shape: [4, 2] });
const nll = toArray(crossEntropy.reference({ h, w, target: array([0, 1, 3], { axes: ['q'], shape: [3], dtype: 'i32' }) }));
console.log('loss in nats:', Array.from(nll, (x) => x.toFixed(4)).join(' '));
