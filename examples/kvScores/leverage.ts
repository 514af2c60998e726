// Leverage scores (Compactor: Chari and Van Durme, 2025, arXiv:2507.08143): how much of the keys' span hangs on one key.
// They need the inverse of a small matrix, which no expression over tensors is: the language has no loops of unknown length.
// So the rule is two kernels with the inverse of a c × c matrix between them, made wherever a solver is at hand.
// Run it: `node build/ts/examples/kvScores/leverage.js`.
import { array, dot, type In, kernel, type Out, rename, toArray } from 'warpfold/dsl';
import { noise, numKvHeads, plantedCache, showScores, tensor } from '../show.js';
import type { Keys } from './shares.js';

type Sketch = In<'f32', ['d', 'c']>;

/** The Gram matrix YᵀY of the sketched keys Y = K·Φ, `gram` [g, c, e]; e is c again. `phi` [d, c] holds normal numbers. */
export const sketchGram = kernel('sketchGram', { k: 'dynamic', g: 'dynamic', d: 64, c: 16, e: 16 }, (k: Keys, phi: Sketch): Out<'f32', ['g', 'c', 'e']> => {
  const y = dot(k, phi, 'd');
  return dot(y, rename(y, 'c', 'e'), 'k');
});

/** `score[g, k] = yᵀ (YᵀY)⁻¹ y` of the key's sketch y, in [0, 1]; over all keys they sum to c. `inverse` [g, c, e] is that of {@link sketchGram}. */
export const leverage = kernel('leverage', { k: 'dynamic', g: 'dynamic', d: 64, c: 16, e: 16 },
  (k: Keys, phi: Sketch, inverse: In<'f32', ['g', 'c', 'e']>): Out<'f32', ['g', 'k']> => {
    const y = dot(k, phi, 'd');
    return dot(dot(y, inverse, 'c'), rename(y, 'c', 'e'), 'e');
  });

/** The inverse of a symmetric positive matrix, by Gauss and Jordan's elimination in place. */
export function inverted(m: Float64Array): Float64Array {
  const n = Math.sqrt(m.length);
  const a = m.slice();
  const at = (i: number, j: number): number => a[i * n + j] ?? Number.NaN;
  for (let p = 0; p < n; p++) {
    const pivot = at(p, p);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== p && j !== p) a[i * n + j] = at(i, j) - (at(i, p) * at(p, j)) / pivot;
    for (let i = 0; i < n; i++) if (i !== p) [a[i * n + p], a[p * n + i]] = [-at(i, p) / pivot, at(p, i) / pivot];
    a[p * n + p] = 1 / pivot;
  }
  return a;
}

const { k } = plantedCache();
const normal = noise(9);
const phi = tensor(['d', 'c'], [64, 16], normal);
const gram = toArray(sketchGram.reference([k, phi]), ['g', 'c', 'e']);
const inverse = array([0, 1].flatMap((g) => [...inverted(gram.subarray(g * 256, (g + 1) * 256))]), { axes: ['g', 'c', 'e'], shape: [numKvHeads, 16, 16] });
showScores('Leverage', leverage.reference([k, phi, inverse]));
