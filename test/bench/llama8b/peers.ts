import { readConfig } from '../../../runtime/model/config.js';
import { encodeLong } from '../../../runtime/model/encodeLong.js';
import { readTokenizer } from '../../../runtime/model/tokenizer.js';
import { paperMix } from '../../../runtime/index.js';
import { passFlops } from '../flops.js';
import type { EightBOptions } from './options.js';
import { documentOf, question, settingsOf } from './ours.js';
import { onlyLine, python } from './python.js';
import type { AskRow, Rates, Reader } from './report.js';

/** What the GPU does at best, and which PyTorch says so. Throws where there is none. */
export const rates = async (options: EightBOptions): Promise<Rates & { readonly machine: string }> =>
  // What peers.py says it prints.
  onlyLine(await python(options, 'rates', {})) as unknown as Rates & { readonly machine: string };

/** Which peer reads documents up to which length: the dense one needs time and memory, the eager one time. */
const longest: Readonly<Record<Exclude<Reader, 'ours' | 'ours, dense'>, number>> = { 'transformers, dense': 262_144, 'PyTorch ParallelComp': 524_288, 'PyTorch ParallelComp, eager': 131_072 };

/** The peers over the same ids; `log` is told of each row as it comes. Throws where none of them reads anything. */
export async function peers(options: EightBOptions, log: (row: AskRow) => void): Promise<void> {
  const [config, tokenizer] = [await readConfig(options.model), await readTokenizer(options.model)];
  const { chunkTokens, keepChunks, capacity } = settingsOf(options.quick);
  const ids = await encodeLong(tokenizer, await documentOf(options.model, tokenizer, Math.max(1, ...options.lengths.filter((n) => n <= 524_288))));
  const asking = tokenizer.encode(question);
  const bytes = (list: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(list).buffer);
  const failures: string[] = [];
  let asked = 0;
  for (const reader of Object.keys(longest) as readonly (keyof typeof longest)[]) {
    const lengths = options.lengths.filter((n) => n <= longest[reader] && n <= ids.length + 64);
    if (lengths.length === 0) continue;
    const calibration = paperMix(config.numLayers).map(({ from, to, zone }) => [from, to, zone]);
    const settings = { model: options.model, lengths, chunkTokens, keepChunks, capacity, calibration, observationRows: 8, pool: 7, attention: reader.endsWith('eager') ? 'eager' : 'sdpa' };
    const told = new Set<number>();
    const said = await python(options, reader === 'transformers, dense' ? 'dense' : 'parallelcomp', settings, { ids: bytes(ids), question: bytes(asking) }, (line) => {
      const row = rowOf(reader, line);
      told.add(row.tokens);
      if (row.kind === 'asked') asked++;
      log(row);
    });
    const why = said.kind === 'failed' ? said.why : said.ended ?? 'peers.py ended before';
    for (const tokens of lengths.filter((n) => !told.has(n))) log({ kind: 'failed', reader, tokens, why });
    if (said.kind === 'failed') failures.push(said.why);
  }
  if (asked === 0) throw new Error(failures[0] ?? 'no peer could read any of the lengths');

  function rowOf(reader: Reader, line: Readonly<Record<string, unknown>>): AskRow {
    const number = (name: string): number => (typeof line[name] === 'number' ? line[name] : Number.NaN);
    const tokens = number('tokens');
    if (typeof line['why'] === 'string') return { kind: 'failed', reader, tokens, why: line['why'] };
    const chunks = reader === 'transformers, dense' ? 0 : Math.ceil(tokens / chunkTokens);
    const lengthsOf = chunks === 0 ? [tokens] : Array.from({ length: chunks }, () => 1 + tokens / chunks + asking.length);
    return { kind: 'asked', reader, tokens, chunks, kept: Array.isArray(line['kept']) ? line['kept'].map(Number) : [], first: number('first'), encode: 0, flops: lengthsOf.reduce((n, r) => n + passFlops(config, r, asking.length), 0), step: number('step'), stepBytes: 0, peak: number('peak') };
  }
}
