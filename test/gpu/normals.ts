import { Float16Array } from '@petamoriken/float16';
import type { DType } from '../../dsl/dtype.js';
import { uniform } from '../kit/values.js';

/** Standard normal numbers, element i out of (seed, i) alone (Box and Muller, 1958). */
export function normals(seed: number, count: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, i)));
    const angle = 2 * Math.PI * uniform(seed, i + 1);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** Numbers as the elements of a tensor, rounded to nearest even; bf16 and f16 as their bits. Finite numbers only. */
export function encoded(dtype: DType, numbers: Float32Array): Float32Array | Int32Array | Uint16Array {
  switch (dtype) {
    case 'f32': return numbers;
    case 'i32': return Int32Array.from(numbers);
    case 'bf16': return Uint16Array.from(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length), (b) => (b + 0x7fff + ((b >>> 16) & 1)) >>> 16);
    case 'f16': return new Uint16Array(Float16Array.from(numbers).buffer);
    default: return dtype satisfies never;
  }
}
