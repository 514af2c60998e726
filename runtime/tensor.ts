import { type DType, dtypeBytes } from '../dsl/dtype.js';
import type { BlockId } from './addon.js';
import type { DeviceTensor } from './device.js';
import { RuntimeError } from './error.js';

/** A block of one device and the right to free it. */
export interface Storage {
  /** Which device: compared by identity. */
  readonly device: object;
  readonly block: BlockId;
  free(): void;
}

const inside: unique symbol = Symbol('memory');

/** Where a tensor lies: byte `offset` of a block. */
export interface Place { readonly storage: Storage; readonly offset: number }
/** A tensor as its device sees it. */
export interface MemoryTensor<D extends DType = DType> extends DeviceTensor<D> {
  readonly [inside]: Place & { readonly life: Life };
}
/** A view lives while it and every owner above it live. */
interface Life { disposed: boolean; readonly owner: Life | undefined }

/** Number of elements. Throws R013 for a length that is not a whole number, and for more than 2^53 elements. */
export function elements(shape: readonly number[]): number {
  let count = 1;
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) throw new RuntimeError('R013', `shape [${shape.join(', ')}]: lengths must be whole numbers from 0`);
    count *= length;
  }
  if (count > Number.MAX_SAFE_INTEGER) throw new RuntimeError('R013', `shape [${shape.join(', ')}] has more than 2^53 elements`);
  return count;
}

/** The tensor that owns `storage`; disposing it frees the storage. */
export function ownerTensor<D extends DType>(storage: Storage, dtype: D, shape: readonly number[]): MemoryTensor<D> {
  return tensor(storage, dtype, [...shape], 0, { disposed: false, owner: undefined });
}

function tensor<D extends DType>(storage: Storage, dtype: D, shape: readonly number[], offset: number, life: Life): MemoryTensor<D> {
  const byteLength = elements(shape) * dtypeBytes[dtype];
  const view = (to: readonly number[], at: number): MemoryTensor<D> => tensor(storage, dtype, to, at, { disposed: false, owner: life });
  return {
    dtype, shape, byteLength,
    [inside]: { storage, offset, life },
    slice(from, to) {
      alive(life);
      const [rows, ...rest] = shape;
      if (rows === undefined) throw new RuntimeError('R013', 'a tensor without axes has no rows to slice');
      if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from || to > rows) throw new RuntimeError('R013', `slice(${from}, ${to}) of a tensor of ${rows} rows`);
      return view([to - from, ...rest], offset + from * elements(rest) * dtypeBytes[dtype]);
    },
    reshape(to) {
      alive(life);
      if (elements(to) * dtypeBytes[dtype] !== byteLength) throw new RuntimeError('R013', `reshape from [${shape.join(', ')}] to [${to.join(', ')}]: the number of elements differs`);
      return view([...to], offset);
    },
    [Symbol.dispose]() {
      if (life.disposed) return;
      life.disposed = true;
      if (life.owner === undefined) storage.free();
    },
  };
}

/** Throws R011 where the tensor, or one it is a view of, was disposed. */
function alive(life: Life): void {
  for (let l: Life | undefined = life; l !== undefined; l = l.owner) {
    if (l.disposed) throw new RuntimeError('R011', life.disposed ? 'the tensor was disposed' : 'the tensor this is a view of was disposed');
  }
}

/** Where a tensor lies on `device`. Throws R011 after dispose, R012 for a tensor of another device, R010 for no tensor at all. */
export function placeOf(value: DeviceTensor, device: object): Place {
  if (!isMemoryTensor(value)) throw new RuntimeError('R010', 'not a tensor of this runtime');
  const place = value[inside];
  alive(place.life);
  if (place.storage.device !== device) throw new RuntimeError('R012', 'the tensor belongs to another device', { remedy: 'read it there and write it here' });
  return place;
}

/** Also true of no object at all: callers need not be typed. */
const isMemoryTensor = (value: unknown): value is MemoryTensor => typeof value === 'object' && value !== null && inside in value;
