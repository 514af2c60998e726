import type { Device, DeviceTensor } from '../device.js';
import type { Parts } from '../model/pass.js';
import type { Own } from '../scope.js';
import type { Chunk } from './chunking.js';
import type { ParallelCompOptions } from './options.js';

/**
 * Chunks that go through the model together: rows packed chunk by chunk, [chunk, question] each, at positions from 0.
 * Per chunk: `contexts` columns, BOS included, `rows` with the question, `outputs` last rows that the last layer computes,
 * and `stored` columns that may be kept.
 */
export interface BatchLayout {
  readonly question: readonly number[];
  readonly contexts: readonly number[];
  readonly rows: readonly number[];
  readonly outputs: readonly number[];
  readonly stored: readonly number[];
}

/** Columns whose pool window reaches the BOS: only they can gain a place when the BOS becomes a candidate. See Note [The leading chunk] in tokenEviction.ts. */
export const leadColumns = (options: Pick<ParallelCompOptions, 'pool'>, hasBos: boolean): number => (hasBos ? Math.floor(options.pool / 2) + 1 : 0);

/** Columns of a chunk that are stored until it is known which chunk leads. */
export const storedColumns = (context: number, options: Pick<ParallelCompOptions, 'capacity' | 'pool'>, hasBos: boolean): number =>
  Math.min(context, (options.capacity ?? context) + leadColumns(options, hasBos));

/** How some chunks with the question behind each are packed. */
export function layOut(chunks: readonly Chunk[], question: readonly number[], options: Pick<ParallelCompOptions, 'capacity' | 'pool' | 'observationRows'>, hasBos: boolean): BatchLayout {
  const contexts = chunks.map((chunk) => chunk.ids.length);
  const rows = contexts.map((context) => context + question.length);
  return {
    question, contexts, rows,
    // The question's tokens are predicted from the row before each.
    outputs: rows.map((n) => Math.min(n, Math.max(question.length + 1, options.observationRows))),
    stored: contexts.map((context) => storedColumns(context, options, hasBos)),
  };
}

/** Whether some chunk has more columns than `capacity`: the others then go the same way and lose nothing. */
export const mustEvict = ({ contexts }: Pick<BatchLayout, 'contexts'>, { capacity }: Pick<ParallelCompOptions, 'capacity'>): boolean =>
  capacity !== undefined && contexts.some((context) => context > capacity);

export const total = (lengths: readonly number[]): number => lengths.reduce((sum, n) => sum + n, 0);
/** Where each part begins, and the number of rows. */
export function prefixSums(lengths: readonly number[]): readonly number[] {
  let sum = 0;
  return [0, ...lengths.map((n) => (sum += n))];
}

/** A layout's numbers on the device: how rows, outputs and stored columns fall into chunks, and what the outputs are. */
export interface TailIndex {
  readonly rows: Parts;
  readonly outputs: Parts;
  readonly stored: Parts;
  readonly outputPositions: DeviceTensor;
  /** Outputs that predict the question's tokens, and these tokens, chunk by chunk. */
  readonly predicting: DeviceTensor;
  readonly targets: DeviceTensor;
}
/** Of a pass over all rows, whose positions in their chunks it needs, and which of them the outputs are. */
export interface BatchIndex extends TailIndex { readonly positions: DeviceTensor; readonly outputRows: DeviceTensor }
/** Of a pass over the outputs alone, behind stored contexts. */
export interface BehindIndex extends TailIndex { readonly contexts: Parts }

/** Chunks ready to be passed: their layout, the numbers that the device needs of it, and the ids of all rows. */
export interface PreparedBatch { readonly chunks: readonly Chunk[]; readonly layout: BatchLayout; readonly lists: Packed<'positions' | 'outputRows' | keyof ReturnType<typeof tailLists>>; readonly ids: Int32Array }

/** The host's part of a pass over all rows, which waits for nothing: it is done while the device works on what comes before. */
export function prepareBatch(chunks: readonly Chunk[], question: readonly number[], options: Pick<ParallelCompOptions, 'capacity' | 'pool' | 'observationRows'>, hasBos: boolean): PreparedBatch {
  const layout = layOut(chunks, question, options, hasBos);
  const { rows, outputs } = layout;
  const starts = prefixSums(rows);
  const lists = pack({
    ...tailLists(layout),
    positions: rows.flatMap((n) => sequence(0, n)),
    outputRows: rows.flatMap((n, c) => sequence((starts[c] ?? 0) + n - (outputs[c] ?? 0), (starts[c] ?? 0) + n)),
  });
  return { chunks, layout, lists, ids: Int32Array.from(chunks.flatMap((chunk) => [...chunk.ids, ...question])) };
}

