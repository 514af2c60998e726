import { didYouMean } from '../dsl/nearest.js';
import { type DType, dtypeBytes } from '../dsl/dtype.js';
import { inferLengths } from '../dsl/relations.js';
import { whyNotCopied } from './boxes.js';
import type { DeviceTensor, LaunchArgs } from './device.js';
import { type ErrorDetails, type RuntimeCode, RuntimeError } from './error.js';
import type { Dim, GridSlot, LaunchSlot, MapSlot, ScratchSlot, Signature, SplitSlot, TensorSlot, VariantSlot } from './signature.js';
import { partCount } from './split.js';
import { type Place, placeOf } from './tensor.js';

/** The length of an axis before anything has shown it. */
const unknown = -1;

/** What one launch binds to a signature's slots, by their index. Filled anew by each launch of the kernel: only valid until the next. */
export interface Binding {
  readonly signature: Signature;
  /** Multiprocessors of the device. */
  readonly processors: number;
  readonly places: Place[];
  readonly byteLengths: number[];
  readonly scalars: number[];
  readonly offsets: Place[];
  /** Lengths by axis; of a ragged axis, its longest; of a split, behind the others, its parts. `rows`: packed rows of a ragged axis. */
  readonly sizes: number[];
  readonly rows: number[];
  readonly dtypes: (DType | undefined)[];
  /** The argument that first showed an axis or a dtype parameter: for messages. */
  readonly shownBy: string[];
  readonly dtypeBy: string[];
}

export const emptyBinding = (signature: Signature, processors: number): Binding => ({ signature, processors, places: [], byteLengths: [], scalars: [], offsets: [], sizes: [], rows: [], dtypes: [], shownBy: [], dtypeBy: [] });

/**
 * Checks a launch against the kernel's signature and fills `binding`; the variant it selects. Throws R010–R013 and
 * R102–R111, each naming kernel, argument, axis, what was met and what was needed.
 */
export function bind(binding: Binding, device: object, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>, sizes: Readonly<Record<string, number>>): VariantSlot {
  const { signature } = binding;
  binding.sizes.length = binding.rows.length = binding.dtypes.length = 0;
  for (let i = 0; i < signature.axes.length; i++) {
    binding.sizes.push(unknown);
    binding.rows.push(unknown);
  }
  rejectUnknownNames(signature, args, results, sizes);
  for (let i = 0; i < signature.tensors.length; i++) bindTensor(binding, i, device, args, results);
  for (let i = 0; i < signature.scalars.length; i++) bindScalar(binding, i, args);
  for (let i = 0; i < signature.ragged.length; i++) bindOffsets(binding, i, device, args);
  for (let i = 0; i < signature.axes.length; i++) bindSize(binding, i, sizes);
  inferSizes(binding);
  const variant = selectVariant(binding);
  for (let i = 0; i < signature.axes.length; i++) fixSize(binding, i, variant);
  inferSizes(binding);
  for (let i = 0; i < signature.axes.length; i++) completeSize(binding, i, variant);
  rejectOverlap(binding);
  if (variant.split !== undefined) binding.sizes.push(partsOf(binding, variant, variant.split));
  return variant;
}

function fail(signature: Signature, code: RuntimeCode, what: string, remedy?: string): never {
  const details: ErrorDetails = { where: `kernel '${signature.name}'` };
  throw new RuntimeError(code, what, remedy === undefined ? details : { ...details, remedy });
}

const list = (items: Iterable<string | number>): string => [...items].join(', ');

function rejectUnknownNames(s: Signature, args: LaunchArgs, results: object, sizes: object): void {
  for (const name in args) if (!s.argNames.has(name)) fail(s, 'R102', `no parameter is called '${name}'; there are ${list(s.argNames)}${didYouMean(name, s.argNames)}`);
  for (const name in results) if (!s.resultNames.has(name)) fail(s, 'R102', `no result is called '${name}'; there are ${list(s.resultNames)}${didYouMean(name, s.resultNames)}`);
  for (const name in sizes) if (!s.axes.some((a) => a.name === name)) fail(s, 'R102', `sizes: no axis is called '${name}'; there are ${list(s.axes.map((a) => a.name))}${didYouMean(name, s.axes.map((a) => a.name))}`);
}

