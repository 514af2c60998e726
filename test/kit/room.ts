import type { Axis } from '../../dsl/index.js';
import type { Case } from './call.js';
import { uniform } from './values.js';

type Sizes = Case['sizes'];

/**
 * Lengths whose product is at most `most`: axes that a seed chooses are cut down to a few positions, one after the other,
 * so that those which stay long differ from case to case. Axes in `fixed` keep their length.
 */
export function roomFor(sizes: Sizes, fixed: readonly Axis[], most: number, seed: number): Sizes {
  const free = Object.keys(sizes).filter((axis) => !fixed.includes(axis));
  const order = free.map((axis, i) => [uniform(seed, i), axis] as const).sort(([a], [b]) => a - b).map(([, axis]) => axis);
  return order.reduce<Sizes>((cut, axis) => (work(cut) <= most ? cut : { ...cut, [axis]: few(cut[axis] ?? 1) }), sizes);
}

const work = (sizes: Sizes): number => Object.values(sizes).reduce<number>((all, n) => all * Math.max(1, typeof n === 'number' ? n : n.reduce((a, b) => a + b, 0)), 1);

const few = (n: number | readonly number[]): number | readonly number[] => (typeof n === 'number' ? 1 + ((n + 2) % 3) : n.map((m) => (m === 0 ? 0 : 1 + ((m + 2) % 3))));
