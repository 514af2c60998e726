import { RuntimeError } from '../error.js';
import { duplicateKey } from './duplicateKey.js';

/** Bits of one element, for every dtype the format knows. */
export const storedBits = {
  F64: 64, F32: 32, F16: 16, BF16: 16, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4, C64: 64,
  I64: 64, I32: 32, I16: 16, I8: 8, U64: 64, U32: 32, U16: 16, U8: 8, BOOL: 8,
} as const satisfies Record<string, number>;
export type StoredDType = keyof typeof storedBits;

/** Where one tensor lies: bytes [begin, end) of the data behind the header. */
export interface HeaderEntry { readonly name: string; readonly dtype: StoredDType; readonly shape: readonly number[]; readonly begin: number; readonly end: number }
export interface Header { readonly metadata: Readonly<Record<string, string>>; readonly entries: readonly HeaderEntry[] }

/** Above this the format's own reader refuses too. Bytes. */
export const maxHeaderBytes = 100_000_000;

/**
 * The length of the header from the first 8 bytes of a file of `fileBytes`. Throws R202 for a file too short to be one,
 * R203 for a length that no header can have.
 */
export function headerLength(first: Uint8Array, fileBytes: number, where: string): number {
  if (first.byteLength < 8) throw new RuntimeError('R202', `the file has ${fileBytes} bytes; a tensor file begins with the 8 bytes of its header's length`, { where });
  const length = new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true);
  if (length < 2n || length > BigInt(maxHeaderBytes)) throw new RuntimeError('R203', `the header claims ${length} bytes, it may have from 2 to ${maxHeaderBytes}`, { where, remedy: 'check that this is a safetensors file' });
  if (8n + length > BigInt(fileBytes)) throw new RuntimeError('R202', `the header claims ${length} bytes, the file has ${fileBytes - 8} behind its length`, { where, remedy: 'download the file again' });
  return Number(length);
}

/**
 * Reads a header whose data have `dataBytes`. Tensors must fill the data exactly: the format allows neither holes nor
 * overlaps. Throws R202, R204–R208.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, where: string): Header {
  const object = parseJson(bytes, where);
  const { __metadata__: metadata = {}, ...tensors } = object;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string')) throw new RuntimeError('R204', '__metadata__ must be an object of strings', { where });
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value, `${where}, tensor '${name}'`));
  checkCover(entries, dataBytes, where);
  // The line above the last showed that the values are strings.
  return { metadata: metadata as Record<string, string>, entries };
}

function parseJson(bytes: Uint8Array, where: string): Record<string, unknown> {
  const wrong = (what: string, cause?: unknown): RuntimeError => new RuntimeError('R204', what, { where, cause });
  // A header must begin with its object: a byte order mark or a space in front is refused as other readers refuse it.
  if (bytes[0] !== 0x7b) throw wrong('the header does not begin with {');
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw wrong('the header is not UTF-8', cause);
  }
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong(`the header is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new RuntimeError('R205', `the header has the key '${twice}' twice`, { where });
  if (!isRecord(value)) throw wrong('the header is not an object');
  return value;
}

function parseEntry(name: string, value: unknown, where: string): HeaderEntry {
  if (!isRecord(value)) throw new RuntimeError('R204', 'the entry is not an object', { where });
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(storedBits, dtype)) throw new RuntimeError('R206', `dtype ${JSON.stringify(dtype)} is unknown; there are ${Object.keys(storedBits).join(', ')}`, { where });
  if (!isCounts(shape)) throw new RuntimeError('R204', `shape ${JSON.stringify(shape)} is not a list of whole numbers from 0`, { where });
  if (!isCounts(offsets) || offsets.length !== 2) throw new RuntimeError('R204', `data_offsets ${JSON.stringify(offsets)} are not two whole numbers from 0`, { where });
  const [begin = 0, end = 0] = offsets;
  // hasOwn above showed it.
  const known = dtype as StoredDType;
  const bytes = storedBytes(known, shape);
  if (bytes === undefined || end - begin !== bytes) {
    throw new RuntimeError('R207', `${known} of shape [${shape.join(', ')}] takes ${bytes === undefined ? 'more than 2^53 or a broken number of' : bytes} bytes, data_offsets [${begin}, ${end}] give ${end - begin}`, { where });
  }
  return { name, dtype: known, shape, begin, end };
}

/** Bytes of a stored tensor; undefined where they are no whole number of bytes or more than 2^53. */
export function storedBytes(dtype: StoredDType, shape: readonly number[]): number | undefined {
  // Zero first: [2^40, 2^40, 0] is an empty tensor, not an overflow.
  if (shape.includes(0)) return 0;
  const bits = shape.reduce((product, n) => product * n, storedBits[dtype]);
  return bits <= Number.MAX_SAFE_INTEGER && bits % 8 === 0 ? bits / 8 : undefined;
}

/** Sorted by where they begin, each tensor must begin where the one before ends, and the last end with the data. */
function checkCover(entries: readonly HeaderEntry[], dataBytes: number, where: string): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of sorted) {
    if (end > dataBytes) throw new RuntimeError('R202', `tensor '${name}' ends at byte ${end} of the data, the file has ${dataBytes}`, { where, remedy: 'download the file again' });
    if (begin < reached) throw new RuntimeError('R208', `tensor '${name}' begins at byte ${begin} of the data, inside another one that ends at ${reached}`, { where });
    if (begin > reached) throw new RuntimeError('R208', `bytes ${reached} to ${begin} of the data, before tensor '${name}', belong to no tensor`, { where });
    reached = end;
  }
  if (reached !== dataBytes) throw new RuntimeError('R208', `the last ${dataBytes - reached} bytes of the file belong to no tensor`, { where });
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCounts = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0 && !Object.is(n, -0));