function bindTensor(b: Binding, index: number, device: object, args: LaunchArgs, results: Readonly<Record<string, DeviceTensor>>): void {
  const slot = b.signature.tensors[index];
  if (slot === undefined) return;
  const value = (slot.isResult ? results : args)[slot.name];
  const tensor = requireTensor(b.signature, slot.name, slot.isResult, value);
  b.places[index] = placeIn(b.signature, slot.name, tensor, device);
  b.byteLengths[index] = tensor.byteLength;
  bindDtype(b, slot, tensor.dtype);
  const { shape } = tensor;
  if (shape.length !== slot.dims.length) {
    fail(b.signature, 'R105', `\`${slot.name}\` has shape [${list(shape)}], it needs ${slot.dims.length} dimensions: [${list(slot.dims.map((d) => dimName(b.signature, d)))}]`);
  }
  for (let i = 0; i < shape.length; i++) {
    const dim = slot.dims[i];
    const length = shape[i];
    if (dim !== undefined && length !== undefined) unify(b, dim, length, slot.name);
  }
}

function requireTensor(s: Signature, name: string, isResult: boolean, value: DeviceTensor | number | undefined): DeviceTensor {
  if (value === undefined) fail(s, 'R102', `${isResult ? 'result' : 'parameter'} \`${name}\` is missing`);
  if (typeof value === 'number') fail(s, 'R103', `\`${name}\` is the number ${value}, it must be a tensor`);
  return value;
}

function placeIn(s: Signature, name: string, tensor: DeviceTensor, device: object): Place {
  try {
    return placeOf(tensor, device);
  } catch (error) {
    if (error instanceof RuntimeError) throw new RuntimeError(error.code, error.what, { where: `kernel '${s.name}', \`${name}\``, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) });
    throw error;
  }
}

function bindDtype(b: Binding, slot: TensorSlot, dtype: DType): void {
  if (typeof slot.dtype === 'string') {
    if (dtype !== slot.dtype) fail(b.signature, 'R104', `\`${slot.name}\` is ${dtype}, it must be ${slot.dtype}`);
    return;
  }
  const before = b.dtypes[slot.dtype];
  if (before === undefined) {
    b.dtypes[slot.dtype] = dtype;
    b.dtypeBy[slot.dtype] = slot.name;
  } else if (before !== dtype) {
    fail(b.signature, 'R104', `\`${slot.name}\` is ${dtype}, but \`${b.dtypeBy[slot.dtype]}\` is ${before}; both are ${b.signature.dtypeParams[slot.dtype]}`);
  }
}

function unify(b: Binding, dim: Dim, length: number, name: string): void {
  const known = dim.kind === 'axis' ? b.sizes : b.rows;
  const before = known[dim.axis];
  if (before === unknown) {
    if (length > 0x7fffffff) fail(b.signature, 'R013', `\`${name}\` is ${length} along ${dimName(b.signature, dim)}, more than an i32 counts`);
    known[dim.axis] = length;
    b.shownBy[dim.axis] = name;
  } else if (before !== length) {
    fail(b.signature, 'R106', `${dimName(b.signature, dim)} is ${length} in \`${name}\`, but ${before} in \`${b.shownBy[dim.axis]}\``);
  }
}

const dimName = (s: Signature, dim: Dim): string => (dim.kind === 'axis' ? `'${s.axes[dim.axis]?.name}'` : `'rows of ${s.axes[dim.axis]?.name}'`);

function bindScalar(b: Binding, index: number, args: LaunchArgs): void {
  const slot = b.signature.scalars[index];
  if (slot === undefined) return;
  const value = args[slot.name];
  if (value === undefined) fail(b.signature, 'R102', `parameter \`${slot.name}\` is missing`);
  if (typeof value !== 'number') fail(b.signature, 'R103', `\`${slot.name}\` is not a number, it must be one`);
  if (slot.integral ? value !== (value | 0) : Number.isFinite(value) && !Number.isFinite(Math.fround(value))) fail(b.signature, 'R109', `\`${slot.name}\` is ${value}, it must be ${slot.integral ? 'an i32' : 'an f32'}`);
  b.scalars[index] = value;
}

