import type { Axis } from '../../../dsl/index.js';
import { type Call, product, shapeOf } from '../call.js';
import { uniform } from '../values.js';
import { bothRound, type Law, notAbout } from './law.js';
import { callOn, dimOf, freeLength, positions, resultShape, taken } from './moves.js';

/** Each position of an axis gives what it gives alone: heads, batch entries, documents that are packed into one call. */
export const headsIndependent = (axis: Axis): Law => ({
  kind: 'calls', name: `headsIndependent(${axis})`,
  relate(sample) {
    const { entry, call, kernel, seed } = sample;
    const n = freeLength(`headsIndependent(${axis})`, sample, axis);
    if (entry.results.some((r) => dimOf(r, entry, axis) < 0)) throw notAbout(`headsIndependent(${axis})`, kernel, `not every result has axis '${axis}'`);
    if (n === 0) return { calls: [call], claims: () => [] };
    const h = Math.floor(uniform(seed, 17) * n);
    return {
      calls: [call, callOn(call, entry, axis, [h])],
      claims: ([all = {}, alone = {}], bounds) => entry.results.map((r) => ({ result: r.name, actual: taken(all[r.name] ?? none, resultShape(r, entry, call), dimOf(r, entry, axis), [h]), expected: alone[r.name] ?? none, bound: bothRound(r.name, bounds) })),
    };
  },
});

/** Grouped heads equal repeated KV heads: what has `group` alone, repeated for each position of `within`, with groups of one. */
export const groupsRepeat = (group: Axis, within: Axis): Law => ({
  kind: 'calls', name: `groupsRepeat(${group}, ${within})`,
  relate(sample) {
    const { entry, call, kernel } = sample;
    const name = `groupsRepeat(${group}, ${within})`;
    const [g, r] = [freeLength(name, sample, group), freeLength(name, sample, within)];
    const apart = [...entry.params, ...entry.results].find((p) => p.order.includes(within) && p.order[p.order.indexOf(within) - 1] !== group);
    if (apart !== undefined) throw notAbout(name, kernel, `in '${apart.name}' axis '${within}' does not stand right behind '${group}'`);
    const repeated = entry.params.filter((p) => p.order.includes(group) && !p.order.includes(within)).map((p) =>
      [p.name, taken(call.inputs[p.name] ?? none, shapeOf(p.order, entry, call), dimOf(p, entry, group), positions(g * r).map((i) => Math.floor(i / r)))] as const);
    const alone: Call = { ...call, sizes: { ...call.sizes, [group]: g * r, [within]: 1 }, inputs: { ...call.inputs, ...Object.fromEntries(repeated) } };
    return {
      calls: [call, alone],
      claims: ([grouped = {}, single = {}], bounds) => entry.results.filter((s) => s.order.includes(within) && product(shapeOf(s.order, entry, call)) > 0).map((s) => ({ result: s.name, actual: grouped[s.name] ?? none, expected: single[s.name] ?? none, bound: bothRound(s.name, bounds) })),
    };
  },
});

const none = new Float64Array();
