import type { Axis } from './expr.js';

/** `exact`: only casts to i32 round. `rounded`: every cast rounds to its dtype. */
export type Mode = 'exact' | 'rounded';
/** Which positions of an axis the running code sees: all, or one slice of a ragged kernel. */
export interface Window { readonly from: number; readonly size: number }
/** What a kernel's code may ask while it runs as its own reference. */
export interface RunContext {
  readonly kernel: string;
  readonly mode: Mode;
  /** Known lengths; axes that the code makes join them. */
  readonly sizes: Record<Axis, number>;
  /** Axes that are not seen whole. */
  readonly windows: Readonly<Record<Axis, Window>>;
}
/** Failed calls of the language's functions: code, operation or kernel, what was met, what was needed. */
export type CallErrorCode = `R5${number}`;

// Authors' arrows take tensors and positions only, so what the running call knows has no other way in.
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

/** How the running call rounds. Outside of one: exact. */
export const currentMode = (): Mode => current?.mode ?? 'exact';

/** Where positions on `axis` begin in the running call. */
export const currentOrigin = (axis: Axis): number => current?.windows[axis]?.from ?? 0;

/** The length of an axis in the running call. @throws RangeError R505 outside of a kernel, R504 for an axis without a length. */
export function currentSize(axis: Axis, asked: string): number {
  if (!current) throw callError('R505', `${asked}: '${axis}' has a length only inside a kernel; call the kernel's reference`);
  const size = current.sizes[axis];
  if (size === undefined) throw callError('R504', `${asked}: axis '${axis}' has no length; give it in options.sizes`);
  return size;
}

/** The positions of an axis that the running call sees. @throws as {@link currentSize}. */
export function currentWindow(axis: Axis, asked: string): Window {
  const size = currentSize(axis, asked);
  return current?.windows[axis] ?? { from: 0, size };
}

/** Axes that a primitive made are as long from now on. @throws RangeError R506 when the kernel's sizes say otherwise. */
export function learnSizes(op: string, axes: readonly Axis[], sizeOn: (axis: Axis) => number): void {
  for (const axis of current ? axes : []) {
    const size = sizeOn(axis);
    const known = current?.sizes[axis];
    if (known !== undefined && known !== size) throw callError('R506', `${op}: axis '${axis}' is ${size} long here and ${known} in the kernel's sizes`);
    if (current) current.sizes[axis] = size;
  }
}

/** A RangeError with its code; inside a kernel the message begins with the kernel's name. */
export function callError(code: CallErrorCode, message: string): RangeError & { readonly code: CallErrorCode } {
  return Object.assign(new RangeError(current ? `kernel ${current.kernel}: ${message}` : message), { code });
}