function bindOffsets(b: Binding, index: number, device: object, args: LaunchArgs): void {
  const slot = b.signature.ragged[index];
  if (slot === undefined) return;
  const tensor = requireTensor(b.signature, slot.key, false, args[slot.key]);
  b.offsets[index] = placeIn(b.signature, slot.key, tensor, device);
  const [count] = tensor.shape;
  if (tensor.dtype !== 'i32' || tensor.shape.length !== 1 || count === undefined || count < 1) {
    fail(b.signature, 'R110', `\`${slot.key}\` is ${tensor.dtype} of shape [${list(tensor.shape)}], it must be i32 with one dimension, one more than '${b.signature.axes[slot.by]?.name}' is long`);
  }
  unify(b, { kind: 'axis', axis: slot.by }, count - 1, slot.key);
}

function bindSize(b: Binding, index: number, sizes: Readonly<Record<string, number>>): void {
  const axis = b.signature.axes[index];
  const given = axis === undefined ? undefined : sizes[axis.name];
  if (axis === undefined || given === undefined) return;
  if (!Number.isSafeInteger(given) || given < 0) fail(b.signature, 'R108', `sizes: '${axis.name}' is ${given}, it must be a whole number from 0`);
  unify(b, { kind: 'axis', axis: index }, given, 'sizes');
}

/** What follows from the lengths that are known by now. */
function inferSizes(b: Binding): void {
  const { follows, axes } = b.signature;
  if (follows.length === 0) return;
  const lengthOfAxis = (a: number): number | undefined => (b.sizes[a] === unknown ? undefined : b.sizes[a]);
  const conflict = inferLengths(follows, lengthOfAxis, (a, length) => { unify(b, { kind: 'axis', axis: a }, length, 'sizes'); });
  if (conflict === undefined) return;
  const { relation: { axis, of }, length, product } = conflict;
  const names = (some: readonly number[]): string => some.map((a) => `'${axes[a]?.name}'`).join(' · ');
  const known = of.filter((a) => lengthOfAxis(a) !== undefined);
  const what = known.length === of.length ? `but ${names(of)} is ${product}` : `no multiple of ${names(known)}, which is ${product}`;
  fail(b.signature, 'R106', `${names([axis])} is ${length}, ${what}: the kernel makes ${names([axis])} of ${names(of)}`);
}

function fixSize(b: Binding, index: number, variant: VariantSlot): void {
  const fixed = variant.fixed[index];
  if (fixed !== undefined && b.sizes[index] === unknown) b.sizes[index] = fixed;
}

/** The first variant that fits. A later one that fits as well must not differ in an axis whose length nothing shows. */
function selectVariant(b: Binding): VariantSlot {
  const s = b.signature;
  let found: VariantSlot | undefined;
  for (const variant of s.variants) {
    if ((found !== undefined && sameFixed(found, variant)) || !matches(b, variant)) continue;
    if (found !== undefined) fail(s, 'R108', `variants '${found.variant.variant}' and '${variant.variant.variant}' both fit: a fixed axis is shown by no tensor`, 'give it in sizes');
    found = variant;
  }
  if (found !== undefined) return found;
  const met = [...s.dtypeParams.map((p, i) => `${p} = ${b.dtypes[i]}`), ...s.axes.flatMap((a, i) => (a.kind === 'fixed' ? [`${a.name} = ${b.sizes[i]}`] : []))];
  const [why] = s.variants.flatMap((v) => (fits(b, v) ? v.maps.flatMap((m) => whyNot(b, m) ?? []) : []));
  if (why !== undefined) fail(s, 'R107', `no variant for tensors like these: ${why}`, `compile it for sm_80 too`);
  fail(s, 'R107', `no variant for ${list(met)}; there are ${[...new Set(s.variants.map((v) => describe(s, v)))].join(' | ')}`);
}

function sameFixed(a: VariantSlot, b: VariantSlot): boolean {
  for (let i = 0; i < a.fixed.length; i++) if (a.fixed[i] !== b.fixed[i]) return false;
  return true;
}

function matches(b: Binding, variant: VariantSlot): boolean {
  if (!fits(b, variant)) return false;
  for (const map of variant.maps) if (whyNot(b, map) !== undefined) return false;
  return true;
}

/** Whether a variant is for these dtypes and sizes. */
function fits(b: Binding, variant: VariantSlot): boolean {
  for (let i = 0; i < variant.dtypes.length; i++) if (b.dtypes[i] !== undefined && b.dtypes[i] !== variant.dtypes[i]) return false;
  for (let i = 0; i < variant.fixed.length; i++) if (variant.fixed[i] !== undefined && b.sizes[i] !== unknown && b.sizes[i] !== variant.fixed[i]) return false;
  for (const { axes, atMost } of variant.serves) {
    let product = 1;
    for (const axis of axes) product *= lengthOf(b, axis, variant);
    if (product > atMost) return false;
  }
  return true;
}

