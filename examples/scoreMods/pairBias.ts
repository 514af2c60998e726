// Evoformer's row attention (AlphaFold 2: Jumper et al., 2021, doi:10.1038/s41586-021-03819-2): a bias from the pair
// representation for every two positions, a mask by key, and a gate behind the product, all in one walk.
// Run it: `node build/ts/examples/scoreMods/pairBias.js`.
import { dot, type In, kernel, map, type Out, sizeOf, softmax } from 'warpfold/dsl';
import { drawWeights } from '../attend.js';
import { tensor } from '../show.js';

/** `sigmoid(gate)·softmax(q·k/√d + pair + mask)·v`; `pair` [g, r, q, k], `mask` [k] is 0 or −∞, `gate` [q, g, r, d]. */
export const pairBias = kernel('pairBias', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'g', 'r', 'd']>, k: In<'f32', ['k', 'g', 'd']>, v: In<'f32', ['k', 'g', 'd']>, pair: In<'f32', ['g', 'r', 'q', 'k']>, mask: In<'f32', ['k']>, gate: In<'f32', ['q', 'g', 'r', 'd']>): Out<'f32', ['q', 'g', 'r', 'd']> => {
    const s = map(dot(q, k, 'd'), pair, mask, (s, pair, mask) => s / Math.sqrt(sizeOf('d')) + pair + mask);
    return map(dot(softmax(s, 'k'), v, 'k'), gate, (o, gate) => o / (1 + Math.exp(-gate)));
  });

// A pair representation that knows a contact map: positions i and 23 − i touch. The last four keys are padding.
const contact = (i: number): number => (Math.abs(Math.floor(i / 24) + (i % 24) - 23) <= 1 ? 3 : 0);
drawWeights('contacts', (q, k, v) => pairBias.reference([q, k, v, tensor(['g', 'r', 'q', 'k'], [1, 1, 24, 24], contact), tensor(['k'], [24], (i) => (i < 20 ? 0 : -Infinity)), tensor(['q', 'g', 'r', 'd'], [24, 1, 1, 64], () => 0)]));
