import type { KernelDef, ParamDef } from '../../../dsl/definition.js';
import type { DType } from '../../../dsl/dtype.js';
import type { Gather } from '../../../dsl/expr.js';
import type { KernelEntry } from '../../../dsl/manifest.js';
import { nodesOf } from '../../../dsl/walk.js';
import type { Device, DeviceTensor, LaunchArgs } from '../../../runtime/device.js';
import { CommandError } from '../failure.js';
import { shapeOf } from '../shapes.js';
import { narrow } from '../tensors.js';
import type { AxisLengths } from './lengths.js';

/** What one call of a kernel is given. */
export interface Call { readonly args: LaunchArgs; readonly results: Readonly<Record<string, DeviceTensor>>; readonly sizes: Readonly<Record<string, number>> }
/** Calls on inputs of their own, and the bytes of one. */
export interface Calls extends Disposable { readonly calls: readonly [Call, ...Call[]]; readonly bytes: number }

/** Values of scalar parameters by name. */
export type Scalars = Readonly<Record<string, number>>;

/** A scalar parameter that nobody gave a value: the scale of a dot product of 64 elements, or a first position. */
const scalarValue: Readonly<Record<DType, number>> = { f32: 0.125, f16: 0.125, bf16: 0.125, f8e4m3: 0.125, i32: 0 };

/** The scalar parameters of a kernel: as stated with `name=value`, else what is usual. Throws CommandError. */
export function scalarsFor(def: KernelDef, stated: readonly string[]): Scalars {
  const names = def.params.filter((p) => p.order.length === 0);
  const given = new Map(stated.map((text) => {
    const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(text) ?? [];
    if (!Number.isFinite(Number(value)) || value === '') throw new CommandError(`--set ${text}: write name=number`);
    if (!names.some((p) => p.name === name)) throw new CommandError(`--set ${text}: '${def.name}' has no scalar parameter '${name}'; it has ${names.map((p) => p.name).join(', ') || 'none'}`);
    return [name, Number(value)] as const;
  }));
  return Object.fromEntries(names.map((p) => [p.name, given.get(p.name) ?? scalarValue[p.dtype]]));
}

/** Distinct numbers; longer tensors repeat them. A prime, so that no two rows begin alike. */
const distinct = 1_048_573;
/** Bytes that all calls take together at least, so that none finds its data in a cache. */
const rotated = 256 * 2 ** 20;
const mostCalls = 8;

/**
 * Tensors for calls of a kernel at these lengths: floats in [−1, 1), i32 positions on the axis that they gather from. Results start as
 * NaN, so that what nobody writes does not look right. `rotate`: several calls where one fits into caches.
 */
export function callsOf(device: Device, def: KernelDef, entry: KernelEntry, lengths: AxisLengths, rotate: boolean, scalars: Scalars = {}): Calls {
  const owned: DeviceTensor[] = [];
  const dispose = (): void => { for (const t of owned.splice(0)) t[Symbol.dispose](); };
  const alloc = (dtype: DType, shape: readonly number[]): DeviceTensor => {
    const t = device.alloc(dtype, shape);
    owned.push(t);
    return t;
  };
  const sources = new Map<string, DeviceTensor>();
  const filled = (p: ParamDef, shape: readonly number[]): DeviceTensor => {
    const most = positionsOf(p.name, def, lengths);
    const t = alloc(p.dtype, shape);
    const length = elements(shape);
    const key = `${p.dtype} ${most}`;
    const source = sources.get(key) ?? alloc(p.dtype, [distinct]);
    if (!sources.has(key)) device.write(source, narrow(p.dtype, p.dtype === 'i32' ? random().map((x) => Math.floor(((x + 1) / 2) * most)) : random()));
    sources.set(key, source);
    const flat = t.reshape([length]);
    for (let at = 0; at < length; at += distinct) device.copy(flat.slice(at, Math.min(at + distinct, length)), source.slice(0, Math.min(distinct, length - at)));
    return t;
  };
  const parts = (axis: string): number => { const rule = def.sizes[axis]; return rule?.kind === 'ragged' ? lengths[rule.by] ?? 1 : 1; };
  const offsets = Object.fromEntries(Object.keys(def.sizes).filter((a) => def.sizes[a]?.kind === 'ragged').map((a) => [a, Array.from({ length: parts(a) + 1 }, (_, i) => i * (lengths[a] ?? 1))]));
  const call = (): Call => ({
    args: {
      ...Object.fromEntries(def.params.map((p) => [p.name, p.order.length === 0 ? scalars[p.name] ?? scalarValue[p.dtype] : filled(p, shapeOf(p.order, entry.sizes, { sizes: lengths, offsets }))])),
      ...Object.fromEntries(Object.entries(offsets).map(([axis, sums]) => {
        const t = alloc('i32', [sums.length]);
        device.write(t, Int32Array.from(sums));
        return [`offsets.${axis}`, t];
      })),
    },
    results: Object.fromEntries(def.results.map((r) => {
      const t = alloc(r.dtype, shapeOf(r.order, entry.sizes, { sizes: lengths, offsets }));
      blank(device, t);
      return [r.name, t];
    })),
    sizes: Object.fromEntries(Object.entries(lengths).filter(([axis]) => def.sizes[axis]?.kind !== 'fixed')),
  });
  try {
    const first = call();
    const bytes = [...Object.values(first.args), ...Object.values(first.results)].reduce<number>((n, t) => n + (typeof t === 'number' ? 0 : t.byteLength), 0);
    const more = rotate ? Math.min(mostCalls, Math.ceil(rotated / Math.max(1, bytes))) - 1 : 0;
    return { calls: [first, ...Array.from({ length: more }, call)], bytes, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Fills a tensor with NaN, integers with −1. */
export const blank = (device: Device, t: DeviceTensor): void => device.write(t, new Uint8Array(t.byteLength).fill(0xff));

const elements = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

/** How many positions a tensor of i32 may name: as many as the axis has that it gathers from, else two. */
function positionsOf(name: string, def: KernelDef, lengths: AxisLengths): number {
  const gathers = nodesOf(def.results.map((r) => r.value)).filter((e): e is Gather => e.kind === 'gather');
  const from = gathers.find((e) => nodesOf([e.index]).some((x) => x.kind === 'input' && x.name === name));
  return from === undefined ? 2 : lengths[from.axis] ?? 2;
}

/** Numbers in [−1, 1), the same every time (xorshift32, Marsaglia 2003). */
function random(): Float64Array {
  let x = 2463534242;
  return Float64Array.from({ length: distinct }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x / 2 ** 31;
  });
}

