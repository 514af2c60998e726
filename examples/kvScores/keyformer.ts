// Keyformer (Adnan et al., 2024, arXiv:2403.09054): dropping keys makes a softmax of the rest too sure of itself; Gumbel
// noise on the scores and a temperature keep candidates in play. The noise is an input, one number per key and head, so the
// kernel is a function and can be tested.
// Run it: `node build/ts/examples/kvScores/keyformer.js`.
import { causal, dot, type In, kernel, map, type Out, sizeOf, softmax, sum } from 'warpfold/dsl';
import { noise, numKeys, numKvHeads, plantedCache, showScores, tensor } from '../show.js';
import type { Keys, Prompt } from './shares.js';

/** `score[g, k] = Σ over all rows and a group's heads of softmax((q·k/√d + ζ) / τ)`, causally; `zeta` [g, k] drawn from Gumbel's distribution. The paper raises τ from 1 to 2 while decoding. */
export const keyformer = kernel('keyformer', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: Prompt, k: Keys, zeta: In<'f32', ['g', 'k']>, tau: In<'f32', []>): Out<'f32', ['g', 'k']> => {
    const s = map(dot(q, k, 'd'), zeta, tau, (s, zeta, tau, at) => (causal(at.q, at.k) ? (s / Math.sqrt(sizeOf('d')) + zeta) / tau : -Infinity));
    return sum(sum(softmax(s, 'k'), 'q'), 'r');
  });

const { prompt, k } = plantedCache();
const uniform = noise(7);
const gumbel = tensor(['g', 'k'], [numKvHeads, numKeys], (i) => -Math.log(-Math.log((uniform(i) + 1.000001) / 2.000002)));
for (const tau of [1, 2]) showScores(`Keyformer, τ ${tau}`, keyformer.reference([prompt, k, gumbel, tau]));
