// `node build/ts/test/bench/llama8b/table.js REPORT.json… [--out FOLDER]`: the table of one or several runs' results; with --out also written there, dated.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineThrough } from './fit.js';
import { type AskedRow, type AskRow, type EightBReport, type FlightRow, joined, type LogitErrors, type Reader } from './report.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => `| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const isAsked = (row: AskRow): row is AskedRow => row.kind === 'asked';

/** A report as Markdown. */
export function markdown(r: EightBReport): string {
  const { chunkTokens, keepChunks, capacity } = r.settings;
  return [
    `# Llama-3-8B's shapes, ${r.date}\n`,
    `${r.device}. Peers: ${r.peers}. ${r.layers} layers, random weights of ${gib(r.weightBytes)} in bf16; chunks of ${chunkTokens} tokens, ${keepChunks} kept, capacity ${capacity}, calibration as in the paper.`,
    r.rates === undefined ? '' : `The same GPU in the same run, by PyTorch: ${(r.rates.matmul / 1e12).toFixed(0)} TFLOP/s of a bf16 product of 8192³, ${(r.rates.copy / 1e12).toFixed(2)} TB/s read and written by a copy, ${(r.rates.upload / 1e9).toFixed(1)} GB/s from pinned memory.`,
    `\`${r.command}\`\n`,
    ...[loaded(r), logits(r), asked(r), flights(r), traced(r)].filter((part) => part !== ''),
  ].filter((part) => part !== '').join('\n');
}

function loaded({ load, written }: EightBReport): string {
  if (load === undefined) return '';
  const rows = load.map(({ how, bytes, seconds, reading }) => [how === 'reading alone' ? 'files in memory, read alone' : how, seconds.toFixed(2), (bytes / seconds / 1e9).toFixed(2), reading === undefined ? '' : `${(100 * reading).toFixed(0)} %`]);
  return `## From files to the device\n\n${table(['', 's', 'GB/s', 'threads read for'], [...(written === undefined ? [] : [['written before', written.seconds.toFixed(2), (written.bytes / written.seconds / 1e9).toFixed(2), '']]), ...rows])}`;
}

function logits({ logits: l }: EightBReport): string {
  if (l === undefined) return '';
  const row = (who: string, e: LogitErrors): readonly string[] => [who, e.largest.toPrecision(3), e.rms.toPrecision(3), `${(100 * e.sameBest).toFixed(1)} %`, e.margin.toPrecision(2)];
  return `## Logits\n\n${l.rows} rows of a prompt of ${l.tokens} tokens against Hugging Face transformers in f32 on the same weights; logits have a deviation of ${l.scale.toFixed(2)}.\nAllowed is twice the error of transformers' own bf16 and ${l.rounding.toPrecision(2)} of rounding.\n\n${table(['in bf16', 'largest error', 'root of the mean square', 'same likeliest token', 'margin it had where not'], [row('ours', l.ours), row('transformers', l.theirs)])}`;
}

const order: readonly Reader[] = ['ours', 'ours, dense', 'transformers, dense', 'PyTorch ParallelComp', 'PyTorch ParallelComp, eager'];

function asked(r: EightBReport): string {
  const rows = [...(r.asked ?? [])].sort((a, b) => order.indexOf(a.reader) - order.indexOf(b.reader) || a.tokens - b.tokens);
  if (rows.length === 0) return '';
  const share = (x: number, of: number | undefined): string => (of === undefined || Number.isNaN(x / of) ? '' : (x / of).toFixed(2));
  const lines = rows.map((row) => (row.kind === 'failed' ? [row.reader, String(row.tokens), row.why.slice(0, 120), '', '', '', '', '', ''] : [
    row.reader, String(row.tokens), row.first.toFixed(2), row.encode > 0 ? row.encode.toFixed(2) : '', String(Math.round(row.tokens / row.first)), share(row.flops / row.first, (row.rates ?? r.rates)?.matmul),
    (1000 * row.step).toFixed(2), row.stepBytes > 0 ? share(row.step * ((row.rates ?? r.rates)?.copy ?? Number.NaN), row.stepBytes) : '', row.peak > 0 ? `${gib(row.peak)}${row.reader === 'ours' ? ` (weights + ${gib(row.peak - r.weightBytes)})` : ''}` : '',
  ]));
  const head = ['', 'tokens', 'time to first token, s', 'of it cutting text, s', 'tokens/s', 'useful FLOPs, of the matmul rate', 'decode, ms/token', 'of one read of weights and cache', 'most memory'];
  return `## A question over a document\n\nOurs are given text, the peers ids. Useful are the operations that the method needs: projections, visible scores and values, logits of the question.\nMost memory is what our pool and PyTorch's allocator took from the driver, weights included, the driver's own apart.\n\n${table(head, lines)}\n${fits(rows)}${versus(rows)}`;
}

