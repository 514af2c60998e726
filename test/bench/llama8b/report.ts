/** Seconds and bytes of a model's way from its files to the device. `reading`: the share of their time in which the threads read, the rest of which they waited for copies or for work; undefined on a processor, which uses files where they lie. */
export interface LoadRow { readonly how: 'files not in memory' | 'files in memory' | 'reading alone'; readonly bytes: number; readonly seconds: number; readonly reading: number | undefined }

/** What the same GPU does at best, by PyTorch in the same run: operations of a bf16 product of 8192³, bytes read and written by a copy, bytes from pinned memory to the device; all per second. */
export interface Rates { readonly matmul: number; readonly copy: number; readonly upload: number }

/** Errors of logits against Hugging Face's in f32: the largest, and the root of the mean square; how often the likeliest token is the same, and where it is not, the largest margin it had. */
export interface LogitErrors { readonly largest: number; readonly rms: number; readonly sameBest: number; readonly margin: number }
/** `theirs`: Hugging Face's own bf16. `rounding`: of doing any arithmetic on a logit in bf16. */
export interface LogitsResult { readonly tokens: number; readonly rows: number; readonly scale: number; readonly ours: LogitErrors; readonly theirs: LogitErrors; readonly rounding: number }

/** How a document was read. */
export type Reader = 'ours' | 'ours, dense' | 'transformers, dense' | 'PyTorch ParallelComp' | 'PyTorch ParallelComp, eager';

/**
 * A question over a document. `first`: seconds to the first token; `encode`: the part of them that cut the text into tokens, 0 where
 * ids were given. `kept`: which chunks, in their order. `flops`: useful operations of reading. `step`: seconds of a token, `stepBytes` what it must read. `peak`:
 * bytes the device held at most, weights included, 0 where nothing was measured.
 */
export interface AskedRow {
  readonly kind: 'asked';
  readonly reader: Reader;
  readonly tokens: number;
  readonly chunks: number;
  readonly kept: readonly number[];
  readonly first: number;
  readonly encode: number;
  readonly flops: number;
  readonly step: number;
  readonly stepBytes: number;
  readonly peak: number;
  /** What the same GPU did at best in the same run, where that was measured before. */
  readonly rates?: Rates | undefined;
}
/** Why there is no figure. */
export interface FailedRow { readonly kind: 'failed'; readonly reader: Reader; readonly tokens: number; readonly why: string }
export type AskRow = AskedRow | FailedRow;

/** Chunks in flight together: seconds of reading and of a token, and the most the device held; or why not. */
export type FlightRow =
  | { readonly kind: 'read'; readonly inFlight: number; readonly evicts: boolean; readonly read: number; readonly step: number; readonly peak: number }
  | { readonly kind: 'failed'; readonly inFlight: number; readonly evicts: boolean; readonly why: string };

/** What the trace of one question says: seconds in which the device did nothing, in all and at once, and where. */
export interface TraceResult { readonly tokens: number; readonly read: number; readonly idle: number; readonly largest: number; readonly between: string }

/** Settings of the method in all runs. */
export interface Settings { readonly chunkTokens: number; readonly keepChunks: number; readonly capacity: number }

/** All that was measured in one run; sections that were not asked for are absent. */
export interface EightBReport {
  readonly date: string;
  readonly command: string;
  readonly device: string;
  readonly peers: string;
  readonly layers: number;
  readonly weightBytes: number;
  readonly settings: Settings;
  readonly written?: { readonly bytes: number; readonly seconds: number } | undefined;
  readonly load?: readonly LoadRow[] | undefined;
  readonly rates?: Rates | undefined;
  readonly logits?: LogitsResult | undefined;
  readonly asked?: readonly AskRow[] | undefined;
  readonly flights?: readonly FlightRow[] | undefined;
  readonly trace?: TraceResult | undefined;
}

/** A report with one more row. */
export const withRow = (r: EightBReport, row: AskRow | FlightRow): EightBReport => 
  ('inFlight' in row ? { ...r, flights: [...(r.flights ?? []), row] } : { ...r, asked: [...(r.asked ?? []), row.kind === 'asked' ? { ...row, rates: r.rates } : row] });

/** One report of several, of which later ones replace what earlier ones have too; rows of questions are kept from all. */
export function joined(reports: readonly EightBReport[]): EightBReport {
  const [first, ...others] = reports;
  if (first === undefined) throw new Error('there is no report to show');
  return others.reduce((all, next) => ({
    ...all, ...next, command: `${all.command}; ${next.command}`, asked: rowsOf(all, next), peers: next.peers === 'none' ? all.peers : next.peers,
    device: all.device.split('; ').includes(next.device) ? all.device : `${all.device}; ${next.device}`,
  }), first);
}

function rowsOf(all: EightBReport, next: EightBReport): EightBReport['asked'] {
  const again = (row: AskRow): boolean => (next.asked ?? []).some((other) => other.reader === row.reader && other.tokens === row.tokens);
  const rows = [...(all.asked ?? []).filter((row) => !again(row)), ...(next.asked ?? [])];
  return rows.length === 0 ? undefined : rows;
}
