import { outOfRange } from './parallelComp/options.js';
import { drawSeed, uniformAt } from './random.js';
import { descending } from './ranked.js';
import type { SamplingRequest } from './request.js';

/** A way of choosing tokens: from the scores of every token and the token's place in the answer. `choose` is undefined where the most likely one is taken, and nothing drawn. */
export interface Sampler { readonly seed: number | undefined; readonly choose: ((logits: Float32Array, place: number) => number) | undefined }

/** How a request wants its tokens chosen. Throws R403 for a number out of range. */
export function samplerOf(request: SamplingRequest): Sampler {
  const { temperature = 0, topK = Number.POSITIVE_INFINITY, topP = 1, minP = 0, seed = drawSeed() } = request;
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) throw outOfRange('temperature', temperature, 'a number from 0', 'use 0 for the most likely token, 1 for the model\'s own probabilities');
  if (topK !== Number.POSITIVE_INFINITY && (!Number.isInteger(topK) || topK < 1)) throw outOfRange('topK', topK, 'a whole number from 1', 'leave it out for no limit');
  if (!(topP > 0 && topP <= 1)) throw outOfRange('topP', topP, 'a share above 0 and up to 1', 'leave it out for no limit');
  if (!(minP >= 0 && minP <= 1)) throw outOfRange('minP', minP, 'a share from 0 to 1', 'leave it out for no limit');
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw outOfRange('seed', seed, 'a whole number from 0 to 4294967295', 'leave it out to have one drawn');
  if (temperature === 0) return { seed: undefined, choose: undefined };
  return { seed, choose: (logits, place) => drawn(candidates(logits, { temperature, topK, topP, minP }), uniformAt(seed, place)) };
}

/** Limits on what may be drawn; see SamplingRequest. */
export interface Limits { readonly temperature: number; readonly topK: number; readonly topP: number; readonly minP: number }
/** Tokens that may be drawn; a weight's share of all of them is its probability. */
export interface Candidates { readonly ids: ArrayLike<number>; readonly weights: ArrayLike<number> }

/**
 * What may be drawn, of the scores over the temperature: the `topK` largest, of these the fewest that reach `topP`, of these
 * what is likely enough beside the likeliest. Ties go to the lower id. What scores NaN or −∞ is never drawn.
 */
export function candidates(logits: Float32Array, { temperature, topK, topP, minP }: Limits): Candidates {
  const weights = weightsOf(logits, temperature);
  if (topK >= logits.length && topP === 1 && minP === 0) return { ids: Uint32Array.from(weights.keys()), weights };
  // By the scores themselves: weights may round to ties.
  const ranked = descending(logits);
  const likeliest = topK < logits.length ? take(ranked, topK) : ranked;
  // What topP is a share of: the ones that topK left.
  const total = sum(Array.isArray(likeliest) ? likeliest.map((id) => weights[id] ?? 0) : weights);
  const ids: number[] = [];
  let reached = 0;
  for (const id of likeliest) {
    const weight = weights[id] ?? 0;
    if (weight === 0 || weight < minP || (topP < 1 && reached >= topP * total)) break;
    ids.push(id);
    reached += weight;
  }
  return { ids, weights: ids.map((id) => weights[id] ?? 0) };
}

/** Probabilities but for a common factor; the largest is 1. Infinite scores share everything. */
function weightsOf(logits: Float32Array, temperature: number): Float64Array {
  let largest = -Infinity;
  for (const x of logits) if (x > largest) largest = x;
  return Float64Array.from(logits, (x) => (x === largest ? 1 : Number.isNaN(x) ? 0 : Math.exp((x - largest) / temperature)));
}

function take(ids: Iterable<number>, count: number): readonly number[] {
  const first: number[] = [];
  for (const id of ids) {
    first.push(id);
    if (first.length >= count) break;
  }
  return first;
}

function sum(weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] ?? 0;
  return total;
}

/** The candidate at a share of all weights, `u` from [0, 1). */
export function drawn({ ids, weights }: Candidates, u: number): number {
  const place = u * sum(weights);
  let reached = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if ((weights[i] ?? 0) === 0) continue;
    last = ids[i] ?? 0;
    reached += weights[i] ?? 0;
    if (place < reached) return last;
  }
  // Rounding may leave the sum a little short of the place.
  return last;
}
