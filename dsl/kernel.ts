import { callError, within, type Mode } from './context.js';
import { callerFile } from './callerFile.js';
import { dense, inOrder, roundedTo, type Dense } from './dense.js';
import type { Axis } from './expr.js';
import { parameterNames } from './parameters.js';
import { raggedRun, type Slice } from './ragged.js';
import { eachResult, type KernelResult } from './results.js';
import { checkedResult, isRagged, type KernelSizes, type Ragged, sizesOf } from './sizes.js';
import { denseOf, type AnyTensor } from './tensor.js';
import { didYouMean } from './nearest.js';

/** An axis whose length depends on the position on `by`. It stands right behind `by` in a parameter's order, and the pair is packed in memory. */
export const ragged = (by: Axis): Ragged => ({ kind: 'ragged', by });

/** How a kernel runs as its own reference. */
export interface ReferenceOptions {
  /** `exact` (default): float64 throughout. `rounded`: inputs and casts round to their dtypes. */
  readonly mode?: Mode;
  /** Lengths of axes that no input shows. */
  readonly sizes?: Readonly<Record<Axis, number>>;
  /** Per ragged axis the first row of each position of its `by` axis, and the end of the last: [0, 5, 9]. Rows outside belong to no position; results leave them out. */
  readonly offsets?: Readonly<Record<Axis, readonly number[]>>;
}

/** What `kernel` takes: an arrow over tensors. */
export type KernelFunction = (...inputs: never[]) => KernelResult;
/** A tensor, or a number for a scalar parameter. */
export type InputValue = AnyTensor | number;
/** Inputs by parameter name, or in order. */
export type Inputs = Readonly<Record<string, InputValue>> | readonly InputValue[];

/** A kernel: data for the compiler, and its own reference. */
export interface Kernel<F extends KernelFunction> {
  /** `reference` on inputs in order, without options. */
  (...inputs: Parameters<F>): ReturnType<F>;
  /** As given to `kernel`; what manifests and devices call it. */
  readonly kernelName: string;
  /** As given to `kernel`: what is known of each axis. */
  readonly sizes: KernelSizes;
  /** Names of the parameters, in order. */
  readonly parameters: readonly string[];
  /** The file that declares it, as the engine's call stack names it: JavaScript where that is what runs. Undefined where it says nothing. */
  readonly file: string | undefined;
  /**
   * Runs the author's own code in float64. Axes of results stand in the order in which the code met them; `transposed`
   * gives another. Ragged inputs and results hold the packed rows on their ragged axis and no `by` axis beside it.
   * @throws RangeError with a `code` R5… when an input is missing or a length does not fit, naming kernel, input and axis.
   */
  reference(inputs: Inputs, options?: ReferenceOptions): ReturnType<F>;
}

/** Any kernel, whatever it computes. */
export type AnyKernel = Kernel<KernelFunction>;

/** Declares a kernel. The compiler reads `fn` in the source; `reference` calls it. */
export function kernel<F extends KernelFunction>(kernelName: string, sizes: KernelSizes, fn: F): Kernel<F> {
  const parameters = parameterNames(fn);
  const body = fn as unknown as (...xs: readonly Dense[]) => KernelResult;
  const by = Object.entries(sizes).flatMap(([axis, s]) => (isRagged(s) ? [{ axis, by: s.by }] : []));
  const reference = (inputs: Inputs, { mode = 'exact', sizes: given = {}, offsets = {} }: ReferenceOptions = {}): KernelResult => {
    const run = (xs: readonly Dense[], slice?: Slice): KernelResult => {
      const seen = sizesOf(sizes, parameters, xs, { ...given, ...slice?.lengths });
      const context = slice
        ? { kernel: kernelName, mode, sizes: { ...seen, [slice.by]: slice.count }, windows: { [slice.by]: { from: slice.position, size: 1 } } }
        : { kernel: kernelName, mode, sizes: { ...seen }, windows: {} };
      return within(context, () => eachResult(body(...xs), (name, x) => checkedResult(name, x, seen)));
    };
    return within({ kernel: kernelName, mode, sizes: {}, windows: {} }, () => {
      const args = inOrderOf(parameters, inputs).map((x) => (mode === 'rounded' ? roundedTo(x, x.dtype) : x));
      return by.length === 0 ? run(args) : raggedRun(by, args, offsets, run);
    });
  };
  const call = (...inputs: readonly InputValue[]): KernelResult => reference(inputs);
  // What runs is checked by name and length; the author's signature states the rest.
  return Object.assign(call, { kernelName, sizes, parameters, file: callerFile(kernel), reference }) as unknown as Kernel<F>;
}

function inOrderOf(parameters: readonly string[], inputs: Inputs): readonly Dense[] {
  const surplus = isList(inputs) ? inputs.slice(parameters.length).map((_, i) => `number ${parameters.length + i + 1}`) : Object.keys(inputs).filter((n) => !parameters.includes(n));
  if (surplus.length > 0) throw callError('R509', `there is no input ${surplus.join(', ')}; the inputs are ${parameters.join(', ')}${surplus.length === 1 ? didYouMean(surplus.join(), parameters) : ''}`);
  return parameters.map((name, i) => {
    const x = isList(inputs) ? inputs[i] : inputs[name];
    if (x === undefined) throw callError('R509', `input ${name} is missing`);
    return typeof x === 'number' ? dense('f32', [], [], Float64Array.of(x)) : denseOf(x);
  });
}
const isList = (x: Inputs): x is readonly InputValue[] => Array.isArray(x);

/** A tensor's axes in another order in memory: results as `Out` states them. @throws RangeError R503 when `order` is no order of its axes. */
export function transposed<T extends AnyTensor>(x: T, order: readonly Axis[]): T {
  return inOrder(denseOf(x), order) as unknown as T;
}

/** A tensor's numbers as a copy, row-major in `order`; without one, in the order of its own axes. @throws RangeError R501 when `x` is no tensor, R503 when `order` is no order of its axes. */
export function toArray(x: AnyTensor, order?: readonly Axis[]): Float64Array {
  const own = denseOf(x);
  return (order ? inOrder(own, order) : own).data.slice();
}
