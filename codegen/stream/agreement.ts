import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import { evaluate, type Block } from '../graph/evaluate.js';

/** Lengths that an axis gets: enough for several blocks, few enough to cost nothing. */
const lengths = [5, 3, 4, 2];
/** Elements of a parameter beyond which a check would be felt. */
const affordable = 200_000;

/** More than float64 rounds in a few exponentials, and less than any mistake. */
const roundingNoise = 1e-9;
/** A source that rounding decides moves by more than this under noise. */
const steady = 1e-6;
/** Noisy runs: a tie is missed by all of them once in 2^24. */
const noisyRuns = 24;

/**
 * How far two graphs of one kernel lie apart on small random inputs, the second one's folds cut into random blocks in
 * random order; relative to the larger of 1 and the value. Elements where the first has no finite value are not compared:
 * rows without any key are each form's own business. Nor are those that rounding decides, as where a comparison ties: where
 * they lie apart, and the source lies apart from itself once its operations are a little off. Fixed axes shrink too where
 * the graph does not tie them together.
 */
export function disagreement(source: KernelDef, folded: KernelDef, seed: number): number {
  const off = disagreementWithin(source, folded, seed, 1);
  // Exponentials of exponentials overflow, and a factor that left a sum of zeros then makes NaN: smaller inputs decide.
  return off === Infinity ? disagreementWithin(source, folded, seed, 1 / 16) : off;
}

function disagreementWithin(source: KernelDef, folded: KernelDef, seed: number, range: number): number {
  const sizes = smallSizes(source);
  const counts = source.params.map((p) => p.order.reduce((n, a) => n * (sizes[a] ?? 1), 1));
  if (counts.some((n) => n > affordable)) return 0;
  const inputs = Object.fromEntries(source.params.map((p, i) => [p.name, Float64Array.from({ length: counts[i] ?? 0 }, (_, n) => draw(seed * 1000 + i, n, p.dtype === 'i32') * (p.dtype === 'i32' ? 1 : range))]));
  const expected = evaluate(source, inputs, sizes);
  const actual = evaluate(folded, inputs, sizes, { blocks: randomBlocks(seed) });
  if (Object.entries(expected).some(([name, values]) => actual[name]?.some((w, i) => Number.isNaN(w) && Number.isFinite(values[i] ?? NaN)))) return Infinity;
  let judged = expected;
  for (let run = 0; run < noisyRuns && worstOf(judged, actual) > steady; run++) judged = steadyPart(judged, evaluate(source, inputs, sizes, { noise: noiseFrom(seed * noisyRuns + run) }));
  return worstOf(judged, actual);
}

type Results = Readonly<Record<string, Float64Array>>;
const distance = (v: number, w: number): number => Math.abs(w - v) / Math.max(1, Math.abs(v));

function worstOf(expected: Results, actual: Results): number {
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) for (const [i, v] of values.entries()) if (Number.isFinite(v)) worst = Math.max(worst, distance(v, actual[name]?.[i] ?? NaN));
  return worst;
}

/** The values that noise leaves where they are; NaN for the others. */
const steadyPart = (values: Results, noisy: Results): Results =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [name, data.map((v, i) => (distance(v, noisy[name]?.[i] ?? NaN) <= steady ? v : NaN))]));

/** Relative errors in (−roundingNoise, roundingNoise). */
function noiseFrom(seed: number): () => number {
  let n = 0;
  return () => (draw(seed, n++, false) * roundingNoise) / 2;
}

function smallSizes(def: KernelDef): Readonly<Record<Axis, number>> {
  const tied = nodesOf(def.results.map((r) => r.value)).some((e) => e.kind === 'reaxis' && e.how.kind !== 'rename');
  return consistentSizes(def, Object.fromEntries(Object.entries(def.sizes).map(([axis, rule], i) => {
    const small = lengths[i % lengths.length] ?? 3;
    return [axis, rule.kind === 'fixed' ? (tied ? rule.size : Math.min(rule.size, 7)) : small];
  })));
}

/** Sizes in which axes that are renamed, split or merged into each other fit together. */
export function consistentSizes(def: KernelDef, wanted: Readonly<Record<Axis, number>>): Readonly<Record<Axis, number>> {
  const sizes = { ...wanted };
  for (const e of nodesOf(def.results.map((r) => r.value))) {
    if (e.kind !== 'reaxis') continue;
    if (e.how.kind === 'rename') sizes[e.how.to] = sizes[e.how.from] ?? 1;
    else if (e.how.kind === 'split') sizes[e.how.from] = (sizes[e.how.outer] ?? 1) * e.how.size;
    else sizes[e.how.to] = (sizes[e.how.outer] ?? 1) * e.how.size;
  }
  return sizes;
}

/** Blocks of one to three positions, in an order that the seed decides. */
export function randomBlocks(seed: number): (axis: Axis, size: number) => readonly Block[] {
  return (_, size) => {
    const blocks: Block[] = [];
    for (let from = 0; from < size;) {
      const length = Math.min(size - from, 1 + Math.floor((draw(seed, from, false) + 2) * 0.75));
      blocks.push({ from, size: length });
      from += length;
    }
    return blocks.map((b) => ({ b, key: draw(seed + 1, b.from, false) })).sort((x, y) => x.key - y.key).map(({ b }) => b);
  };
}

/** In [−2, 2), or 0 … 2 for integers; element n of stream `seed`. */
function draw(seed: number, n: number, isInteger: boolean): number {
  let x = Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(n + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  const u = ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
  return isInteger ? Math.floor(u * 3) : u * 4 - 2;
}
