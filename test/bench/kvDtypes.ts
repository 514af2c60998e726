// `node build/ts/test/bench/kvDtypes.js [model]`: how far logits move when K and V are stored in fewer bits. A novel is read up to some
// tokens, the next ones are given one by one, and every step's scores are compared with those of K and V in f32.
import { readFileSync } from 'node:fs';
import { examplePath } from '../../examples/haystack.js';
import { decode, readPrompt } from '../../runtime/decode.js';
import { kvDtype, type KvScales } from '../../runtime/kvCache.js';
import { openCpuDevice } from '../../runtime/load.js';
import { readConfig } from '../../runtime/model/config.js';
import { measureScales, scaleIds } from '../../runtime/model/kvScales.js';
import { openCheckpoint } from '../../runtime/model/safetensors.js';
import { readTokenizer } from '../../runtime/model/tokenizer.js';
import type { Decoder } from '../../runtime/model/transformer.js';
import { loadWeights } from '../../runtime/model/weights.js';
import { scope } from '../../runtime/scope.js';

const dir = process.argv[2] ?? examplePath('bookworm');
const [steps, texts] = [48, 4];
const lengths = [64, 256, 900];

await using device = openCpuDevice();
using owned = scope();
const config = await readConfig(dir);
const tokenizer = await readTokenizer(dir, { bosId: config.bosId });
const checkpoint = openCheckpoint(dir);
const load = async (dtype: 'f32' | 'bf16'): Promise<Decoder> => ({ config, device, dtype, weights: owned.own(await loadWeights(device, config, (name) => checkpoint.get(name), dtype)) });
const [whole, half] = [await load('f32'), await load('bf16')];
const measured = async (model: Decoder): Promise<readonly KvScales[]> => await measureScales(model, scaleIds(model, tokenizer), owned.own);
const ones = owned.own(device.alloc('f32', [config.numKvHeads]));
device.write(ones, new Float32Array(config.numKvHeads).fill(1));
const models: readonly (readonly [name: string, model: Decoder])[] = [
  ['f32, K and V in f8e4m3', { ...whole, kvScales: await measured(whole) }],
  ['f32, K and V in f8e4m3, all scales 1', { ...whole, kvScales: Array.from({ length: config.numLayers }, () => ({ keys: ones, values: ones })) }],
  ['bf16', half],
  ['bf16, K and V in f8e4m3', { ...half, kvScales: await measured(half) }],
];

const novel = tokenizer.encode(readFileSync(examplePath('texts/pride-and-prejudice.txt'), 'utf8'));
const textOf = (i: number, length: number): readonly number[] => {
  const begin = Math.floor((i * novel.length) / texts);
  return [...(tokenizer.bosId === undefined ? [] : [tokenizer.bosId]), ...novel.slice(begin, begin + length + steps)];
};

/** The scores behind each of the last tokens of a text, and what the text's own next token costs. */
async function scoresOf(model: Decoder, text: readonly number[]): Promise<readonly Float32Array[]> {
  const given = text.slice(-steps);
  const state = await readPrompt(model, text.slice(0, -steps), steps);
  const scores: Float32Array[] = [];
  for await (const step of decode(model, state, steps, [], undefined, (_, place) => given[place] ?? 0)) scores.push(Float32Array.from(await step.scores()));
  return scores;
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const logShares = (logits: Float32Array): Float64Array => {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const log = most + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - most), 0));
  return Float64Array.from(logits, (x) => x - log);
};
const best = (logits: Float32Array): number => logits.reduce((at, x, i) => (x > (logits[at] ?? 0) ? i : at), 0);
/** Standard deviation: what a softmax takes no notice of is not counted. */
const spread = (xs: ArrayLike<number>): number => {
  const all = Array.from(xs);
  const middle = mean(all);
  return Math.sqrt(mean(all.map((x) => (x - middle) ** 2)));
};

function compared(got: readonly Float32Array[], want: readonly Float32Array[], next: readonly number[]) {
  const rows = want.map((w, i) => {
    const g = got[i] ?? w;
    const [p, q] = [logShares(w), logShares(g)];
    return {
      rms: spread(g.map((x, j) => x - (w[j] ?? 0))) / spread(w), divergence: p.reduce((sum, x, j) => sum + Math.exp(x) * (x - (q[j] ?? 0)), 0), same: best(w) === best(g) ? 1 : 0,
      nll: -(q[next[i] ?? 0] ?? 0), exact: -(p[next[i] ?? 0] ?? 0),
    };
  });
  return { rms: Math.sqrt(mean(rows.map((r) => r.rms ** 2))), divergence: mean(rows.map((r) => r.divergence)), same: mean(rows.map((r) => r.same)), nll: mean(rows.map((r) => r.nll)), exact: mean(rows.map((r) => r.exact)) };
}

const table = [];
for (const length of lengths) {
  const all = Array.from({ length: texts }, (_, i) => textOf(i, length));
  const want = await Promise.all(all.map(async (text) => await scoresOf(whole, text)));
  for (const [name, model] of models) {
    const parts = await Promise.all(all.map(async (text, i) => compared(await scoresOf(model, text), want[i] ?? [], text.slice(-steps))));
    const of = (key: keyof (typeof parts)[number]): number => mean(parts.map((p) => p[key]));
    table.push({ 'tokens read': length, model: name, 'bytes of K and V per token': 2 * config.numLayers * config.numKvHeads * config.headDim * { f32: 4, bf16: 2, f8e4m3: 1 }[kvDtype(model)], 'logits off, rms over spread': of('rms').toFixed(4), 'KL divergence': of('divergence').toExponential(1), 'same best token': `${(100 * of('same')).toFixed(1)} %`, perplexity: Math.exp(of('nll')).toFixed(2), 'with f32': Math.exp(of('exact')).toFixed(2) });
  }
}
console.log(`${dir.split('/').at(-1)} on ${device.description}; ${texts} places of a novel, ${steps} tokens each`);
console.table(table);
