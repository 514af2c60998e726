import type { DeviceTensor } from '../device.js';
import type { Decoder } from './transformer.js';

/** −ln p of a target after each of some normed rows [q, e]: a pass over the vocabulary that stores no scores. */
export async function nllOf({ device, weights }: Decoder, h: DeviceTensor, targets: readonly number[]): Promise<Float32Array> {
  using target = device.alloc('i32', [targets.length]);
  device.write(target, Int32Array.from(targets));
  using out = device.alloc('f32', [targets.length]);
  device.launch('queryNll', { h, w: weights.head, target }, { out });
  return await device.read(out);
}
