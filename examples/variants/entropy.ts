// How sure is a head? The entropy of each row, beside the output, at no second walk: Σ p·ln p needs (e^(s−m), (s−m)·e^(s−m)),
// which re-state each other when m moves: a closed family of dimension 2. Written word for word as −Σ p·ln p.
// Run it: `node build/ts/examples/variants/entropy.js`; `explain` prints the transport and its proof.
import { dot, type In, kernel, map, max, type Out, sizeOf, sum, toArray } from 'warpfold/dsl';
import { tensor } from '../show.js';

/** `o` [q, g, r, d] = softmax(q·k/√d)·v and `entropy` [q, g, r] of its rows in nats, between 0 and ln of the number of keys. */
export const attentionEntropy = kernel('attentionEntropy', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  (q: In<'f32', ['q', 'g', 'r', 'd']>, k: In<'f32', ['k', 'g', 'd']>, v: In<'f32', ['k', 'g', 'd']>): { o: Out<'f32', ['q', 'g', 'r', 'd']>; entropy: Out<'f32', ['q', 'g', 'r']> } => {
    const s = map(dot(q, k, 'd'), (s) => s / Math.sqrt(sizeOf('d')));
    const e = map(s, max(s, 'k'), (s, m) => Math.exp(s - m));
    const p = map(e, sum(e, 'k'), (e, l) => e / l);
    return { o: dot(p, v, 'k'), entropy: sum(map(p, (p) => -p * Math.log(p)), 'k') };
  });

// Sixteen keys, of which the query prefers key 0 by more and more.
const k = tensor(['k', 'g', 'd'], [16, 1, 64], (i) => Number(i < 64));
for (const score of [0, 2, 4, 8]) {
  const { entropy } = attentionEntropy.reference([tensor(['q', 'g', 'r', 'd'], [1, 1, 1, 64], () => score / 8), k, k]);
  console.log(`preferred by ${score}: as spread as over ${Math.exp(toArray(entropy)[0] ?? 0).toFixed(2)} of 16 keys`);
}
