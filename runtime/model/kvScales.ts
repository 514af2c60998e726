import { allocLayer, type KvScales } from '../kvCache.js';
import { upload } from '../parallelComp/batch.js';
import { type Own, scope } from '../scope.js';
import { scalesText } from './kvScalesText.js';
import { ropeTable } from './rope.js';
import type { Tokenizer } from './tokenizer.js';
import { type Decoder, forward, workspace } from './transformer.js';

/** The largest number of 8 bits. */
const largest = 448;
/** How much larger than all that was seen a number may be before it saturates. Numbers are floating: room costs no accuracy but that of the smallest. */
const headroom = 2;
const mostRows = 1024;
const spread = 256;

/**
 * What one unit is worth for a KV head whose numbers reach `peak`: a power of two, so that nothing is rounded twice. 1 where there
 * is nothing to go by.
 */
export const scaleOf = (peak: number): number => (peak > 0 && Number.isFinite(peak) ? 2 ** Math.ceil(Math.log2((headroom * peak) / largest)) : 1);

/** What scales are measured on: a text of several kinds, then tokens from all over the vocabulary. Of documents they do not depend. */
export function scaleIds({ config }: Pick<Decoder, 'config'>, tokenizer: Pick<Tokenizer, 'encode' | 'bosId'>): readonly number[] {
  const begin = tokenizer.bosId === undefined ? [] : [tokenizer.bosId];
  const step = Math.max(1, Math.floor(config.vocabSize / spread));
  const everywhere = Array.from({ length: Math.min(spread, config.vocabSize) }, (_, i) => i * step);
  return [...begin, ...tokenizer.encode(scalesText).slice(0, mostRows - spread), ...everywhere].slice(0, Math.min(config.window, mostRows));
}

/** Scales of each layer and KV head from the largest K and V that a pass over `ids` makes. They are the caller's, by `own`. */
export async function measureScales(model: Decoder, ids: readonly number[], own: Own, signal?: AbortSignal): Promise<readonly KvScales[]> {
  const { device, config } = model;
  using work = scope();
  const g = config.numKvHeads;
  const peaks = work.own(device.alloc('f32', [2 * config.numLayers, g]));
  const peakOf = (i: number) => peaks.slice(i, i + 1).reshape([g]);
  const whole = allocLayer(device, config, model.dtype, ids.length, work.own);
  const parts = { ...upload(device, { offsets: [0, ids.length], last: [ids.length - 1] }, work.own), longest: ids.length };
  await forward(model, work.own(workspace(model, ids.length)), {
    ids, rope: work.own(ropeTable(device, config, 0, ids.length)), cache: () => whole, ahead: 2, signal,
    rows: {
      kind: 'encoded', parts,
      afterLayer: (l) => {
        device.launch('headPeaks', { x: whole.keys }, { out: peakOf(2 * l) });
        device.launch('headPeaks', { x: whole.values }, { out: peakOf(2 * l + 1) });
      },
    },
  });
  const scales = own(device.alloc('f32', [2 * config.numLayers, g]));
  device.write(scales, (await device.read(peaks)).map(scaleOf));
  const scaleAt = (i: number) => scales.slice(i, i + 1).reshape([g]);
  return Array.from({ length: config.numLayers }, (_, l) => ({ keys: scaleAt(2 * l), values: scaleAt(2 * l + 1) }));
}