/** Time that is linear in the length and memory that does not know it, where there are lengths enough to see. */
function fits(rows: readonly AskRow[]): string {
  const ours = rows.filter(isAsked).filter((row) => row.reader === 'ours');
  if (ours.length < 3) return '';
  const { fixed, slope, off } = lineThrough(ours.map((row) => [row.tokens, row.first]));
  const peaks = ours.slice(1).map((row) => row.peak);
  return `Time to first token of ours: ${fixed.toFixed(2)} s + ${(1e6 * slope).toFixed(2)} s per million tokens; no length is more than ${(100 * off).toFixed(1)} % off. Most memory from ${ours[1]?.tokens} tokens on: ${gib(Math.min(...peaks))} to ${gib(Math.max(...peaks))}.\n`;
}

function versus(rows: readonly AskRow[]): string {
  const at = (reader: Reader, tokens: number): AskedRow | undefined => rows.filter(isAsked).find((row) => row.reader === reader && Math.abs(row.tokens - tokens) < tokens / 50);
  const lines = rows.filter(isAsked).filter((row) => row.reader === 'ours').flatMap((own) => order.slice(1).flatMap((reader) => {
    const other = at(reader, own.tokens);
    return other === undefined ? [] : [[String(own.tokens), reader, `${(other.first / own.first).toFixed(2)}×`, `${(other.step / own.step).toFixed(2)}×`, own.peak > 0 && other.peak > 0 ? `${(other.peak / own.peak).toFixed(2)}×` : '', other.kept.length === 0 ? '' : String(own.kept) === String(other.kept) ? 'yes' : `no: ${other.kept} and ${own.kept}`]];
  }));
  return lines.length === 0 ? '' : `\n${table(['tokens', 'theirs over ours', 'time to first token', 'decode', 'most memory', 'the same chunks kept'], lines)}`;
}

function flights({ flights: rows }: EightBReport): string {
  if (rows === undefined) return '';
  const line = (row: FlightRow): readonly string[] => [String(row.inFlight), row.evicts ? 'yes' : 'no', ...(row.kind === 'failed' ? [row.why.slice(0, 80), '', ''] : [row.read.toFixed(2), (1000 * row.step).toFixed(2), gib(row.peak)])];
  const best = (evicts: boolean): number => Math.min(...rows.flatMap((row) => (row.kind === 'read' && row.evicts === evicts ? [row.read] : [])));
  const isWhole = [true, false].every((evicts) => best(evicts) < Number.POSITIVE_INFINITY);
  const [one] = rows.flatMap((row) => (row.kind === 'read' && row.evicts && row.inFlight === 1 ? [row.read] : []));
  return `## Chunks in flight: the paper's Table 7 on one GPU

${table(['chunks in flight', 'tokens evicted', 'reading 131,072 tokens, s', 'decode, ms/token', 'most memory'], rows.map(line))}
${one === undefined || !isWhole ? '' : `As many as fit against one at a time: ${(one / best(true)).toFixed(2)}× with eviction; eviction against none, each at its best: ${(best(false) / best(true)).toFixed(2)}×.`}
The paper's 23.5× compares 23 chunks at once with one, its time falling as 1 / chunks: a figure of perfect parallelism that no single GPU reaches, since
one chunk of thousands of tokens keeps it busy. Its 1.76× is the number of chunks that fit with compression over that without, not a time at
equal numbers. Here chunks that are not kept leave memory at once, so that more in flight cost memory and hardly change the time.
`;
}

/** The longest time in which the device may do nothing, as a share of the reading. */
export const allowedGap = 0.03;

function traced({ trace: t }: EightBReport): string {
  if (t === undefined) return '';
  return `## Trace\n\n${t.tokens} tokens: read in ${t.read.toFixed(2)} s, in which the device did nothing for ${(1000 * t.idle).toFixed(0)} ms (${((100 * t.idle) / t.read).toFixed(1)} %); at most ${(1000 * t.largest).toFixed(1)} ms at once (${((100 * t.largest) / t.read).toFixed(2)} %, ${100 * allowedGap} % are allowed), ${t.between}.\n`;
}

/** Writes the table and its figures into a folder. */
export function writeReport(folder: string, report: EightBReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `llama8b-${report.date}.md`), markdown(report));
  writeFileSync(join(folder, `llama8b-${report.date}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  // Written by writeReport.
  const report = joined(positionals.map((file) => JSON.parse(readFileSync(file, 'utf8')) as EightBReport));
  if (values.out !== undefined) writeReport(values.out, report);
  console.log(markdown(report));
}
