// A window that also keeps the first keys, as StreamingLLM does (Xiao et al., 2024, arXiv:2309.17453): without them a window
// model breaks as soon as its first keys slide out, because they hold the attention that nothing else wants. The causal part
// ends the loop; the gap between sinks and window is masked element by element, not skipped.
// Run it: `node build/ts/examples/masks/sinksAndWindow.js`.
import { causal, type In, kernel, map } from 'warpfold/dsl';
import { attend, type Attended, drawWeights, type Keys, type Queries, scores } from '../attend.js';

const seen = (q: number, k: number, sinks: number, width: number): boolean => causal(q, k) && (k < sinks || q - k < width);

/** The first `sinks` keys and the last `width`, causally. */
export const sinksMasked = kernel('sinksMasked', { q: 'dynamic', k: 'dynamic', g: 'dynamic', r: 'dynamic', d: 64 },
  <E extends 'f32' | 'bf16'>(q: Queries<E>, k: Keys<E>, v: Keys<E>, sinks: In<'i32', []>, width: In<'i32', []>): Attended<E> =>
    attend(map(scores(q, k), sinks, width, (s, sinks, width, at) => (seen(at.q, at.k, sinks, width) ? s : -Infinity)), v));

drawWeights('2 sinks and a window of 5', (q, k, v) => sinksMasked.reference([q, k, v, 2, 5]));
