import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { DType } from '../../dsl/dtype.js';
import { addon } from '../addon.js';
import { RuntimeError } from '../error.js';
import { duplicateKey } from './duplicateKey.js';
import { headerLength, isRecord, parseHeader, type StoredDType } from './safetensorsHeader.js';

/** A tensor of a file. `bytes` maps them on first use: little-endian, outermost axis first, shared with the file's pages. */
export interface StoredTensor { readonly name: string; readonly dtype: StoredDType; readonly shape: readonly number[]; readonly byteLength: number; readonly bytes: Uint8Array }

/** The tensors of one file, or of all shards of an index. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** `__metadata__` of the file; of an index, nothing. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Throws R211 where there is no such tensor. */
  get(name: string): StoredTensor;
}

/** What a file is read from: its length, and any part of it. */
interface Source { readonly size: number; bytes(offset: number, length: number): Uint8Array }

/**
 * The checkpoint in a model directory: model.safetensors, or the shards that model.safetensors.index.json names. Throws
 * R201 where there is neither, and what `openSafetensors` throws.
 */
export function openCheckpoint(directory: string): TensorFile {
  const found = ['model.safetensors', 'model.safetensors.index.json'].map((file) => join(directory, file)).find((path) => existsSync(path));
  if (found === undefined) throw new RuntimeError('R201', 'there is neither model.safetensors nor model.safetensors.index.json', { where: directory });
  return openSafetensors(found);
}

/**
 * Maps a .safetensors file, or the shards of an index (.json). Headers are checked at once, data are read on use: a file
 * that another program cuts short meanwhile ends the process on a processor, as every mapped file does; a GPU's reads end
 * with R202. Throws R201–R211.
 */
export function openSafetensors(path: string): TensorFile {
  return path.endsWith('.json') ? openIndex(path) : readTensors(mapped(path), path);
}

/** The tensors of a file that is already in memory; `where` names it in errors. Throws R202–R208. */
export function parseSafetensors(file: Uint8Array, where = 'safetensors'): TensorFile {
  return readTensors({ size: file.byteLength, bytes: (offset, length) => file.subarray(offset, offset + length) }, where);
}

/** V8 takes what is lent for memory and collects for every buffer of some size, so tensors behind each other share one. */
const lentBytes = 2 ** 31;

function mapped(path: string): Source {
  const file = new (addon().MappedFile)(path);
  const size = file.size();
  let [from, lent] = [0, new Uint8Array()];
  return {
    size,
    bytes: (offset, length) => {
      if (offset < from || offset + length > from + lent.length) [from, lent] = [offset, new Uint8Array(file.bytes(offset, Math.max(length, Math.min(lentBytes, size - offset))))];
      return lent.subarray(offset - from, offset - from + length);
    },
  };
}

function readTensors(source: Source, where: string): TensorFile {
  const length = headerLength(source.bytes(0, Math.min(8, source.size)), source.size, where);
  const start = 8 + length;
  const { metadata, entries } = parseHeader(source.bytes(8, length), source.size - start, where);
  return tensorFile(entries.map(({ name, dtype, shape, begin, end }) => storedTensor(name, dtype, shape, end - begin, () => source.bytes(start + begin, end - begin))), metadata, where);
}

function storedTensor(name: string, dtype: StoredDType, shape: readonly number[], byteLength: number, load: () => Uint8Array): StoredTensor {
  let loaded: Uint8Array | undefined;
  return {
    name, dtype, shape, byteLength,
    get bytes() {
      loaded ??= load();
      return loaded;
    },
  };
}

function tensorFile(list: readonly StoredTensor[], metadata: Readonly<Record<string, string>>, where: string): TensorFile {
  const tensors = new Map(list.map((t) => [t.name, t]));
  return {
    tensors, metadata,
    get(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new RuntimeError('R211', `there is no tensor '${name}'`, { where });
      return tensor;
    },
  };
}

function openIndex(path: string): TensorFile {
  const places = Object.entries(readWeightMap(path));
  const shards = new Map<string, TensorFile>();
  for (const [, shard] of places) if (!shards.has(shard)) shards.set(shard, openShard(path, shard));
  return tensorFile(places.map(([name, shard]) => {
    const tensor = shards.get(shard)?.tensors.get(name);
    if (tensor === undefined) throw new RuntimeError('R211', `the index places tensor '${name}' in ${shard}, which does not have it`, { where: path });
    return tensor;
  }), {}, path);
}

function openShard(index: string, shard: string): TensorFile {
  const path = join(dirname(index), shard);
  if (!existsSync(path)) throw new RuntimeError('R210', `the shard ${shard} is missing`, { where: index, remedy: 'download it into the same folder' });
  return openSafetensors(path);
}

/** Tensor name → shard, a path inside the index's folder. */
function readWeightMap(path: string): Readonly<Record<string, string>> {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    value = JSON.parse(text);
  } catch (cause) {
    const unreadable = cause instanceof Error && 'syscall' in cause;
    throw new RuntimeError(unreadable ? 'R201' : 'R209', `the index cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { where: path, cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new RuntimeError('R205', `the index has the key '${twice}' twice`, { where: path });
  const map = isRecord(value) ? value.weight_map : undefined;
  if (!isRecord(map)) throw new RuntimeError('R209', 'the index has no object weight_map', { where: path });
  for (const [name, shard] of Object.entries(map)) checkShardName(name, shard, path);
  // checkShardName showed that every value is a string.
  return map as Readonly<Record<string, string>>;
}

function checkShardName(name: string, shard: unknown, where: string): void {
  if (typeof shard !== 'string' || !shard.endsWith('.safetensors')) throw new RuntimeError('R209', `weight_map places tensor '${name}' in ${JSON.stringify(shard)}, which is no .safetensors file`, { where });
  if (isAbsolute(shard) || shard.includes('\\') || shard.includes('\0') || normalize(shard).startsWith('..')) throw new RuntimeError('R210', `the shard '${shard}' lies outside the index's folder`, { where });
}

const computeDtypes: Readonly<Partial<Record<StoredDType, DType>>> = { F32: 'f32', F16: 'f16', BF16: 'bf16', F8_E4M3: 'f8e4m3', I32: 'i32' };

/** The dtype kernels see a stored tensor as. Throws R212 for one they cannot compute with. */
export function computeDtype(tensor: StoredTensor): DType {
  const dtype = computeDtypes[tensor.dtype];
  if (dtype === undefined) throw new RuntimeError('R212', `the tensor is ${tensor.dtype}; kernels compute with ${Object.keys(computeDtypes).join(', ')}`, { where: `tensor '${tensor.name}'`, remedy: 'convert it' });
  return dtype;
}
