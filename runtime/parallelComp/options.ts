import { RuntimeError } from '../error.js';

/** Where in a chunk calibration looks: the first `edge` columns, the last, or strictly between. */
export type Zone = 'sink' | 'recent' | 'middle';
/** Layers `from … to`, both included, counted from 0, in which one zone is calibrated. */
export interface ZoneRange { readonly from: number; readonly to: number; readonly zone: Zone }

/** Every choice of the method; the defaults are those of {@link defaults}. */
export interface ParallelCompOptions {
  /** How many chunks are kept. */
  readonly keepChunks: number;
  /** Context tokens kept per chunk, layer and KV head; undefined: all of them. */
  readonly capacity: number | undefined;
  /** Last rows of a chunk's pass that judge its tokens. */
  readonly observationRows: number;
  /** Width of the max pool over token scores. */
  readonly pool: number;
  /** How the query heads of a group share one token score; `mean` chooses what `sum` chooses. */
  readonly group: 'sum' | 'mean' | 'max';
  readonly calibration: readonly ZoneRange[];
  /** Probability above which calibration excludes a key. */
  readonly threshold: number;
  /** Width of the sink and recent zones. */
  readonly edge: number;
  /** Context tokens of a chunk, BOS apart; undefined: what the window leaves beside the question and the answer. */
  readonly chunkTokens: number | undefined;
  /** `even`: ⌈N / size⌉ pieces whose lengths differ by at most one. `fixed`: pieces of that size and a remainder. */
  readonly chunkCut: 'even' | 'fixed';
  /** Whether the question begins with a BOS too, as in the paper's Llama runs. */
  readonly queryBos: boolean;
}

/** What is done where nothing is said. */
export const defaults: ParallelCompOptions = {
  keepChunks: 3, capacity: undefined, observationRows: 8, pool: 7, group: 'sum', calibration: [], threshold: 0.1, edge: 100, chunkTokens: undefined, chunkCut: 'even', queryBos: false,
};

/** Some of the options; undefined leaves the default. */
export type GivenOptions = { readonly [K in keyof ParallelCompOptions]?: ParallelCompOptions[K] | undefined };

/** The given options over the defaults. Throws R403 for one out of range. */
export function complete(given: GivenOptions): ParallelCompOptions {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: ParallelCompOptions = { ...defaults, ...set };
  whole('keepChunks', options.keepChunks, 'keep at least one chunk');
  if (options.capacity !== undefined) whole('capacity', options.capacity, 'keep at least one token per chunk, or leave capacity out to keep all');
  whole('observationRows', options.observationRows, 'let at least one row judge the tokens');
  whole('pool', options.pool, 'use 1 for no pooling');
  if (options.chunkTokens !== undefined) whole('chunkTokens', options.chunkTokens, 'leave it out to use what the window allows');
  if (!(options.threshold > 0 && options.threshold <= 1)) throw outOfRange('threshold', options.threshold, 'a probability above 0 and up to 1', 'use 0.1, the default');
  if (!Number.isInteger(options.edge) || options.edge < 0) throw outOfRange('edge', options.edge, 'a whole number from 0', 'use 100, the default');
  return options;
}

function whole(name: string, value: number, remedy: string): void {
  if (!Number.isInteger(value) || value < 1) throw outOfRange(name, value, 'a whole number from 1', remedy);
}

/** An option whose value cannot be used. */
export const outOfRange = (name: string, value: unknown, needed: string, remedy: string): RuntimeError =>
  new RuntimeError('R403', `${name} is ${String(value)}, it must be ${needed}`, { remedy });
