import type { DeviceTensor, Recording } from './device.js';
import type { KvCache } from './kvCache.js';
import { allocChoice } from './model/choice.js';
import { ropeTable } from './model/rope.js';
import { queueStep, type StepInput, type StepMemory } from './model/step.js';
import { type Decoder, workspace } from './model/transformer.js';
import { type Own, owning } from './scope.js';
import { spanned } from './spans.js';

/** Where a sequence stands: its cache, how many rows of it are filled, and the next token's position. */
export interface Place { readonly cache: KvCache; readonly filled: number; readonly position: number }

/** Runs the model token by token behind a sequence. */
export interface Stepper extends Disposable {
  /** Appends a token, and resolves to the most likely one after it; ties to the lower id. */
  next(id: number): Promise<number>;
  /** Queues {@link next} of the most likely token that the last call resolves to, without waiting for it. */
  follow(): Promise<number>;
  /** Records the first step, as that would else do itself. */
  prepare(): void;
  /** Scores of every token after the last one appended. */
  scores(): Promise<Float32Array>;
}

/**
 * Up to `count` steps from a place on. Their launches are recorded: a step costs the host one write, one replay and one
 * read. A sequence that outgrows a recording gets another; see {@link longestOf}. The cache stays the caller's.
 */
export function stepper(model: Decoder, { cache, filled, position }: Place, count: number): Stepper {
  const { device } = model;
  return owning((own) => {
    const memory = stepMemory(model, position, count, own);
    // Each field begins at a multiple of 16 bytes, as tensors of their own would.
    const numbers = own(device.alloc('i32', [5, 4]));
    const field = (i: number, length: number) => numbers.slice(i, i + 1).reshape([4]).slice(0, length);
    const input: StepInput = { id: field(0, 1), angle: field(1, 1), row: field(2, 2), visible: field(3, 2), query: field(4, 2) };
    let recording: Recording | undefined;
    own({ [Symbol.dispose]: () => recording?.[Symbol.dispose]() });
    let [done, longest] = [0, 0];
    const recorded = (row: number): Recording => {
      if (recording !== undefined && row < longest) return recording;
      recording?.[Symbol.dispose]();
      longest = longestOf(row + 1, cache.rows);
      recording = spanned('queue', 'record a step', () => device.record(() => queueStep(model, memory, input, cache, longest)));
      return recording;
    };
    const queue = async (id: number | undefined): Promise<number> => {
      const row = filled + done;
      const step = recorded(row);
      const places = [done, 0, 0, 0, row, row + 1, 0, 0, 0, row + 1, 0, 0, 0, 1, 0, 0];
      if (id === undefined) {
        device.copy(input.id, memory.choice.best.reshape([1]));
        device.write(numbers.slice(1, 5), Int32Array.from(places));
      } else {
        device.write(numbers, Int32Array.of(id, 0, 0, 0, ...places));
      }
      done++;
      step.replay();
      const [best = 0] = await device.read(memory.choice.best);
      return best;
    };
    return {
      next: queue,
      follow: () => queue(undefined),
      prepare: () => { recorded(filled); },
      scores: async () => await device.read(memory.choice.logits),
    };
  });
}

const shortest = 256;

/**
 * How many rows a recording made for `visible` of them serves: the next power of two, or all of the cache. So there are few
 * recordings, and none shares its keys among many more blocks than they keep busy.
 */
export const longestOf = (visible: number, rows: number): number => Math.min(rows, Math.max(shortest, 2 ** Math.ceil(Math.log2(visible))));

function stepMemory(model: Decoder, position: number, count: number, own: Own): StepMemory {
  const { device, config, dtype } = model;
  const half = (): StepMemory['rope']['cos'] => own(device.alloc('f32', [1, config.headDim / 2]));
  const [qSize, kvSize] = [config.numHeads * config.headDim, config.numKvHeads * config.headDim];
  const projected = own(device.alloc(dtype, [qSize + 2 * kvSize]));
  const behind = (from: number, size: number): DeviceTensor => projected.slice(from, from + size).reshape([1, size]);
  return {
    ws: own(workspace(model, 1, behind(0, qSize))), angles: own(ropeTable(device, config, position, count)), rope: { cos: half(), sin: half() },
    projected: projected.reshape([1, qSize + 2 * kvSize]), key: behind(qSize, kvSize), value: behind(qSize + kvSize, kvSize), choice: own(allocChoice(model)),
  };
}
