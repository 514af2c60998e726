// A mask is a condition on positions whose other branch is −∞. It costs nothing where it decides whole blocks: the compiler
// reads the bounds off `k <= q` and walks the keys in two loops, full blocks without any mask code and the edge with it;
// blocks that no query sees are never visited.
// Run it: `node build/ts/examples/masks/causal.js`; `npx warpfold explain examples/masks/causal.ts` shows both loops.
import { causal, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

/** Each query sees the keys up to its own position. */
export const causalMasked = kernel('causalMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>): Attended<E> =>
    attend(map(scores(q, k), (s, at) => (causal(at.q, at.k) ? s : -Infinity)), v));

drawWeights('causal', (q, k, v) => causalMasked.reference([q, k, v]));
