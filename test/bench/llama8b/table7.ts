import { paperMix } from '../../../runtime/index.js';
import { decodeAhead } from '../../../runtime/decode.js';
import { encodeLong } from '../../../runtime/model/encodeLong.js';
import { readTokenizer } from '../../../runtime/model/tokenizer.js';
import type { Decoder } from '../../../runtime/model/transformer.js';
import { complete } from '../../../runtime/parallelComp/options.js';
import { parallelComp } from '../../../runtime/parallelComp/pipeline.js';
import { open } from '../../gpu/open.js';
import type { EightBOptions } from './options.js';
import { decoderOf, documentOf, question, settingsOf } from './ours.js';
import type { FlightRow } from './report.js';

const steps = 16;

/** The paper's Table 7 on one GPU: chunks in flight together, with eviction and without, up to what does not fit; `log` is told of each row as it comes. */
export async function table7(options: EightBOptions, log: (row: FlightRow) => void): Promise<void> {
  const { chunkTokens, keepChunks, capacity } = settingsOf(options.quick);
  const tokenizer = await readTokenizer(options.model);
  const context = await encodeLong(tokenizer, await documentOf(options.model, tokenizer, options.quick ? 4000 : 131_072));
  const asked = tokenizer.encode(question);
  for (const evicts of [true, false]) {
    for (const inFlight of options.quick ? [1, 2] : [1, 2, 4, 8, 12, 18]) {
      // Memory that one took must not be what the next one has: a device each.
      await using device = open(options.device);
      using model = await decoderOf(options.model, device);
      // Loads the kernels, and takes the memory that the rest takes again.
      await read(model, inFlight, evicts, context.slice(0, inFlight * chunkTokens));
      const row = await read(model, inFlight, evicts, context);
      log(row);
      if (row.kind === 'failed') break;
    }
  }

  async function read(model: Decoder, inFlight: number, evicts: boolean, context: readonly number[]): Promise<FlightRow> {
    try {
      const given = complete({ chunkTokens, keepChunks, capacity: evicts ? capacity : undefined, calibration: paperMix(model.config.numLayers) });
      const began = performance.now();
      const { state } = await parallelComp(model, { context: [context], question: asked, bosId: tokenizer.bosId, maxTokens: steps + 1 }, given, { inFlight: () => inFlight });
      const done = performance.now();
      for await (const _ of decodeAhead(model, state, steps + 1, [])) { /* all of them */ }
      return { kind: 'read', inFlight, evicts, read: (done - began) / 1000, step: (performance.now() - done) / 1000 / steps, peak: model.device.stats().peakBytes };
    } catch (e) {
      return { kind: 'failed', inFlight, evicts, why: e instanceof Error ? e.message : String(e) };
    }
  }
}
