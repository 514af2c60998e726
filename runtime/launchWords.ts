import type { BlockId } from './addon.js';
import type { DType } from '../dsl/dtype.js';
import { type Binding, dtypeOf, scratchBytes } from './binding.js';
import { lengthOfDim, mostDims } from './boxes.js';
import type { ArgSlot, VariantSlot } from './signature.js';

/** Doubles that one argument takes; see Note [Launch words] in launchWords.cc. */
export const wordsPerArg = 16;
const argI32 = 0;
const argF32 = 1;
const argRead = 2;
const argWrite = 3;
const argOffsets = 4;
const argWholeOffsets = 5;
const argReadMap = 6;
const argWriteMap = 7;

/** Dtypes as the driver numbers them; to it 8 bits are a whole number. */
const mapDtypes: Readonly<Record<DType, number>> = { f8e4m3: 0, i32: 3, f16: 6, f32: 7, bf16: 9 };

/** Writes one argument as the native side reads it. */
export function encode(words: Float64Array, at: number, b: Binding, arg: ArgSlot, variant: VariantSlot, scratch: readonly BlockId[]): void {
  const { index } = arg;
  switch (arg.kind) {
    case 'tensor': {
      const place = b.places[index];
      put(words, at, b.signature.tensors[index]?.isResult ? argWrite : argRead, place?.storage.block, place?.offset, b.byteLengths[index]);
      return;
    }
    case 'scratch': {
      const spec = variant.scratch[index];
      put(words, at, argWrite, scratch[index], 0, spec === undefined ? 0 : scratchBytes(b, spec));
      return;
    }
    case 'offsets': {
      const slot = b.signature.ragged[index];
      const place = b.offsets[index];
      if (slot === undefined) return;
      put(words, at, slot.isWhole ? argWholeOffsets : argOffsets, place?.storage.block, place?.offset, (b.sizes[slot.by] ?? 0) + 1);
      words[at + 4] = b.rows[slot.axis] ?? 0;
      words[at + 5] = b.sizes[slot.axis] ?? 0;
      return;
    }
    case 'scalar': put(words, at, b.signature.scalars[index]?.integral ? argI32 : argF32, b.scalars[index], 0, 0); return;
    case 'size': put(words, at, argI32, b.sizes[index], 0, 0); return;
    case 'map': {
      const place = b.places[index];
      put(words, at, b.signature.tensors[index]?.isResult ? argWriteMap : argReadMap, place?.storage.block, place?.offset, b.byteLengths[index]);
      words[at + 4] = mapDtypes[dtypeOf(b, index)];
      const rank = arg.dims.length;
      words[at + 5] = rank;
      for (let i = 0; i < mostDims; i++) {
        words[at + 6 + i] = i < rank ? lengthOfDim(arg.dims[rank - 1 - i], b.sizes, b.rows) : 0;
        words[at + 6 + mostDims + i] = i < rank ? (arg.box[rank - 1 - i] ?? 0) : 0;
      }
      return;
    }
    default: arg satisfies never;
  }
}

/** A missing part becomes NaN, which the native side refuses. */
function put(words: Float64Array, at: number, kind: number, first = Number.NaN, second = Number.NaN, third = Number.NaN): void {
  words[at] = kind;
  words[at + 1] = first;
  words[at + 2] = second;
  words[at + 3] = third;
}

/** Writes an i32 as an argument. */
export const encodeInteger = (words: Float64Array, at: number, value: number): void => put(words, at, argI32, value, 0, 0);
