import { Float16Array } from '@petamoriken/float16';
import { type DType, roundTo } from '../../dsl/dtype.js';
import { f8e4m3Byte, f8e4m3Value } from '../../dsl/f8e4m3.js';

/** Stored elements as float64. `bytes` are little-endian elements of `dtype`. */
export function widen(dtype: DType, bytes: Uint8Array): Float64Array {
  const own = Uint8Array.from(bytes).buffer;
  switch (dtype) {
    case 'f32': return Float64Array.from(new Float32Array(own));
    case 'i32': return Float64Array.from(new Int32Array(own));
    case 'f16': return Float64Array.from(new Float16Array(own));
    case 'bf16': return Float64Array.from(new Float32Array(Uint32Array.from(new Uint16Array(own), (b) => b << 16).buffer));
    case 'f8e4m3': return Float64Array.from(bytes, f8e4m3Value);
    default: return dtype satisfies never;
  }
}

/** Float64 values as elements of `dtype`, rounded to nearest even; bf16, f16 and f8e4m3 as their bits. */
export function narrow(dtype: DType, values: Float64Array): ArrayBufferView {
  switch (dtype) {
    case 'f32': return Float32Array.from(values);
    case 'i32': return Int32Array.from(values);
    case 'f16': return new Uint16Array(Float16Array.from(values).buffer as ArrayBuffer);
    case 'bf16': return Uint16Array.from(new Uint32Array(Float32Array.from(values, roundTo.bf16).buffer), (b) => b >>> 16);
    case 'f8e4m3': return Uint8Array.from(values, f8e4m3Byte);
    default: return dtype satisfies never;
  }
}
