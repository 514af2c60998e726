import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readKernels } from '../../codegen/frontend/project.js';
import { type DType, dtypeBytes } from '../../dsl/dtype.js';
import { f8e4m3Byte, f8e4m3Value } from '../../dsl/f8e4m3.js';
import { type AnyTensor, array, type Axis, denseOf, type Kernel, transposed } from '../../dsl/index.js';
import type { ArgSpec } from '../../dsl/manifest.js';
import { isRagged } from '../../dsl/sizes.js';
import type { Device, DeviceTensor, HostArrays } from '../../runtime/device.js';
import { RuntimeError } from '../../runtime/error.js';

/** A kernel with its parameters and results in memory order. */
interface Known { readonly kernel: Kernel<never>; readonly params: readonly ArgSpec[]; readonly results: readonly ArgSpec[] }

/** A device that runs every kernel's own TypeScript in float64, and what a test may ask of it. */
export interface ReferenceDevice extends Device {
  /** Names of the kernels launched so far, in order. */
  readonly launched: readonly string[];
  /** Tensors and recordings that were made and not disposed. */
  live(): number;
}

interface Block { data: Float64Array | undefined }
interface ReferenceTensor<D extends DType = DType> extends DeviceTensor<D> { readonly block: Block; readonly offset: number }

const folder = fileURLToPath(new URL('../../runtime/kernels/', import.meta.url));
let known: Promise<ReadonlyMap<string, Known>> | undefined;

/** The runtime's kernels; read from their sources once per process. */
async function runtimeKernels(): Promise<ReadonlyMap<string, Known>> {
  const files = readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => folder + f);
  const kernels = (await Promise.all(files.map((f) => import(f) as Promise<Record<string, Kernel<never>>>))).flatMap((module) => Object.values(module));
  const sources = new Map(readKernels(files).map((s) => [s.name, s]));
  return new Map(kernels.map((kernel) => {
    const source = sources.get(kernel.kernelName);
    if (source === undefined) throw new Error(`kernel ${kernel.kernelName} was not found in its source`);
    return [kernel.kernelName, { kernel, params: source.params, results: source.results }];
  }));
}

/**
 * The reference as a device: elements are float64 whatever their dtype, memory begins as NaN so that reading what nobody
 * wrote shows, and a disposed tensor throws R011.
 */
