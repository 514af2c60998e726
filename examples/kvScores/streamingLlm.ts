// StreamingLLM (Xiao et al., 2024, arXiv:2309.17453): the first keys, which soak up attention, and the most recent ones.
// A rule of positions alone: the kernel has no inputs, only sizes. How many keys there are and how many are kept are launch
// arguments, so one compilation serves every length and every budget.
// Run it: `node build/ts/examples/kvScores/streamingLlm.js`.
import { kernel, map, type Out, sizeOf, tabulate, toArray, topk } from 'warpfold/dsl';

const SINKS = 4;

/** Keeps `n` of `k` keys: the first four, and of the others the latest. `kept` [n], ascending. */
export const streamingLlm = kernel('streamingLlm', { k: 'dynamic', n: 'dynamic' },
  (): Out<'i32', ['n']> => topk(map(tabulate(['k'], (at) => at.k), (age) => (age < SINKS ? Infinity : age)), 'k', sizeOf('n'), 'n'));

for (const k of [8, 16, 48, 4096]) {
  console.log(`StreamingLLM, ${String(k).padStart(4)} keys: keeps ${toArray(streamingLlm.reference([], { sizes: { k, n: 12 } })).filter((i) => i >= 0).join(' ')}`);
}
