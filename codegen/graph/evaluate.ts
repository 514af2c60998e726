import type { KernelDef } from '../../dsl/definition.js';
import { castExactly, roundTo } from '../../dsl/dtype.js';
import type { Axis, Fold, FoldLoop, ReduceOp, TensorExpr } from '../../dsl/expr.js';
import { binaryMeaning } from '../../dsl/scalar.js';
import { evalReaxis, evalTopK } from './evaluateMoves.js';
import { extents, offsets, stridesOf, walk, type Extent, type Values } from './evaluateValues.js';
import { isRounded } from './rounding.js';
import { scalarReader, type Change } from './scalarReader.js';
import { freeOf, type Free } from './free.js';

/** Visited range of an axis; a partition is a list of them that covers the axis, in any order. */
export type Block = Extent;
export interface EvaluateOptions {
  /** How folds cut an axis of a given length; default: one block. */
  readonly blocks?: (axis: Axis, size: number) => readonly Block[];
  /** `rounded`: each cast rounds to its dtype. Default `exact`: only casts to i32 do; those to f8e4m3 saturate. */
  readonly mode?: 'exact' | 'rounded';
  /** What each rounded operation's result is off by, relative: as if the same were computed in another way. Default: nothing. */
  readonly noise?: () => number;
}

/** Results of `def` by name, in float64, each in its result's order. Inputs are by name, in their parameter's order. */
export function evaluate(
  def: KernelDef, inputs: Readonly<Record<string, Float64Array>>, sizes: Readonly<Record<Axis, number>>, options: EvaluateOptions = {},
): Readonly<Record<string, Float64Array>> {
  const named = Object.fromEntries(def.params.map((p) => [p.name, { axes: p.order, data: given(inputs[p.name], p.name) }]));
  const value = evaluator(named, sizes, options);
  return Object.fromEntries(def.results.map((r) => [r.name, inOrder(value(r.value), r.order, sizes)]));
}

/** The float64 value of expressions over `inputs`; what they share is computed once. Axes of a value stand in the expression's order. */
export function evaluator(inputs: Readonly<Record<string, Values>>, sizes: Readonly<Record<Axis, number>>, options: EvaluateOptions = {}): (e: TensorExpr) => Values {
  const state: State = { inputs, sizes, options, memo: new Map(), loops: new Map(), free: freeOf(), versions: new Map() };
  return (e) => value(e, { windows: new Map(), carries: new Map() }, state);
}

/** What an expression means depends on: the window of each axis a fold walks, and the states of the folds around it. */
interface Scope { readonly windows: ReadonlyMap<Axis, Extent>; readonly carries: ReadonlyMap<string, Values> }
interface State {
  readonly inputs: Readonly<Record<string, Values>>;
  readonly sizes: Readonly<Record<Axis, number>>;
  readonly options: EvaluateOptions;
  readonly memo: Map<TensorExpr, Map<string, Values>>;
  readonly loops: Map<FoldLoop, Map<string, ReadonlyMap<string, Values>>>;
  readonly free: Free;
  readonly versions: Map<Values, number>;
}

function value(e: TensorExpr, scope: Scope, state: State): Values {
  const key = scopeKey(state.free.expr(e), scope, state);
  const done = remembered(state.memo, e);
  const before = done.get(key);
  if (before) return before;
  const made = compute(e, scope, state);
  done.set(key, made);
  return made;
}

function remembered<K, V>(memo: Map<K, Map<string, V>>, k: K): Map<string, V> {
  const made = memo.get(k) ?? new Map<string, V>();
  memo.set(k, made);
  return made;
}

function scopeKey(free: ReadonlySet<string>, scope: Scope, state: State): string {
  const parts: string[] = [];
  for (const [axis, w] of scope.windows) if (free.has(`axis ${axis}`)) parts.push(`${axis}:${w.from}+${w.size}`);
  for (const [name, v] of scope.carries) if (free.has(`carry ${name}`)) parts.push(`${name}=${version(v, state)}`);
  return parts.join(' ');
}

function version(v: Values, state: State): number {
  const n = state.versions.get(v) ?? state.versions.size;
  state.versions.set(v, n);
  return n;
}

const extentOf = (axis: Axis, scope: Scope, state: State): Extent => scope.windows.get(axis) ?? { from: 0, size: known(state.sizes[axis], axis) };
const whole = (scope: Scope, ...axes: readonly Axis[]): Scope => ({ ...scope, windows: new Map([...scope.windows].filter(([a]) => !axes.includes(a))) });

