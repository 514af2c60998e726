import type { Axis } from '../../../dsl/index.js';
import { axesInMemory, type Call, prepare } from '../call.js';
import { uniform } from '../values.js';
import { type Law, notAbout } from './law.js';
import { changed, dimOf, resultShape, taken } from './moves.js';

/** Axes of what looks and of what is looked at. `keep`: inputs that say what is hidden, or that are meant to be seen all the same. */
export interface VisibilityOptions { readonly query?: Axis; readonly key?: Axis; readonly keep?: readonly string[] }
/** Whether query `q` sees key `k`; `inputs` are the call's, for masks that depend on them. */
export type Visible = (q: number, k: number, inputs: Call['inputs']) => boolean;

/**
 * What a mask hides from a query does not matter to it, bit for bit: numbers of inputs on the key axis change at hidden
 * positions, and the query's results stay. Integers stay too, because they tend to say what is hidden.
 * @example neverSees((q, k) => k <= q && q - k < 128)
 * @example neverSees((q, k, { doc }) => doc?.[q] === doc?.[k])
 */
export const neverSees = (visible: Visible, { query = 'q', key = 'k', keep = [] }: VisibilityOptions = {}, name = 'neverSees'): Law => ({
  kind: 'calls', name: `${name}(${query}, ${key})`,
  relate({ kernel, entry, call, seed }) {
    const looking = entry.results.filter((r) => dimOf(r, entry, query) >= 0);
    const seen = entry.params.filter((p) => dimOf(p, entry, key) >= 0 && p.dtype !== 'i32' && !keep.includes(p.name));
    const queries = call.sizes[query];
    if (looking.length === 0 || queries === undefined) throw notAbout(name, kernel, `no result has axis '${query}'`);
    if (seen.length === 0) throw notAbout(name, kernel, `no input has axis '${key}'`);
    const q = Math.floor(uniform(seed, 11) * queries);
    const other = seen.reduce((c, p) => changed(c, entry, p.name, (x, at, i) => ((at[query] ?? q) !== q || visible(q, at[key] ?? 0, call.inputs) ? x : 8 * uniform(seed + 13, i) - 4)), call);
    return {
      calls: [call, other],
      claims: ([before = {}, after = {}]) => (q >= queries ? [] : looking.map((r) => {
        const own = (data: Float64Array | undefined): Float64Array => taken(data ?? none, resultShape(r, entry, call), dimOf(r, entry, query), [q]);
        return { result: r.name, actual: own(after[r.name]), expected: own(before[r.name]), bound: 'bitwise' as const };
      })),
    };
  },
});

/** What stands behind a query does not matter to it, bit for bit. `first`: the position of the first query, 0 unless said. */
export const causal = ({ first = 0, ...options }: VisibilityOptions & { readonly first?: number } = {}): Law => neverSees((q, k) => k <= q + first, options, 'causal');

/** Rows of a ragged kernel that belong to no part never reach a result: NaN there or a large number, every bit is the same. */
export const paddingNeverSeen = (): Law => ({
  kind: 'calls', name: 'paddingNeverSeen',
  relate({ kernel, entry, case: c, seed }) {
    const ragged = Object.entries(entry.sizes).flatMap(([axis, rule]) => (rule.kind === 'ragged' ? [axis] : []));
    if (ragged.length === 0) throw notAbout('paddingNeverSeen', kernel, 'it has no ragged axis');
    const call = prepare(entry, { ...c, outside: [1 + (seed % 5), 1 + (seed % 7)] });
    const hides = entry.params.filter((p) => isPacked(p.order, axesInMemory(p.order, entry), call));
    if (hides.length === 0) throw notAbout('paddingNeverSeen', kernel, 'its ragged axis is not outermost everywhere, so rows belong to parts');
    const filled = (value: number): Call => hides.reduce((all, p) => changed(all, entry, p.name, (x, at) => (belongs(axesInMemory(p.order, entry)[0] ?? '', at, call) ? x : p.dtype === 'i32' ? 0 : value)), call);
    return {
      calls: [filled(1000), filled(NaN)],
      claims: ([large = {}, nan = {}]) => entry.results.map(({ name }) => ({ result: name, actual: nan[name] ?? none, expected: large[name] ?? none, bound: 'bitwise' as const })),
    };
  },
});

const isPacked = (order: readonly Axis[], [first]: readonly Axis[], call: Call): boolean => order.length > 0 && first !== undefined && (call.offsets[first]?.[0] ?? 0) > 0;

function belongs(axis: Axis, at: Readonly<Record<Axis, number>>, { offsets }: Call): boolean {
  const starts = offsets[axis] ?? [];
  const row = at[axis] ?? 0;
  return row >= (starts[0] ?? 0) && row < (starts.at(-1) ?? 0);
}

const none = new Float64Array();
