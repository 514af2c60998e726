import { type DType, dtypeBytes } from '../../dsl/dtype.js';
import { RuntimeError } from '../error.js';
import type { StoredDType } from './safetensorsHeader.js';

/** A tensor to be stored; `data` are its elements in memory order, bf16, f16 and f8e4m3 as their bits. */
export interface TensorToStore { readonly dtype: DType; readonly shape: readonly number[]; readonly data: ArrayBufferView }

const storedAs: Readonly<Record<DType, StoredDType>> = { f32: 'F32', f16: 'F16', bf16: 'BF16', f8e4m3: 'F8_E4M3', i32: 'I32' };

/**
 * The bytes of a safetensors file. The same tensors give the same bytes whatever their order: wider elements come first,
 * so that each is aligned, then names decide. Throws R207 where data and shape disagree, R204 for the name the format keeps to itself.
 */
export function encodeSafetensors(tensors: Readonly<Record<string, TensorToStore>>, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const sorted = Object.entries(tensors).sort(([a, x], [b, y]) => dtypeBytes[y.dtype] - dtypeBytes[x.dtype] || (a < b ? -1 : 1));
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    check(name, dtype, shape, data);
    entries.push([name, { dtype: storedAs[dtype], shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const file = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  let at = start;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function check(name: string, dtype: DType, shape: readonly number[], data: ArrayBufferView): void {
  const where = `tensor '${name}'`;
  if (name === '__metadata__') throw new RuntimeError('R204', 'the format keeps this name for itself', { where });
  const bytes = shape.reduce((product, n) => product * n, dtypeBytes[dtype]);
  if (data.byteLength !== bytes) throw new RuntimeError('R207', `${dtype} of shape [${shape.join(', ')}] takes ${bytes} bytes, the data have ${data.byteLength}`, { where });
}