/** Writes the numbers of a prepared pass, at once. */
export function uploadIndex(device: Device, { layout, lists }: Pick<PreparedBatch, 'layout' | 'lists'>, own: Own): BatchIndex {
  const on = uploadPacked(device, lists, own);
  return { ...tailIndex(on, layout), positions: on.positions, outputRows: on.outputRows };
}

/** Where the first of all outputs stands in its chunk. */
export const firstOutput = ({ rows, outputs }: Pick<BatchLayout, 'rows' | 'outputs'>): number => Math.min(...rows.map((n, c) => n - (outputs[c] ?? 0)));

/** Writes the numbers of a pass over the outputs, at once. Their positions count from that of the first one. */
export function uploadBehindIndex(device: Device, layout: BatchLayout, own: Own): BehindIndex {
  const { contexts } = layout;
  const [lists, first] = [tailLists(layout), firstOutput(layout)];
  const outputPositions = lists.outputPositions.map((position) => position - first);
  const on = upload(device, { ...lists, outputPositions, contextOffsets: prefixSums(contexts), lastContexts: lastOf(contexts) }, own);
  return { ...tailIndex(on, layout), contexts: { offsets: on.contextOffsets, last: on.lastContexts, longest: Math.max(...contexts) } };
}

function tailLists({ question, rows, outputs, stored }: BatchLayout) {
  const outputStarts = prefixSums(outputs);
  return {
    rowOffsets: prefixSums(rows), lastRows: lastOf(rows), outputOffsets: outputStarts, lastOutputs: lastOf(outputs), storedOffsets: prefixSums(stored), lastStored: lastOf(stored),
    outputPositions: rows.flatMap((n, c) => sequence(n - (outputs[c] ?? 0), n)),
    predicting: outputs.flatMap((n, c) => sequence((outputStarts[c] ?? 0) + n - 1 - question.length, (outputStarts[c] ?? 0) + n - 1)),
    targets: rows.flatMap(() => question),
  };
}

function tailIndex(on: Readonly<Record<keyof ReturnType<typeof tailLists>, DeviceTensor>>, { rows, outputs, stored }: BatchLayout): TailIndex {
  const parts = (offsets: DeviceTensor, last: DeviceTensor, lengths: readonly number[]): Parts => ({ offsets, last, longest: Math.max(...lengths) });
  return {
    rows: parts(on.rowOffsets, on.lastRows, rows), outputs: parts(on.outputOffsets, on.lastOutputs, outputs), stored: parts(on.storedOffsets, on.lastStored, stored),
    outputPositions: on.outputPositions, predicting: on.predicting, targets: on.targets,
  };
}

const sequence = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const lastOf = (lengths: readonly number[]): readonly number[] => prefixSums(lengths).slice(1).map((end) => end - 1);

/** Lists of i32 behind each other, and where each begins and ends. */
export interface Packed<K extends string> { readonly numbers: Int32Array; readonly places: Readonly<Record<K, readonly [from: number, to: number]>> }

function pack<const K extends string>(lists: Readonly<Record<K, readonly number[]>>): Packed<K> {
  // Object.entries forgets the names' type.
  const named = Object.entries<readonly number[]>(lists);
  const starts = prefixSums(named.map(([, list]) => list.length));
  const places = Object.fromEntries(named.map(([name], i) => [name, [starts[i] ?? 0, starts[i + 1] ?? 0] as const])) as Record<K, readonly [number, number]>;
  return { numbers: Int32Array.from(named.flatMap(([, list]) => list)), places };
}

/** Lists of i32 as views of one tensor, so that many small ones cost one copy. */
export const upload = <const K extends string>(device: Device, lists: Readonly<Record<K, readonly number[]>>, own: Own): Readonly<Record<K, DeviceTensor<'i32'>>> => uploadPacked(device, pack(lists), own);

function uploadPacked<K extends string>(device: Device, { numbers, places }: Packed<K>, own: Own): Readonly<Record<K, DeviceTensor<'i32'>>> {
  const all = own(device.alloc('i32', [numbers.length]));
  device.write(all, numbers);
  const views = Object.entries<readonly [number, number]>(places).map(([name, [from, to]]) => [name, all.slice(from, to)] as const);
  return Object.fromEntries(views) as Record<K, DeviceTensor<'i32'>>;
}
