/**
 * What each runtime code means, in one line. R0xx the addon and devices, R1xx launches, R2xx tensor files;
 * R3xx and above belong to models and commands, which bring their own codes.
 */
export const deviceCodes = {
  R001: 'the native addon is missing or does not load',
  R010: 'an argument of the wrong kind or out of range',
  R011: 'a tensor was used after it was disposed',
  R012: 'a tensor of another device',
  R013: 'an impossible shape, slice or reshape',
  R014: 'not enough memory',
  R015: 'host data and tensor differ in dtype or size',
  R016: 'a device was used after it was closed',
  R017: 'work was dropped by cancel()',
  R018: 'work failed on the device',
  R019: 'a write to read-only memory',
  R020: 'there is no GPU that can be used',
  R021: 'the GPU driver is too old',
  R022: 'a call to the GPU driver failed',
  R023: 'the GPU device was lost by an earlier failure',
  R101: 'no such kernel in the manifest',
  R102: 'an argument is missing or unknown',
  R103: 'a tensor where a number belongs, or a number where a tensor belongs',
  R104: 'wrong dtype',
  R105: 'wrong number of dimensions',
  R106: 'tensors disagree about the length of an axis',
  R107: 'no variant for these dtypes and sizes',
  R108: 'the length of an axis is not known',
  R109: 'a scalar its type cannot hold',
  R110: 'offsets of a ragged axis are wrong',
  R111: 'a result shares memory with another argument',
  R112: 'the kernel has not been built',
  R113: 'a kernel library does not load',
  R114: 'a kernel does not fit the GPU',
  R201: 'a file cannot be opened or mapped',
  R202: 'a tensor file ends early',
  R203: 'a tensor file has an impossible header length',
  R204: 'the header of a tensor file is not what the format demands',
  R205: 'the header of a tensor file has a key twice',
  R206: 'an unknown dtype in a tensor file',
  R207: 'shape and bytes of a stored tensor disagree',
  R208: 'stored tensors overlap, leave a hole or lie outside the file',
  R209: 'a shard index is not what the format demands',
  R210: 'a shard is missing or lies outside its folder',
  R211: 'a tensor is missing',
  R212: 'a stored dtype the runtime cannot compute with',
} as const satisfies Record<`R${number}`, string>;

/** R and three digits; stable across releases. */
export type RuntimeCode = `R${number}`;

/** What a message of {@link RuntimeError} is put together from. */
export interface ErrorDetails {
  /** Where it happened: a file, a kernel and its argument. */
  readonly where?: string;
  /** The one thing to do about it, as an imperative. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A failure of the runtime. The message reads `where: what; remedy`, and the parts stand beside it. */
export class RuntimeError extends Error {
  readonly code: RuntimeCode;
  readonly what: string;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  constructor(code: RuntimeCode, what: string, details: ErrorDetails = {}) {
    const place = details.where === undefined ? '' : `${details.where}: `;
    const advice = details.remedy === undefined ? '' : `; ${details.remedy}`;
    super(`${place}${what}${advice}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RuntimeError';
    this.code = code;
    this.what = what;
    this.where = details.where;
    this.remedy = details.remedy;
  }
}
