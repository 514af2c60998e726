import type { Dense } from './dense.js';
import { type AnyTensor, denseOf } from './tensor.js';

/** What a kernel's function returns: one result, named `out`, or several by name. */
export type KernelResult = AnyTensor | Readonly<Record<string, AnyTensor>>;

const isTensor = (x: KernelResult): x is AnyTensor => 'data' in x && x.data instanceof Float64Array;

/** Results by name. @throws RangeError R501 when one is no tensor. */
export function resultsOf(x: KernelResult): Readonly<Record<string, Dense>> {
  return isTensor(x) ? { out: denseOf(x) } : Object.fromEntries(Object.entries(x).map(([name, t]) => [name, denseOf(t)]));
}

/** The same results, `f` applied to each. */
export function eachResult(x: KernelResult, f: (name: string, x: Dense) => Dense): KernelResult {
  const made = Object.fromEntries(Object.entries(resultsOf(x)).map(([name, t]) => [name, f(name, t)]));
  return isTensor(x) ? (made.out ?? x) : made;
}
