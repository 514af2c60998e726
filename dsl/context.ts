import type { Axis } from './expr.js';

/** `exact`: only casts to i32 round. `rounded`: every cast rounds to its dtype. */
export type Mode = 'exact' | 'rounded';
/** What a kernel's code may ask while it runs as its own reference. */
export interface RunContext { readonly kernel: string; readonly sizes: Readonly<Record<Axis, number>>; readonly mode: Mode }

// Author's arrows take tensors and positions only, so the sizes of the running call have no other way in.
let current: RunContext | undefined;

/** Runs `body` with `context` in force; contexts nest. */
export function within<T>(context: RunContext, body: () => T): T {
  const outer = current;
  current = context;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** The context of the running call. Outside of one, casts are exact. */
export const currentMode = (): Mode => current?.mode ?? 'exact';

/** The length of an axis in the running call. @throws RangeError outside of a kernel, or for an axis without a size. */
export function currentSize(axis: Axis, asked: string): number {
  if (!current) throw new RangeError(`${asked}: '${axis}' has a length only inside a kernel; call the kernel's reference`);
  const size = current.sizes[axis];
  if (size === undefined) throw new RangeError(`${asked}: kernel ${current.kernel} has no size for axis '${axis}'; give it in options.sizes`);
  return size;
}
