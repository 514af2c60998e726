import type { Device, DeviceTensor } from '../device.js';
import { owning } from '../scope.js';
import type { Decoder } from './transformer.js';

/** Scores [1, t] of every token, and the id [1, 1] of the best. `rows` are the scores and what fills up the last of them, `place` and `value` [1, b] the best of each. */
export interface Choice extends Disposable {
  readonly logits: DeviceTensor<'f32'>;
  readonly best: DeviceTensor<'i32'>;
  readonly rows: DeviceTensor<'f32'>;
  readonly place: DeviceTensor<'i32'>;
  readonly value: DeviceTensor<'f32'>;
}

/** Scores that are searched by one block of a GPU: a vocabulary is some hundred times as long. */
const width = 1024;

/** Bytes of a choice among so many tokens. */
export const choiceBytes = (vocabSize: number): number => Math.ceil(vocabSize / width) * (4 * width + 8) + 4;

/** Memory for a choice. Behind the last score stands NaN, which comes after every number. */
export function allocChoice({ device, config: { vocabSize } }: Pick<Decoder, 'device' | 'config'>): Choice {
  return owning((own) => {
    const count = Math.ceil(vocabSize / width);
    const rows = own(device.alloc('f32', [count, width]));
    device.write(rows, new Float32Array(count * width).fill(Number.NaN));
    return {
      logits: rows.reshape([count * width]).slice(0, vocabSize).reshape([1, vocabSize]), best: own(device.alloc('i32', [1, 1])),
      rows, place: own(device.alloc('i32', [1, count])), value: own(device.alloc('f32', [1, count])),
    };
  });
}

/** Queues the choice of the best by the scores that are there; ties to the lower id. */
export function queueChoice(device: Device, { best, rows, place, value }: Choice): void {
  device.launch('bestOfRows', { x: rows }, { place, value });
  device.launch('bestRow', { value, place, width }, { out: best });
}