/** What keeps a tensor from being copied in boxes; undefined where nothing does. */
function whyNot(b: Binding, map: MapSlot): string | undefined {
  const why = whyNotCopied(map, { sizes: b.sizes, rows: b.rows, elementBytes: dtypeBytes[dtypeOf(b, map.index)], offset: b.places[map.index]?.offset ?? 0 });
  return why === undefined ? undefined : `\`${b.signature.tensors[map.index]?.name}\` ${why}`;
}

/** The dtype of a tensor that is bound. */
export function dtypeOf(b: Binding, tensor: number): DType {
  const dtype = b.signature.tensors[tensor]?.dtype ?? 'f32';
  return typeof dtype === 'string' ? dtype : (b.dtypes[dtype] ?? 'f32');
}

/** The length an axis has with this variant: what a fixed axis no tensor shows is, and all rows of a ragged one. */
function lengthOf(b: Binding, axis: number, variant: VariantSlot): number {
  const length = b.sizes[axis] ?? unknown;
  return length !== unknown ? length : (variant.fixed[axis] ?? b.rows[axis] ?? unknown);
}

const describe = (s: Signature, v: VariantSlot): string =>
  list([...s.dtypeParams.map((p, i) => `${p} = ${v.dtypes[i]}`), ...s.axes.flatMap((a, i) => (v.fixed[i] === undefined ? [] : [`${a.name} = ${v.fixed[i]}`]))]);

function completeSize(b: Binding, index: number, variant: VariantSlot): void {
  const axis = b.signature.axes[index];
  if (axis === undefined || b.sizes[index] !== unknown) return;
  const size = lengthOf(b, index, variant);
  if (size === unknown) fail(b.signature, 'R108', `the length of '${axis.name}' is shown by no tensor`, 'give it in sizes');
  b.sizes[index] = size;
}

function partsOf(b: Binding, variant: VariantSlot, split: SplitSlot): number {
  const [first] = variant.launches;
  const blocks = first === undefined ? 0 : blockCount(b, first.grid.filter((g) => g.axis !== split.axis));
  return partCount({ blocks, steps: Math.ceil((b.sizes[split.of] ?? 0) / split.step), slots: b.processors * split.blocksPerProcessor });
}

/** Blocks of a launch that are started: those that walk the grid themselves are as many as run at a time. */
export const startedBlocks = (b: Binding, { grid, spec }: LaunchSlot): number => Math.min(blockCount(b, grid), spec.persistent ? b.processors : Infinity);

/** Places in a launch's grid at the bound sizes. */
export function blockCount(b: Binding, grid: readonly GridSlot[]): number {
  let blocks = 1;
  for (const { axis, block } of grid) blocks *= Math.ceil((b.sizes[axis] ?? 0) / block);
  return blocks;
}

/** Blocks of a launch run in any order, so a result written over another argument would be read half new. */
function rejectOverlap(b: Binding): void {
  const { tensors } = b.signature;
  for (let r = 0; r < tensors.length; r++) {
    const result = tensors[r];
    if (result === undefined || !result.isResult) continue;
    for (let t = 0; t < tensors.length; t++) {
      // Two results meet twice; once is enough.
      if (t === r || (t > r && tensors[t]?.isResult)) continue;
      if (overlap(b, r, t)) fail(b.signature, 'R111', `result \`${result.name}\` shares memory with \`${tensors[t]?.name}\``, 'give the result its own tensor');
    }
  }
}

function overlap(b: Binding, i: number, j: number): boolean {
  const a = b.places[i];
  const c = b.places[j];
  if (a === undefined || c === undefined || a.storage.block !== c.storage.block) return false;
  return a.offset < c.offset + (b.byteLengths[j] ?? 0) && c.offset < a.offset + (b.byteLengths[i] ?? 0);
}

/** Bytes of a scratch buffer at the bound sizes. */
export function scratchBytes(b: Binding, scratch: ScratchSlot): number {
  let count = dtypeBytes[scratch.dtype];
  for (const { kind, axis } of scratch.dims) count *= (kind === 'packed' ? b.rows : b.sizes)[axis] ?? 0;
  return count;
}
