import { setFloat16 } from '@petamoriken/float16';
import type { DType } from '../../dsl/dtype.js';
import { f8e4m3Byte } from '../../dsl/f8e4m3.js';
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

/** Finite numbers as the elements of a tensor, rounded to nearest even; bf16, f16 and f8e4m3 as their bits. */
export function encoded(dtype: DType, numbers: Float32Array): Float32Array | Int32Array | Uint16Array | Uint8Array {
  switch (dtype) {
    case 'f32': return numbers;
    case 'i32': return Int32Array.from(numbers);
    case 'bf16': return mapBits(numbers, (b) => (b + 0x7fff + ((b >>> 16) & 1)) >>> 16);
    case 'f16': return mapBits(numbers, f16Bits);
    case 'f8e4m3': return Uint8Array.from(numbers, f8e4m3Byte);
    default: return dtype satisfies never;
  }
}

/** A loop, because `Uint16Array.from` takes fifty times as long. */
function mapBits(numbers: Float32Array, f: (bits: number) => number): Uint16Array {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const out = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = f(bits[i] ?? 0);
  return out;
}

/** f32 bits to f16 bits. Numbers that f16 holds as normal ones need only their exponent moved; the others are rare. */
function f16Bits(b: number): number {
  const size = b & 0x7fffffff;
  if (size >= 0x38800000 && size < 0x47800000) return ((b >>> 16) & 0x8000) | ((size - 0x38000000 + 0xfff + ((b >>> 13) & 1)) >>> 13);
  const single = new DataView(new ArrayBuffer(4));
  single.setUint32(0, b);
  setFloat16(single, 0, single.getFloat32(0));
  return single.getUint16(0);
}
