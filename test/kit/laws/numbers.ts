import type { Axis } from '../../../dsl/index.js';
import { axesInMemory, positionsOf, product, shapeOf } from '../call.js';
import { uniform, values } from '../values.js';
import { bothRound, type Law } from './law.js';
import { changed, positions, resultShape } from './moves.js';

/**
 * A constant added to a parameter leaves the results, and adds itself to those in `adds`. `per` names axes on whose
 * positions it differs: `shiftScores('s', { per: ['q'], adds: ['lse'] })` shifts each row of scores by its own.
 */
export const shiftScores = (param: string, { per = [], adds = [] }: { readonly per?: readonly Axis[]; readonly adds?: readonly string[] } = {}): Law => ({
  kind: 'calls', name: `shiftScores(${param})`,
  relate({ entry, call, seed }) {
    const shift = (at: Readonly<Record<Axis, number>>): number => Math.round(16 * uniform(seed, per.reduce((i, axis) => 1009 * i + (at[axis] ?? 0), 1)) - 8) / 2;
    // Multiples of 1/16 below 8 and of 1/2 up to 4: their sums are exact in every float dtype.
    const before = changed(call, entry, param, (x) => Math.round(16 * x) / 16);
    const after = changed(before, entry, param, (x, at) => x + shift(at));
    return {
      calls: [before, after],
      claims: ([plain = {}, shifted = {}], bounds) => entry.results.map((r) => {
        const data = plain[r.name] ?? none;
        const [axes, shape] = [axesInMemory(r.order, entry), resultShape(r, entry, call)];
        return { result: r.name, actual: shifted[r.name] ?? none, expected: adds.includes(r.name) ? data.map((x, i) => x + shift(positionsOf(i, axes, shape))) : data, bound: bothRound(r.name, bounds) };
      }),
    };
  },
});

/** Results are linear in a parameter, all others held: f(a·x + y) = a·f(x) + f(y). `results` names which; all unless said. */
export const linearIn = (param: string, { results }: { readonly results?: readonly string[] } = {}): Law => ({
  kind: 'calls', name: `linearIn(${param})`,
  relate({ entry, call, seed }) {
    const factor = [-2, -1, 2, 3][Math.floor(uniform(seed, 7) * 4)] ?? 2;
    const spec = entry.params.find((p) => p.name === param);
    const other = values(seed + 31, spec === undefined ? 0 : product(shapeOf(spec.order, entry, call)), { min: -2, max: 2 });
    // Multiples of 1/8, so that the combination is exact in every float dtype.
    const eighths = (x: number): number => Math.round(8 * x) / 8;
    const x = changed(call, entry, param, eighths);
    const y = changed(call, entry, param, (_, _at, i) => eighths(other[i] ?? 0));
    const both = changed(x, entry, param, (value, _, i) => factor * value + eighths(other[i] ?? 0));
    return {
      calls: [x, y, both],
      claims: ([ofX = {}, ofY = {}, ofBoth = {}], [boundX = {}, boundY = {}, boundBoth = {}]) => entry.results.filter((r) => results?.includes(r.name) ?? true).map(({ name }) => ({
        result: name, actual: ofBoth[name] ?? none,
        expected: (ofX[name] ?? none).map((value, i) => factor * value + (ofY[name]?.[i] ?? NaN)),
        bound: Math.abs(factor) * (boundX[name] ?? 0) + (boundY[name] ?? 0) + (boundBoth[name] ?? 0),
      })),
    };
  },
});

/** The same call again gives the same bits, `times` times. */
export const deterministic = (times = 4): Law => ({
  kind: 'calls', name: 'deterministic',
  relate: ({ entry, call }) => ({
    calls: positions(times).map(() => call),
    claims: ([first = {}, ...others]) => others.flatMap((other) => entry.results.map(({ name }) => ({ result: name, actual: other[name] ?? none, expected: first[name] ?? none, bound: 'bitwise' as const }))),
  }),
});

const none = new Float64Array();
