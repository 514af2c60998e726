import { layerOf, allocCache } from '../../../runtime/kvCache.js';
import { ropeTable } from '../../../runtime/model/rope.js';
import { readTokenizer } from '../../../runtime/model/tokenizer.js';
import { forward, queueLogits, workspace } from '../../../runtime/model/transformer.js';
import { open } from '../../gpu/open.js';
import { checked, type Verdict } from '../../gpu/report.js';
import type { EightBOptions } from './options.js';
import { decoderOf, documentOf } from './ours.js';
import { onlyLine, python } from './python.js';
import type { LogitErrors, LogitsResult } from './report.js';

/** Every so many rows are compared, and the last one. */
const stride = 8;

/** Our scores of every token after many rows of a prompt, beside Hugging Face's on the same weights. Throws where peers.py says nothing. */
export async function logits(options: EightBOptions, tokens = options.quick ? 200 : 2000): Promise<LogitsResult> {
  const tokenizer = await readTokenizer(options.model);
  const text = await documentOf(options.model, tokenizer, tokens);
  const ids = [tokenizer.bosId ?? 0, ...tokenizer.encode(text)].slice(0, tokens);
  const rows = ids.map((_, i) => i).filter((i) => i % stride === stride - 1 || i === ids.length - 1);
  const ours = await logitsOf(options, ids, rows);
  const said = await python(options, 'logits', { model: options.model }, { ids: Uint8Array.from(new Uint8Array(Int32Array.from(ids).buffer)), rows: new Uint8Array(Int32Array.from(rows).buffer), logits: new Uint8Array(ours.buffer) });
  // What peers.py says it prints.
  return { tokens, rows: rows.length, ...(onlyLine(said) as Pick<LogitsResult, 'ours' | 'theirs' | 'rounding' | 'scale'>) };
}

/** All logits [rows, t] after the given rows. */
export async function logitsOf({ model: dir, device: kind }: Pick<EightBOptions, 'model' | 'device'>, ids: readonly number[], rows: readonly number[]): Promise<Float32Array> {
  await using device = open(kind);
  using model = await decoderOf(dir, device);
  const { vocabSize } = model.config;
  using ws = workspace(model, ids.length);
  using cache = allocCache(device, model.config, model.dtype, ids.length);
  using rope = ropeTable(device, model.config, 0, ids.length);
  const h = await forward(model, ws, { ids, rope, rows: { kind: 'sequence', first: 0, outputFrom: 0 }, cache: (l) => layerOf(cache, l) });
  using out = device.alloc('f32', [1, vocabSize]);
  const all = new Float32Array(rows.length * vocabSize);
  for (const [i, row] of rows.entries()) {
    queueLogits(model, ws, h.slice(row, row + 1), out);
    all.set(await device.read(out), i * vocabSize);
  }
  return all;
}

/** Twice what Hugging Face's own bf16 errs, and the rounding of a logit: the rule of every kernel's test. That the likeliest token is the same wherever it is ahead by twice as much follows. */
export function logitVerdicts({ ours, theirs, rounding }: LogitsResult): readonly Verdict[] {
  const within = (what: keyof Pick<LogitErrors, 'largest' | 'rms'>): Verdict => {
    const allowed = 2 * theirs[what] + (what === 'largest' ? rounding : 0);
    return checked(`logits, ${what} error`, ours[what] <= allowed, `${ours[what].toPrecision(3)}, allowed ${allowed.toPrecision(3)}`);
  };
  return [within('largest'), within('rms')];
}
