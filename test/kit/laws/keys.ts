import type { Axis } from '../../../dsl/index.js';
import { axesInMemory } from '../call.js';
import { uniform } from '../values.js';
import { bothRound, type Law, notAbout, type Relation, type Sample } from './law.js';
import { callOn, changed, dimOf, freeLength, positions, resultShape, taken } from './moves.js';

/**
 * Permuting the positions of an axis in all inputs permutes them in the results that have it and changes no other. Of a
 * ragged axis each part is permuted by itself. Not for kernels whose scalar code asks where it stands (`at.k`).
 */
export const permutationOf = (axis: Axis): Law => named(`permutationOf(${axis})`, (sample) => {
  const { entry, call, kernel } = sample;
  if (entry.sizes[axis] === undefined || entry.params.every((p) => dimOf(p, entry, axis) < 0)) throw notAbout(`permutationOf(${axis})`, kernel, `no input has axis '${axis}'`);
  const starts = call.offsets[axis];
  const order = starts === undefined ? shuffled(call.sizes[axis] ?? entryLength(sample, axis), sample.seed) : shuffledParts(starts, call.rows[axis] ?? 0, sample.seed);
  const first = starts?.[0] ?? 0;
  const ofResult = starts === undefined ? order : order.slice(first, starts.at(-1)).map((row) => row - first);
  return sameButFor(sample, axis, ofResult, [call, callOn(call, entry, axis, order)]);
});

/**
 * Every position of an axis twice leaves the results without it, but for what is said: `adds: { lse: Math.LN2 }`,
 * `scales: { total: 2 }`.
 */
export const duplicateKeys = (axis: Axis, { adds = {}, scales = {} }: { readonly adds?: Readonly<Record<string, number>>; readonly scales?: Readonly<Record<string, number>> } = {}): Law => named(`duplicateKeys(${axis})`, (sample) => {
  const { entry, call } = sample;
  const n = freeLength(`duplicateKeys(${axis})`, sample, axis);
  return {
    calls: [call, callOn(call, entry, axis, positions(2 * n).map((i) => i % n))],
    claims: ([once = {}, twice = {}], bounds) => entry.results.filter((r) => dimOf(r, entry, axis) < 0).map(({ name }) => {
      const factor = scales[name] ?? 1;
      return { result: name, actual: twice[name] ?? none, expected: (once[name] ?? none).map((x) => factor * x + (adds[name] ?? 0)), bound: factor * bothRound(name, bounds) };
    }),
  };
});

/**
 * More positions on an axis that are hidden change nothing. `hidden` says by which inputs they are: `{ bias: -Infinity }`;
 * the others hold random numbers there. Bit for bit where `bitwise` is said, which needs the same tiling of both lengths.
 */
export const appendMasked = (axis: Axis, hidden: Readonly<Record<string, number>>, { bitwise = false }: { readonly bitwise?: boolean } = {}): Law => named(`appendMasked(${axis})`, (sample) => {
  const { entry, call, seed } = sample;
  const n = freeLength(`appendMasked(${axis})`, sample, axis);
  const more = 1 + Math.floor(uniform(seed, 3) * 40);
  if (n === 0) return { calls: [call], claims: () => [] };
  const longer = callOn(call, entry, axis, positions(n + more).map((i) => (i < n ? i : Math.floor(uniform(seed, i) * n))));
  const masked = Object.entries(hidden).reduce((c, [name, value]) => changed(c, entry, name, (x, at) => ((at[axis] ?? 0) < n ? x : value)), longer);
  return {
    calls: [call, masked],
    claims: ([short = {}, long = {}], bounds) => entry.results.map((r) => {
      const dim = dimOf(r, entry, axis);
      const data = long[r.name] ?? none;
      return { result: r.name, actual: dim < 0 ? data : taken(data, resultShape(r, entry, masked), dim, positions(n)), expected: short[r.name] ?? none, bound: bitwise ? 'bitwise' as const : bothRound(r.name, bounds) };
    }),
  };
});

const none = new Float64Array();
const named = (name: string, relate: (sample: Sample) => Relation): Law => ({ kind: 'calls', name, relate });

/** Results of the second call are those of the first, with the positions of the axis taken in an order. */
function sameButFor({ entry, call }: Sample, axis: Axis, order: readonly number[], calls: Relation['calls']): Relation {
  return {
    calls,
    claims: ([before = {}, after = {}], bounds) => entry.results.map((r) => {
      const dim = dimOf(r, entry, axis);
      const data = before[r.name] ?? none;
      return { result: r.name, actual: after[r.name] ?? none, expected: dim < 0 ? data : taken(data, resultShape(r, entry, call), dim, order), bound: bothRound(r.name, bounds) };
    }),
  };
}

const shuffled = (n: number, seed: number): readonly number[] => positions(n).map((i) => [uniform(seed, i), i] as const).sort(([a], [b]) => a - b).map(([, i]) => i);

/** Each part's rows in another order, rows of no part where they are. */
function shuffledParts(starts: readonly number[], rows: number, seed: number): readonly number[] {
  const order = [...positions(rows)];
  for (const [part, start] of starts.slice(0, -1).entries()) {
    for (const [i, to] of shuffled((starts[part + 1] ?? start) - start, seed + part).entries()) order[start + i] = start + to;
  }
  return order;
}

/** Of an axis of fixed length. */
function entryLength({ entry, call }: Sample, axis: Axis): number {
  const p = entry.params.find((q) => axesInMemory(q.order, entry).includes(axis));
  const rule = entry.sizes[axis];
  const fixed = entry.variants.find((v) => JSON.stringify(v.dtypes) === JSON.stringify(call.dtypes))?.fixed[axis];
  return fixed ?? (p !== undefined && rule?.kind === 'fixed' ? rule.sizes[0] ?? 1 : 1);
}
