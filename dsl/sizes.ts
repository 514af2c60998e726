import { callError } from './context.js';
import type { Dense } from './dense.js';
import type { Axis } from './expr.js';

/** The length of this axis depends on the position on `by`. */
export interface Ragged { readonly kind: 'ragged'; readonly by: Axis }
/** `number`: fixed. `number[]`: one variant each. `'dynamic'`: known at launch. */
export type SizeOption = number | readonly number[] | 'dynamic' | Ragged;
/** How long the axes of a kernel are. */
export type KernelSizes = Readonly<Record<Axis, SizeOption>>;

/** Whether the length depends on a position. */
export const isRagged = (s: SizeOption): s is Ragged => typeof s === 'object' && 'kind' in s;

/**
 * Length of every axis of a call: fixed, given, or shown by the inputs, which must agree.
 * @throws RangeError R506 where they do not, R504 for an input's axis that the kernel gives no size.
 */
export function sizesOf(rules: KernelSizes, names: readonly string[], inputs: readonly Dense[], given: Readonly<Record<Axis, number>>): Record<Axis, number> {
  const sizes: Record<Axis, number> = {};
  const note = (axis: Axis, size: number, where: string): void => {
    const rule = rules[axis];
    const allowed = typeof rule === 'number' ? [rule] : rule !== undefined && isChoice(rule) ? rule : undefined;
    if (allowed && !allowed.includes(size)) throw callError('R506', `${where} has axis '${axis}' of length ${size}, expected ${allowed.join(' or ')}`);
    const known = sizes[axis];
    if (known !== undefined && known !== size) throw callError('R506', `${where} has axis '${axis}' of length ${size}, expected ${known}`);
    sizes[axis] = size;
  };
  for (const [axis, rule] of Object.entries(rules)) if (typeof rule === 'number') sizes[axis] = rule;
  for (const [axis, size] of Object.entries(given)) note(axis, size, 'options.sizes');
  for (const [i, x] of inputs.entries()) {
    for (const [j, axis] of x.axes.entries()) {
      if (rules[axis] === undefined) throw callError('R504', `input ${names[i]} has axis '${axis}', which the kernel gives no size; it has ${Object.keys(rules).join(', ')}`);
      note(axis, x.shape[j] ?? 0, `input ${names[i]}`);
    }
  }
  return sizes;
}
const isChoice = (s: SizeOption): s is readonly number[] => Array.isArray(s);

/** `x`, if the lengths of its axes are those of the call. @throws RangeError R506. */
export function checkedResult(name: string, x: Dense, sizes: Readonly<Record<Axis, number>>): Dense {
  for (const [i, axis] of x.axes.entries()) {
    const known = sizes[axis];
    if (known !== undefined && known !== x.shape[i]) throw callError('R506', `result ${name} has axis '${axis}' of length ${x.shape[i]}, expected ${known}`);
  }
  return x;
}
