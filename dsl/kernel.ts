import { within, type Mode } from './context.js';
import { inOrder, roundedTo, sizeOn, type Dense } from './dense.js';
import type { Axis } from './expr.js';
import { parameterNames } from './parameters.js';
import { raggedRun } from './ragged.js';
import { denseOf, type AnyTensor } from './tensor.js';

/** The length of this axis depends on the position on `by`; see {@link ragged}. */
export interface Ragged { readonly kind: 'ragged'; readonly by: Axis }
/** `number`: fixed. `number[]`: one variant each. `'dynamic'`: known at launch. */
export type SizeOption = number | readonly number[] | 'dynamic' | Ragged;
export type KernelSizes = Readonly<Record<Axis, SizeOption>>;

/** An axis whose length depends on the position on `by`. It stands right behind `by` in a parameter's order, and the pair is packed in memory. */
export const ragged = (by: Axis): Ragged => ({ kind: 'ragged', by });

export interface ReferenceOptions {
  /** `exact` (default): float64 throughout. `rounded`: casts, inputs and results round to their dtypes. */
  readonly mode?: Mode;
  /** Lengths of axes that no input shows. */
  readonly sizes?: Readonly<Record<Axis, number>>;
  /** Per ragged axis the first row of each position of its `by` axis, and the number of rows: [0, 5, 9]. */
  readonly offsets?: Readonly<Record<Axis, readonly number[]>>;
}

type KernelFunction = (...inputs: never[]) => AnyTensor | Readonly<Record<string, AnyTensor>>;
/** A kernel: data for the compiler, and its own reference. */
export interface Kernel<F extends KernelFunction> {
  readonly kernelName: string;
  readonly sizes: KernelSizes;
  /** Names of the parameters, in order. */
  readonly parameters: readonly string[];
  /**
   * Runs the author's own code in float64. Inputs by parameter name, or in order. Axes of results stand in the
   * interpreter's order; `transposed` gives another.
   * @throws RangeError when an input is missing or a size does not fit, naming kernel, parameter and axis.
   */
  reference(inputs: Readonly<Record<string, AnyTensor>> | readonly AnyTensor[], options?: ReferenceOptions): ReturnType<F>;
}

/** Declares a kernel. The compiler reads `fn` in the source; `reference` calls it. */
export function kernel<F extends KernelFunction>(kernelName: string, sizes: KernelSizes, fn: F): Kernel<F> {
  const parameters = parameterNames(fn);
  const call = fn as unknown as (...xs: readonly AnyTensor[]) => ReturnType<F>;
  return {
    kernelName,
    sizes,
    parameters,
    reference: (inputs, options = {}) => {
      const mode = options.mode ?? 'exact';
      const given = parameters.map((name, i) => inputOf(kernelName, name, isList(inputs) ? inputs[i] : inputs[name]));
      const args = mode === 'rounded' ? given.map((x) => roundedTo(x, x.dtype)) : given;
      const by = Object.entries(sizes).flatMap(([axis, s]) => (isRagged(s) ? [{ axis, by: s.by }] : []));
      const run = (xs: readonly Dense[]): ReturnType<F> =>
        within({ kernel: kernelName, mode, sizes: sizesOf(kernelName, sizes, parameters, xs, options.sizes ?? {}) }, () => call(...xs));
      return by.length === 0 ? run(args) : raggedRun(kernelName, by, args, options.offsets ?? {}, run);
    },
  };
}

const isRagged = (s: SizeOption): s is Ragged => typeof s === 'object' && 'kind' in s;
const isList = (x: Readonly<Record<string, AnyTensor>> | readonly AnyTensor[]): x is readonly AnyTensor[] => Array.isArray(x);

function inputOf(kernelName: string, name: string, x: AnyTensor | undefined): Dense {
  if (x === undefined) throw new RangeError(`kernel ${kernelName}: input '${name}' is missing`);
  return denseOf(x);
}

/** Length of every axis of a call: given, fixed, or shown by the inputs, which must agree. */
function sizesOf(
  kernelName: string, rules: KernelSizes, names: readonly string[], inputs: readonly Dense[], given: Readonly<Record<Axis, number>>,
): Readonly<Record<Axis, number>> {
  const sizes: Record<Axis, number> = { ...given };
  for (const [axis, rule] of Object.entries(rules)) if (typeof rule === 'number') sizes[axis] = rule;
  for (const [i, x] of inputs.entries()) {
    for (const axis of x.axes) {
      const size = sizeOn(x, axis);
      const known = sizes[axis];
      if (known !== undefined && known !== size) throw new RangeError(`kernel ${kernelName}: input '${names[i]}' has axis '${axis}' of length ${size}, expected ${known}`);
      const rule = rules[axis];
      if (rule === undefined) throw new RangeError(`kernel ${kernelName}: input '${names[i]}' has axis '${axis}', which the kernel gives no size`);
      if (isChoice(rule) && !rule.includes(size)) throw new RangeError(`kernel ${kernelName}: input '${names[i]}' has axis '${axis}' of length ${size}, expected one of ${rule.join(', ')}`);
      sizes[axis] = size;
    }
  }
  return sizes;
}
const isChoice = (s: SizeOption): s is readonly number[] => Array.isArray(s);

/** A tensor's axes in another order in memory: results as `Out` states them. */
export function transposed<T extends AnyTensor>(x: T, order: readonly Axis[]): T {
  return inOrder(denseOf(x), order) as unknown as T;
}

