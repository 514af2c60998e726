// A router of a mixture of experts: logits, the best two experts of each token, and how much each counts. `topk` returns
// positions, and `gather` looks values up at them. The logits stand in memory for the search; probabilities of all experts never do.
// Run it: `node build/ts/examples/basics/expertRouting.js`.
import { array, dot, gather, type In, kernel, type Out, softmax, toArray, topk } from 'warpfold/dsl';

/** `experts` [q, n]: the best 2 of 64 by h·w, ascending; `weights` [q, n]: the softmax over those two (Mixtral: Jiang et al., 2024, arXiv:2401.04088). */
export const expertRouting = kernel('expertRouting', { q: 'dynamic', e: 'dynamic', x: 64, n: 2 },
  (h: In<'f32', ['q', 'e']>, w: In<'f32', ['x', 'e']>): { experts: Out<'i32', ['q', 'n']>; weights: Out<'f32', ['q', 'n']> } => {
    const logits = dot(h, w, 'e');
    const experts = topk(logits, 'x', 2, 'n');
    return { experts, weights: softmax(gather(logits, 'x', experts), 'n') };
  });

// Each expert looks along one direction of the plane; a token goes to the two directions nearest to its own.
const angle = (i: number): number => (2 * Math.PI * i) / 64;
const h = array([3, 0, 0, 5], { axes: ['q', 'e'], shape: [2, 2] });
const w = array(Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? Math.cos(angle((i / 2) + 0.25)) : Math.sin(angle((i - 1) / 2 + 0.25)))), { axes: ['x', 'e'], shape: [64, 2] });
const { experts, weights } = expertRouting.reference({ h, w });
console.log('experts', toArray(experts, ['q', 'n']).join(' '), '· weights', Array.from(toArray(weights, ['q', 'n']), (x) => x.toFixed(4)).join(' '));
