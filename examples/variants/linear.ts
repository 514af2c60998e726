// Linear attention (Katharopoulos et al., 2020, arXiv:2006.16236): with a feature map instead of exp, the sum over keys does
// not depend on the query. Twice the same formula: as a state, whose cost is linear in the keys and which the author gets by
// bracketing the product that way; and as masked scores, which streams like any attention and needs no reference at all.
// Run it: `node build/ts/examples/variants/linear.js`.
import { causal, dot, type In, kernel, map, type Out, sum, type Tensor, toArray } from 'warpfold/dsl';
import { noise, tensor } from '../show.js';

type Rows = In<'f32', ['q', 'h', 'd']>;
type Cols = In<'f32', ['k', 'h', 'd']>;
type Values = In<'f32', ['k', 'h', 'c']>;
/** elu + 1: positive, so that rows have a sum to divide by. */
const feature = (x: number): number => (x > 0 ? x + 1 : Math.exp(x));

/** `φ(q)·Σ φ(k)vᵀ / φ(q)·Σ φ(k)`: every query sees every key. The state [h, d, c] is d × c numbers however many keys there are. */
export const linearState = kernel('linearState', { q: 'dynamic', k: 'dynamic', h: 'dynamic', d: 64, c: 64 }, (q: Rows, k: Cols, v: Values): Out<'f32', ['q', 'h', 'c']> => {
  const [phiQ, phiK] = [map(q, feature), map(k, feature)];
  return map(dot(phiQ, dot(phiK, v, 'k'), 'd'), dot(phiQ, sum(phiK, 'k'), 'd'), (o, l) => o / l);
});

/** The same causally, by scores: `Σ_{k ≤ q} (φ(q)·φ(k)) v / Σ_{k ≤ q} φ(q)·φ(k)`. A running state over positions would be a scan, which the language does not have. */
export const linearCausal = kernel('linearCausal', { q: 'dynamic', k: 'dynamic', h: 'dynamic', d: 64, c: 64 }, (q: Rows, k: Cols, v: Values): Out<'f32', ['q', 'h', 'c']> => {
  const s: Tensor<'f32', 'q' | 'k' | 'h'> = map(dot(map(q, feature), map(k, feature), 'd'), (s, at) => (causal(at.q, at.k) ? s : 0));
  return map(dot(s, v, 'k'), sum(s, 'k'), (o, l) => o / l);
});

const n = 5;
const inputs = [tensor(['q', 'h', 'd'], [n, 1, 64], noise(1)), tensor(['k', 'h', 'd'], [n, 1, 64], noise(2)), tensor(['k', 'h', 'c'], [n, 1, 64], (i) => Math.floor(i / 64))] as const;
const byRow = (o: Float64Array): string => Array.from({ length: n }, (_, q) => (o[q * 64] ?? 0).toFixed(3)).join(' ');
console.log('mean position seen, full:  ', byRow(toArray(linearState.reference([...inputs]), ['q', 'h', 'c'])));
console.log('mean position seen, causal:', byRow(toArray(linearCausal.reference([...inputs]), ['q', 'h', 'c'])));
