import { titles } from '../gpuTable.js';
import { cell, commandOf, newest, ranOn, type ResultTable, rowOf } from './tables.js';

/** Works of each table that the README shows, by their names in the tables. */
export const shown = {
  attention: ['d128 B4 H16 4096 full', 'd128 B4 H16 4096 causal', 'd128 B1 H16 16384 causal', 'd128 B16 H32/8 8192 causal', 'd64 B4 H32 4096 causal', 'd256 B4 H16 4096 causal'],
  decode: ['d128 B1 H32/8 1 × 131072', 'd128 B8 H32/8 1 × 32768', 'd128 B1 H32/8 8 × 131072', 'd128 B1 H64/8 512 × 131072'],
  matmul: ['matmul 8192³, 8192 × 8192 × 8192', 'matmul down of Llama 3 8B, 8192 × 4096 × 14336', 'gate and up of Llama 3 8B, 8192 × 2 · 14336 × 4096', 'q and rope of Llama 3 8B, 8192 × 32 · 128 × 4096'],
  mods: ['causal, soft-cap 30', 'causal, ALiBi', 'window 1024', 'documents by ids', 'documents packed', 'prefix 1024'],
} as const;
const asked = [['ours', '131072'], ['ours', '1048576'], ['ours, dense', '131072'], ['transformers, dense', '131072'], ['PyTorch ParallelComp', '131072']] as const;
const flexAttention = 'FlexAttention';

/** The README's figures: Markdown made of the newest tables of test/bench/results, and what these lack by name. */
export function performance(tables: readonly ResultTable[]): string {
  const [attention, mods, decode, matmul] = [titles.attention, titles.mods, titles.decode, titles.matmul].map((title) => newest(tables, title));
  const questions = newest(tables, 'A question over a document');
  const [ofAttention, ofProducts] = [['cuDNN', 'FlashAttention-2', flexAttention, ...shareIn(attention, decode)], ['cuBLAS', 'eager PyTorch', 'torch.compile', ...shareIn(matmul)]];
  return [
    'Ours and its peers on the same card in the same run, on random data; behind each peer its time over ours, so that below 1 ours is slower ([all figures](test/bench/results)).\n',
    caption('**Attention** in TFLOP/s, few queries over a long cache in µs', attention, decode),
    table(['bf16', 'ours', ...ofAttention], [...works(attention, shown.attention, ofAttention, ''), ...works(decode, shown.decode, ofAttention, ' µs')]),
    ...(mods === undefined ? [] : [`${flexAttention}'s time over ours with the same mods, d128 B4 H16 4096: ${shown.mods.flatMap((mod) => modText(mods, mod)).join(', ')} (${ranOn(mods)}, ${link(mods)}).\n`]),
    caption('**Matrix products** in TFLOP/s, with what is fused into them', matmul),
    table(['bf16', 'ours', ...ofProducts], works(matmul, shown.matmul, ofProducts, '')),
    caption('**A question over a document**, Llama-3-8B\'s shapes with random weights, bf16', questions),
    table(['', 'tokens', 'first token, s', 'of the matmul rate', 'decode, ms/token', 'most memory'], asked.flatMap((key) => question(questions, key))),
    processor(tables), missing(mods, questions),
  ].join('\n').trimEnd();
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => `| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
const link = ({ file }: ResultTable): string => `[table](test/bench/results/${file})`;

/** The share of the run's own product of 8192³, where it was measured. */
const shareIn = (...from: readonly (ResultTable | undefined)[]): readonly string[] => ['of the matmul rate'].filter((column) => from.some((t) => t?.columns.includes(column)));

/** What is shown, and where it was measured and how: once where it is the same. */
function caption(what: string, ...from: readonly (ResultTable | undefined)[]): string {
  const all = from.flatMap((t) => (t === undefined ? [] : [t]));
  const once = (texts: readonly string[]): string => [...new Set(texts)].join('; ');
  return `${what}: ${once(all.map((t) => `${ranOn(t)}, ${link(t)}`))} (${once(all.map((t) => `\`${commandOf(t)}\``))})\n`;
}

/** What the tables do not have. */
function missing(mods: ResultTable | undefined, questions: ResultTable | undefined): string {
  const names = [...(mods === undefined ? [`${flexAttention}'s mods (soft-cap, ALiBi, window, documents, prefix)`] : []), ...asked.filter((key) => rowOf(questions, ...key) === undefined).map(([reader, tokens]) => `${reader} over ${tokens} tokens`)];
  return names.length === 0 ? '' : `Not measured yet: ${names.join('; ')}.`;
}

/** A figure without the spread behind it. */
const median = (figure: string | undefined): string => figure?.replace(/ \([^()]*…[^()]*\)/, '') ?? '';

function works(from: ResultTable | undefined, ids: readonly string[], peers: readonly string[], unit: string): readonly (readonly string[])[] {
  if (from === undefined) return [];
  return ids.flatMap((id) => {
    const row = rowOf(from, id);
    return row === undefined ? [] : [[id, `${median(cell(from, row, 'ours'))}${unit}`, ...peers.map((p) => cell(from, row, p) ?? '')]];
  });
}

/** `window 1024 1.31×`. */
function modText(mods: ResultTable, mod: string): readonly string[] {
  const found = cell(mods, rowOf(mods, `${mod}, d128 B4 H16 4096`), flexAttention);
  return found === undefined ? [] : [`${mod.replace('causal, ', '')} ${/\(([\d.]+×)\)/.exec(found)?.[1] ?? found}`];
}

function question(from: ResultTable | undefined, key: readonly string[]): readonly (readonly string[])[] {
  const row = rowOf(from, ...key);
  if (from === undefined || row === undefined) return [];
  return [[...key, ...['time to first token, s', 'useful FLOPs, of the matmul rate', 'decode, ms/token', 'most memory'].map((column) => cell(from, row, column) ?? '')]];
}

/** The processor in a sentence. */
function processor(tables: readonly ResultTable[]): string {
  const kernels = tables.filter((t) => t.columns[0] === 'kernel, f32').at(-1);
  if (kernels === undefined) return '';
  const reads = tables.find((t) => t.file === kernels.file && t.columns[0] === 'tokens');
  const share = (name: string): string => cell(kernels, rowOf(kernels, name), 'of peak') ?? 'not measured';
  const last = reads?.rows.at(-1);
  const reading = reads === undefined ? '' : `, reading ${last?.[0]} tokens with bookworm ${cell(reads, last, 'of peak')} (${cell(reads, last, 'tokens/s')} tokens/s in ${cell(reads, last, 'of it on the device')})`;
  return `**Processor**, of the peak of f32 multiply-adds in the same run: product 512³ ${share('matmul 512 × 512 × 512')}, causal attention over 2,048 keys ${share('causal attention, 2048 keys, 2 × 4 heads, d 128')}${reading}: ${kernels.says[0]?.split('. ', 1)[0]}, ${kernels.date}, ${link(kernels)} (\`npm run bench:cpu\`).`;
}
