import type { Axis } from '../../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../../dsl/manifest.js';
import type { Call } from '../call.js';
import type { Bounds, Results } from '../reference.js';
import { uniform } from '../values.js';
import type { Claim, Law } from './law.js';
import { broadcast, callOn, dimOf, freeLength, positions, resultShape, taken } from './moves.js';

/**
 * How a result of the whole follows from those of two parts: `sum`, `max`, `min`; `logSumExp` of both; or an average
 * `weightedBy` a log-sum-exp, as the output of a softmax is. Results that have the split axis stand one behind the other.
 */
export type Join = 'sum' | 'max' | 'min' | 'logSumExp' | { readonly weightedBy: string };

/**
 * Splitting an axis anywhere, no part empty, and joining the results of both parts gives those of the whole. Not for kernels whose scalar
 * code asks where it stands.
 * @example splitMerge('k', { o: { weightedBy: 'lse' }, lse: 'logSumExp' })
 */
export const splitMerge = (axis: Axis, joins: Readonly<Record<string, Join>>): Law => ({
  kind: 'calls', name: `splitMerge(${axis})`,
  relate(sample) {
    const { entry, call, seed } = sample;
    const n = freeLength(`splitMerge(${axis})`, sample, axis);
    // Of nothing, not every kernel has a result.
    if (n < 2) return { calls: [call], claims: () => [] };
    const cut = 1 + Math.floor(uniform(seed, 5) * (n - 1));
    const parts = [callOn(call, entry, axis, positions(cut)), callOn(call, entry, axis, positions(n).slice(cut))];
    return {
      calls: [call, ...parts],
      claims: ([whole = {}, ...halves], bounds) => entry.results.map((r) => {
        const dim = dimOf(r, entry, axis);
        const actual = whole[r.name] ?? none;
        return dim < 0 ? joined(r, joins, halves, bounds, { entry, call, actual }) : { result: r.name, actual, expected: concatenated(r, dim, halves, parts, entry), bound: sumOf(bounds, r.name) };
      }),
    };
  },
});

interface Whole { readonly entry: KernelEntry; readonly call: Call; readonly actual: Float64Array }

function joined(r: ArgSpec, joins: Readonly<Record<string, Join>>, [a = {}, b = {}]: readonly Results[], bounds: readonly Bounds[], { entry, call, actual }: Whole): Claim {
  const how = joins[r.name];
  if (how === undefined) throw new Error(`splitMerge: say how '${r.name}' is joined`);
  const [left, right] = [a[r.name] ?? none, b[r.name] ?? none];
  const each = (f: (x: number, y: number, i: number) => number): Float64Array => left.map((x, i) => f(x, right[i] ?? 0, i));
  const claim = (expected: Float64Array, bound = sumOf(bounds, r.name)): Claim => ({ result: r.name, actual, expected, bound });
  if (typeof how === 'object') {
    const lse = entry.results.find((s) => s.name === how.weightedBy);
    if (lse === undefined) throw new Error(`splitMerge: there is no result '${how.weightedBy}'`);
    const at = broadcast(r, lse, entry, call);
    const largest = Math.max(0, ...[...left, ...right].map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
    const weight = (x: number, other: number): number => (x === -Infinity ? 0 : 1 / (1 + Math.exp(other - x)));
    const [l, m] = [a[lse.name] ?? none, b[lse.name] ?? none];
    const expected = each((x, y, i) => weight(l[at(i)] ?? 0, m[at(i)] ?? 0) * x + weight(m[at(i)] ?? 0, l[at(i)] ?? 0) * y);
    // A weight moves by at most a quarter of what each of the two exponents does.
    return claim(expected, sumOf(bounds, r.name) + largest * sumOf(bounds, lse.name));
  }
  switch (how) {
    case 'sum': return claim(each((x, y) => x + y));
    case 'max': return claim(each((x, y) => Math.max(x, y)));
    case 'min': return claim(each((x, y) => Math.min(x, y)));
    case 'logSumExp': return claim(each((x, y) => (Math.max(x, y) === -Infinity ? -Infinity : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y))))));
    default: return how satisfies never;
  }
}

function concatenated(r: ArgSpec, dim: number, halves: readonly Results[], parts: readonly Call[], entry: KernelEntry): Float64Array {
  const shapes = parts.map((part) => resultShape(r, entry, part));
  const outer = (shapes[0] ?? []).slice(0, dim).reduce((n, s) => n * s, 1);
  const rows = positions(outer).flatMap((o) => halves.map((h, i) => taken(h[r.name] ?? none, [outer, (shapes[i] ?? []).slice(dim).reduce((n, s) => n * s, 1)], 0, [o])));
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

const none = new Float64Array();
const sumOf = (bounds: readonly Bounds[], name: string): number => bounds.reduce((all, b) => all + (b[name] ?? 0), 0);