function compute(e: TensorExpr, scope: Scope, state: State): Values {
  const out = extents(e.axes, (a) => extentOf(a, scope, state));
  switch (e.kind) {
    case 'input': {
      const x = state.inputs[e.name];
      if (!x) throw new Error(`evaluate: input '${e.name}' is not given`);
      const from = offsets(e.axes, x.axes, (a) => known(state.sizes[a], a));
      return { axes: e.axes, data: walk(out, (at) => x.data[from(at.map((i, n) => i + known(out[n], 'extent').from))] ?? NaN) };
    }
    case 'carry': return known(scope.carries.get(e.name), `carry ${e.name}`);
    case 'map': {
      const args = e.args.map((a) => value(a, scope, state));
      const at = args.map((x) => stridesOf(e.axes, x.axes, (a) => extentOf(a, scope, state).size));
      const { noise } = state.options;
      const change: Change | undefined = noise && ((s) => (isRounded(s, (i) => e.args[i]?.dtype === 'i32') ? (x) => x * (1 + noise()) : undefined));
      const read = scalarReader(e.fn, e.axes, (a) => known(state.sizes[a], a), change);
      const origin = out.map((w) => w.from);
      const operands = new Array<number>(args.length).fill(0);
      const places = new Array<number>(origin.length).fill(0);
      return {
        axes: e.axes,
        data: walk(out, (index) => {
          for (let n = 0; n < args.length; n++) operands[n] = args[n]?.data[dotIndex(index, at[n] ?? [])] ?? NaN;
          for (let n = 0; n < origin.length; n++) places[n] = (index[n] ?? 0) + (origin[n] ?? 0);
          return read(operands, places);
        }),
      };
    }
    case 'reduce': {
      const x = value(e.arg, scope, state);
      const size = extentOf(e.axis, scope, state).size;
      const strides = stridesOf([...e.axes, e.axis], x.axes, (a) => extentOf(a, scope, state).size);
      const step = strides[e.axes.length] ?? 0;
      const off = e.op === 'sum' ? summed(state) : (v: number) => v;
      return { axes: e.axes, data: walk(out, (at) => off(reduceRow(e.op, size, (i) => x.data[dotIndex(at, strides) + i * step] ?? NaN))) };
    }
    case 'dot': {
      const l = value(e.lhs, scope, state);
      const r = value(e.rhs, scope, state);
      const size = extentOf(e.over, scope, state).size;
      const ls = stridesOf([...e.axes, e.over], l.axes, (a) => extentOf(a, scope, state).size);
      const rs = stridesOf([...e.axes, e.over], r.axes, (a) => extentOf(a, scope, state).size);
      const lStep = ls[e.axes.length] ?? 0;
      const rStep = rs[e.axes.length] ?? 0;
      const off = summed(state);
      return {
        axes: e.axes,
        data: walk(out, (at) => {
          const l0 = dotIndex(at, ls);
          const r0 = dotIndex(at, rs);
          let sum = 0;
          for (let i = 0; i < size; i++) sum += (l.data[l0 + i * lStep] ?? NaN) * (r.data[r0 + i * rStep] ?? NaN);
          return off(sum);
        }),
      };
    }
    case 'gather': {
      // The index holds positions on the whole axis, so `from` is needed whole even inside a fold over that axis.
      const from = value(e.from, whole(scope, e.axis), state);
      const index = value(e.index, scope, state);
      const size = known(state.sizes[e.axis], e.axis);
      const length = (a: Axis): number => (a === e.axis ? size : extentOf(a, scope, state).size);
      const fromStrides = stridesOf([...e.axes.map((a) => (a === e.axis ? '' : a)), e.axis], from.axes, length);
      const indexStrides = stridesOf(e.axes, index.axes, (a) => extentOf(a, scope, state).size);
      const step = fromStrides[e.axes.length] ?? 0;
      return {
        axes: e.axes,
        data: walk(out, (at) => {
          const i = index.data[dotIndex(at, indexStrides)] ?? NaN;
          return i >= 0 && i < size ? (from.data[dotIndex(at, fromStrides) + i * step] ?? NaN) : e.outside;
        }),
      };
    }
    case 'topk': return evalTopK(e, value(e.arg, whole(scope, e.axis, e.as), state), out, (a) => extentOf(a, scope, state).size, (a) => known(state.sizes[a], a));
    case 'reaxis': {
      const gone = e.how.kind === 'merge' ? [e.how.outer, e.how.inner] : [e.how.from];
      return evalReaxis(e, value(e.arg, whole(scope, ...gone), state), out, (a) => (gone.includes(a) ? known(state.sizes[a], a) : extentOf(a, scope, state).size));
    }
    case 'cast': {
      const x = value(e.arg, scope, state);
      const round = state.options.mode === 'rounded' ? roundTo[e.dtype] : castExactly(e.dtype);
      return round ? { axes: x.axes, data: x.data.map(round) } : x;
    }
    case 'fold': return foldValue(e, scope, state);
    default: return e satisfies never;
  }
}

