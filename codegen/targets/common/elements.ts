import type { DType } from '../../../dsl/dtype.js';
import type { Axis } from '../../../dsl/expr.js';
import type { Emission } from '../../emit/emission.js';
import { floatLiteral } from '../../emit/literal.js';
import type { Fill, Param } from '../../tile/ir.js';

/** C++ element type in memory. */
export const memoryType: Readonly<Record<DType, string>> = { f32: 'float', f16: 'f16', bf16: 'bf16', f8e4m3: 'f8e4m3', i32: 'std::int32_t' };

/** C++ element type in a tile: everything but integers is a float. */
export const tileType = (dtype: DType): 'float' | 'int' => (dtype === 'i32' ? 'int' : 'float');

/** Whether an argument is the number itself. A result without axes is memory for one number. */
export const byValue = (p: Param): boolean => p.role === 'param' && p.order.length === 0;

/** Whether a tile promises rounder numbers than the floats that hold it. */
export const narrow = (dtype: DType): dtype is 'f16' | 'bf16' | 'f8e4m3' => dtype === 'f16' || dtype === 'bf16' || dtype === 'f8e4m3';

/** Whether a tile rounds what it takes from memory: every number of 8 bits is one of 16 bits as well. */
export const roundsLoaded = ({ dst, src }: { readonly dst: { readonly dtype: DType }; readonly src: { readonly dtype: DType } }): boolean =>
  narrow(dst.dtype) && dst.dtype !== src.dtype && src.dtype !== 'f8e4m3';

/** The position on the whole axis of an index in a window: `q0 + iq`; undefined when it is 0. */
export function positionOf(e: Emission, axis: Axis, index: string | undefined): string | undefined {
  const origin = e.origin(axis);
  return origin === undefined || index === undefined ? (index ?? origin) : `${origin} + ${index}`;
}

/** The number a fill writes; the empty maximum of integers is their least. */
export const fillText = (s: Fill): string =>
  tileType(s.dst.dtype) === 'int' ? (s.value === -Infinity ? 'INT32_MIN' : s.value === Infinity ? 'INT32_MAX' : String(s.value)) : floatLiteral(s.value);
