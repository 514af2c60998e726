import type { Dim, MapSlot } from './signature.js';

// What the copy engine of a GPU demands of memory that it copies boxes of: cuTensorMapEncodeTiled in the driver's manual.

/** Axes of a tensor map at most. */
export const mostDims = 5;
/** Where memory may begin, and a step along any axis but the innermost go, in bytes. */
const alignment = 16;
const mostLength = 2 ** 32;
const mostStep = 2 ** 40;
const mostInBox = 256;
/** Of a box, along the innermost axis: what it is swizzled by. */
const lineBytes = 128;

/** The length of a dimension, from lengths by axis and packed rows by axis. */
export const lengthOfDim = (dim: Dim | undefined, sizes: readonly number[], rows: readonly number[]): number => (dim === undefined ? undefined : (dim.kind === 'packed' ? rows : sizes)[dim.axis]) ?? 0;

/** A tensor in memory: lengths by axis, packed rows by axis, bytes of an element, and where in its block it begins, in bytes. */
export interface Layout { readonly sizes: readonly number[]; readonly rows: readonly number[]; readonly elementBytes: number; readonly offset: number }

/** Why boxes of a tensor cannot be copied, said of the tensor; undefined where they can. */
export function whyNotCopied({ dims, box }: MapSlot, { sizes, rows, elementBytes, offset }: Layout): string | undefined {
  if (dims.length < 1 || dims.length > mostDims) return `has ${dims.length} axes, not 1 to ${mostDims}`;
  if (offset % alignment !== 0) return `begins at byte ${offset} of its memory, not at a multiple of ${alignment}`;
  let bytes = elementBytes;
  for (let i = dims.length - 1; i >= 0; i--) {
    const length = lengthOfDim(dims[i], sizes, rows);
    const taken = box[i] ?? 0;
    if (length < 1 || length > mostLength) return `is ${length} long along an axis, not 1 to ${mostLength}`;
    if (taken < 1 || taken > mostInBox) return `is copied in boxes that are ${taken} long along an axis, not 1 to ${mostInBox}`;
    const line = taken * elementBytes;
    if (i === dims.length - 1 && (line > lineBytes || line % alignment !== 0)) return `is copied in boxes of ${line} bytes along the innermost axis, not a multiple of ${alignment} up to ${lineBytes}`;
    bytes *= length;
    if (i > 0 && bytes % alignment !== 0) return `has rows of ${bytes} bytes, not a multiple of ${alignment}`;
    if (i > 0 && bytes >= mostStep) return `has steps of ${bytes} bytes, not less than ${mostStep}`;
  }
  return undefined;
}