function foldValue(e: Fold, scope: Scope, state: State): Values {
  const outer = whole(scope, e.loop.axis);
  const key = scopeKey(state.free.loop(e.loop), outer, state);
  const done = remembered(state.loops, e.loop);
  const carries = done.get(key) ?? runLoop(e.loop, outer, state);
  done.set(key, carries);
  return value(e.result, { ...outer, carries: new Map([...outer.carries, ...carries]) }, state);
}

/** References move first; then every state becomes moved ⊕ block, all from old values. */
function runLoop(loop: FoldLoop, scope: Scope, state: State): ReadonlyMap<string, Values> {
  const length = known(state.sizes[loop.axis], loop.axis);
  const blocks = state.options.blocks?.(loop.axis, length) ?? (length > 0 ? [{ from: 0, size: length }] : []);
  const start = (axes: readonly Axis[], x: number): Values => ({ axes, data: walk(extents(axes, (a) => extentOf(a, scope, state)), () => x) });
  let carries: ReadonlyMap<string, Values> = new Map([
    ...loop.references.map((r) => [r.carry.name, start(r.carry.axes, r.start)] as const),
    ...loop.states.map((s) => [s.carry.name, start(s.carry.axes, s.init)] as const),
  ]);
  for (const block of blocks) {
    const inner: Scope = { windows: new Map([...scope.windows, [loop.axis, block]]), carries: new Map([...scope.carries, ...carries]) };
    const size = (a: Axis): number => extentOf(a, inner, state).size;
    const join = (op: ReduceOp, axes: readonly Axis[], moved: Values, added: Values): Values => {
      const at = stridesOf(axes, moved.axes, size);
      const bt = stridesOf(axes, added.axes, size);
      return { axes, data: walk(extents(axes, (a) => extentOf(a, inner, state)), (i) => combine[op](moved.data[dotIndex(i, at)] ?? NaN, added.data[dotIndex(i, bt)] ?? NaN)) };
    };
    const next = new Map(loop.references.map((r) => [r.carry.name, value(r.next, inner, state)] as const));
    for (const s of loop.states) {
      if (s.monoid === 'topk') throw new Error(`evaluate: state '${s.carry.name}' is a top-k pair`);
      next.set(s.carry.name, join(s.monoid, s.carry.axes, value(s.moved, inner, state), value(s.block, inner, state)));
    }
    carries = next;
  }
  return carries;
}

/** A sum, off by noise where there is any; counts are exact in any order. */
const summed = ({ options: { noise } }: State): ((x: number) => number) => (noise ? (x) => (Number.isInteger(x) ? x : x * (1 + noise())) : (x) => x);

const combine: Readonly<Record<ReduceOp, (a: number, b: number) => number>> = { sum: binaryMeaning.add, max: binaryMeaning.max, min: binaryMeaning.min };
const identity: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -Infinity, min: Infinity };

function reduceRow(op: ReduceOp, size: number, at: (i: number) => number): number {
  let x = identity[op];
  for (let i = 0; i < size; i++) x = combine[op](x, at(i));
  return x;
}

function dotIndex(index: readonly number[], strides: readonly number[]): number {
  let n = 0;
  for (let i = 0; i < index.length; i++) n += (index[i] ?? 0) * (strides[i] ?? 0);
  return n;
}

/** `x` as a contiguous array in `order`. */
function inOrder(x: Values, order: readonly Axis[], sizes: Readonly<Record<Axis, number>>): Float64Array {
  const strides = stridesOf(order, x.axes, (a) => known(sizes[a], a));
  return walk(extents(order, (a) => ({ from: 0, size: known(sizes[a], a) })), (at) => x.data[dotIndex(at, strides)] ?? NaN);
}

function given(x: Float64Array | undefined, name: string): Float64Array {
  return known(x, `input '${name}'`);
}

function known<T>(x: T | undefined, what: string): T {
  if (x === undefined) throw new Error(`evaluate: ${what} is not given`);
  return x;
}