export async function referenceDevice(): Promise<ReferenceDevice> {
  known ??= runtimeKernels();
  const kernels = await known;
  const launched: string[] = [];
  let allocated = 0;
  let peak = 0;
  let live = 0;
  let recording: (() => void)[] | undefined;
  /** At once, or whenever the recording is replayed. */
  const queue = (work: () => void): void => {
    if (recording === undefined) work();
    else recording.push(work);
  };
  const alloc = <D extends DType>(dtype: D, shape: readonly number[]): ReferenceTensor<D> => {
    const block: Block = { data: new Float64Array(count(shape)).fill(NaN) };
    const bytes = count(shape) * dtypeBytes[dtype];
    allocated += bytes;
    live++;
    peak = Math.max(peak, allocated);
    return view(block, 0, dtype, shape, () => {
      allocated -= bytes;
      live--;
    });
  };
  const write = (tensor: DeviceTensor, data: ArrayBufferView): void => {
    if (data.byteLength !== tensor.byteLength) throw new RuntimeError('R015', `${data.byteLength} bytes for a tensor of ${tensor.byteLength}`);
    elementsOf(tensor).set(decode(tensor.dtype, data));
  };
  return {
    kind: 'reference',
    description: 'float64 reference: every kernel runs as its own TypeScript',
    launched,
    live: () => live,
    alloc,
    write,
    adopt: (dtype, shape, ...parts) => {
      const tensor = alloc(dtype, shape);
      write(tensor, Buffer.concat(parts));
      return tensor;
    },
    launch: (name, args, results, sizes) => {
      const found = kernels.get(name);
      if (found === undefined) throw new RuntimeError('R101', `no kernel '${name}'`);
      queue(() => {
        launched.push(name);
        run(found, args, results, sizes);
      });
    },
    copy: (dst, src) => {
      if (dst.dtype !== src.dtype || dst.byteLength !== src.byteLength) throw new RuntimeError('R015', 'copy between tensors that differ');
      queue(() => { elementsOf(dst).set(elementsOf(src)); });
    },
    read: async <D extends DType>(tensor: DeviceTensor<D>) => encode(tensor.dtype, elementsOf(tensor)) as HostArrays[D],
    sync: async () => {},
    cancel: () => {},
    trace: () => ({ end: async () => [] }),
    time: async (work) => {
      const start = performance.now();
      work();
      return (performance.now() - start) / 1000;
    },
    record: (work) => {
      const calls: (() => void)[] = [];
      recording = calls;
      try {
        work();
      } finally {
        recording = undefined;
      }
      live++;
      return { replay: () => { for (const call of calls) call(); }, [Symbol.dispose]: () => { live--; } };
    },
    stats: () => ({ allocatedBytes: allocated, peakBytes: peak }),
    trim: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function run(known: Known, args: Readonly<Record<string, DeviceTensor | number>>, results: Readonly<Record<string, DeviceTensor>>, sizes: Readonly<Record<string, number>> = {}): void {
  const { kernel, params, results: specs } = known;
  const ragged = Object.entries(kernel.sizes).flatMap(([axis, rule]) => (isRagged(rule) ? [{ axis, by: rule.by }] : []));
  const unknown = Object.keys(args).find((name) => !params.some((p) => p.name === name) && !ragged.some((r) => name === `offsets.${r.axis}`));
  if (unknown !== undefined) throw new RuntimeError('R102', `kernel ${kernel.kernelName} has no parameter '${unknown}'`);
  const inputs: Record<string, AnyTensor> = Object.fromEntries(params.map((p) => {
    const value = args[p.name];
    if (value === undefined || (typeof value === 'number') !== (p.order.length === 0)) throw new RuntimeError('R103', `kernel ${kernel.kernelName}: argument '${p.name}'`);
    if (typeof value === 'number') return [p.name, array([value], { axes: [], shape: [], dtype: p.dtype === 'i32' ? 'i32' : 'f32' })];
    return [p.name, array(elementsOf(value), { axes: inMemory(known, p.order), shape: value.shape, dtype: value.dtype })];
  }));
  const offsets = Object.fromEntries(ragged.map(({ axis }) => {
    const value = args[`offsets.${axis}`];
    if (value === undefined || typeof value === 'number') throw new RuntimeError('R110', `kernel ${kernel.kernelName}: 'offsets.${axis}'`);
    return [axis, [...elementsOf(value)]];
  }));
  const lengths: Record<string, number> = { ...sizes };
  for (const spec of specs) inMemory(known, spec.order).forEach((axis, i) => { lengths[axis] = results[spec.name]?.shape[i] ?? NaN; });
  // How long ragged axes are, and how many parts there are, the offsets say.
  for (const { axis, by } of ragged) {
    delete lengths[axis];
    delete lengths[by];
  }
  const made = kernel.reference(inputs, { sizes: lengths, offsets }) as AnyTensor | Readonly<Record<string, AnyTensor>>;
  for (const spec of specs) {
    const target = results[spec.name];
    const value = isTensor(made) ? made : made[spec.name];
    if (target === undefined || value === undefined) throw new RuntimeError('R102', `kernel ${kernel.kernelName}: result '${spec.name}'`);
    if (value.dtype !== target.dtype) throw new RuntimeError('R104', `kernel ${kernel.kernelName}: result '${spec.name}' is ${value.dtype}, the tensor ${target.dtype}`);
    const dense = denseOf(transposed(value, inMemory(known, spec.order)));
    const rows = rowsInParts(target, offsets[inMemory(known, spec.order)[0] ?? '']);
    if (dense.data.length !== rows.length || dense.shape.slice(1).join() !== target.shape.slice(1).join()) throw new RuntimeError('R106', `kernel ${kernel.kernelName}: result '${spec.name}' is [${dense.shape.join(', ')}], the tensor [${target.shape.join(', ')}]`);
    rows.set(dense.data);
  }
}

/** The elements of a packed result that belong to parts; all of another. */
function rowsInParts(target: DeviceTensor, starts: readonly number[] | undefined): Float64Array {
  const elements = elementsOf(target);
  const row = count(target.shape.slice(1));
  return starts === undefined ? elements : elements.subarray((starts[0] ?? 0) * row, (starts.at(-1) ?? 0) * row);
}

/** Axes of the dimensions in memory: a ragged axis and the one it depends on are packed into one. */
function inMemory({ kernel }: Known, order: readonly Axis[]): readonly Axis[] {
  return order.filter((axis, i) => {
    const next = kernel.sizes[order[i + 1] ?? ''];
    return !(next !== undefined && isRagged(next) && next.by === axis);
  });
}

const isTensor = (x: AnyTensor | Readonly<Record<string, AnyTensor>>): x is AnyTensor => 'dtype' in x && typeof x.dtype === 'string';
const count = (shape: readonly number[]): number => shape.reduce((n, s) => n * s, 1);

function view<D extends DType>(block: Block, offset: number, dtype: D, shape: readonly number[], free: () => void): ReferenceTensor<D> {
  const row = count(shape.slice(1));
  return {
    block, offset, dtype, shape,
    byteLength: count(shape) * dtypeBytes[dtype],
    slice: (from, to) => {
      if (from < 0 || to < from || to > (shape[0] ?? 0)) throw new RuntimeError('R013', `slice(${from}, ${to}) of ${shape[0]} rows`);
      return view(block, offset + from * row, dtype, [to - from, ...shape.slice(1)], () => {});
    },
    reshape: (to) => {
      if (count(to) !== count(shape)) throw new RuntimeError('R013', `reshape from [${shape.join(', ')}] to [${to.join(', ')}]`);
      return view(block, offset, dtype, to, () => {});
    },
    [Symbol.dispose]: () => {
      if (block.data !== undefined) free();
      block.data = undefined;
    },
  };
}

function elementsOf(tensor: DeviceTensor): Float64Array {
  const { block, offset, shape } = tensor as ReferenceTensor;
  if (block.data === undefined) throw new RuntimeError('R011', 'the tensor was disposed');
  return block.data.subarray(offset, offset + count(shape));
}

function decode(dtype: DType, data: ArrayBufferView): ArrayLike<number> {
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  switch (dtype) {
    case 'f32': return new Float32Array(bytes);
    case 'i32': return new Int32Array(bytes);
    case 'bf16': return new Float32Array(Uint32Array.from(new Uint16Array(bytes), (bits) => bits << 16).buffer);
    case 'f16': return Float64Array.from(new Uint16Array(bytes), halfToNumber);
    case 'f8e4m3': return Float64Array.from(new Uint8Array(bytes), f8e4m3Value);
    default: return dtype satisfies never;
  }
}

function encode(dtype: DType, data: Float64Array): Float32Array | Int32Array | Uint16Array | Uint8Array {
  switch (dtype) {
    case 'f32': return Float32Array.from(data);
    case 'i32': return Int32Array.from(data);
    case 'bf16': return Uint16Array.from(new Uint32Array(Float32Array.from(data).buffer), (bits) => bits >>> 16);
    case 'f16': throw new RuntimeError('R015', 'the reference device does not write f16');
    case 'f8e4m3': return Uint8Array.from(data, f8e4m3Byte);
    default: return dtype satisfies never;
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
