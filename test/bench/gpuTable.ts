// `node build/ts/test/bench/gpuTable.js REPORT.json… [--out FOLDER]`: the table of one or several runs' results; with --out also written there, dated.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Start } from '../gpu/start.js';
import type { AskRow } from './asking.js';
import { goals } from './gpuGoals.js';
import type { Timing } from './gpuMeasure.js';
import type { GpuWork, WorkGroup } from './gpuWorks.js';

/** Seconds of each peer, or why it has none. */
export type PeerTimes = Readonly<Record<string, number | string>>;
/** One work as it was measured: ours or why there is none, and the peers' of the same run. */
export interface GpuRow extends Pick<GpuWork, 'id' | 'group' | 'flops' | 'bytes'> { readonly ours: Timing | string; readonly peers: PeerTimes }
/** The works of one group, which were measured together: ours one after the other, then the peers. */
export interface GpuSection {
  readonly group: WorkGroup;
  readonly date: string;
  readonly command: string;
  readonly device: string;
  /** The peers' machine and versions in one sentence, or why they did not run. */
  readonly peers: string;
  /** Bytes per second of a copy, read and written: PyTorch's where peers ran, else ours. */
  readonly copyRate: number;
  readonly ownCopyRate: number;
  /** Operations per second of PyTorch's bf16 product of 8192³; undefined where no peers ran. */
  readonly matmulRate?: number | undefined;
  readonly rows: readonly GpuRow[];
}
/** What runs of the benchmark have measured; what the JSON file holds. */
export interface GpuReport {
  readonly date: string;
  readonly sections: readonly GpuSection[];
  readonly start?: Start | undefined;
  readonly asked?: readonly (AskRow & { readonly dtype: string })[] | undefined;
}

/** Headings of the table, in their order. */
export const titles: Readonly<Record<WorkGroup, string>> = {
  attention: 'Attention, bf16, TFLOP/s', mods: 'Masks and functions of scores, bf16, TFLOP/s of what is visible', decode: 'Few queries over many keys, bf16, µs', columns: 'Last rows, and sums of their shares per key, bf16, µs',
  eviction: 'Eviction, bf16, µs', matmul: 'Matrix products, bf16, TFLOP/s', row: 'Products of one row, bf16, µs', rows: 'Rows, bf16, µs',
};
const groups = Object.keys(titles) as readonly WorkGroup[];
const inRates: readonly WorkGroup[] = ['attention', 'mods', 'matmul'];
const names: Readonly<Record<string, string>> = { fa2: 'FlashAttention-2', cudnn: 'cuDNN', flex: 'FlexAttention', cublas: 'cuBLAS', eager: 'eager PyTorch', compiled: 'torch.compile', error: 'no peer, because' };

/** One report of several; later sections of a group replace earlier ones. Throws where there is none. */
export function joined(reports: readonly GpuReport[]): GpuReport {
  const [first, ...others] = reports;
  if (first === undefined) throw new Error('there is no report to show');
  return others.reduce((all, next) => ({
    date: next.date > all.date ? next.date : all.date, start: next.start ?? all.start, asked: next.asked ?? all.asked,
    sections: [...all.sections.filter((s) => !next.sections.some((other) => other.group === s.group)), ...next.sections],
  }), first);
}

/** The report as Markdown. Behind each peer's figure stands how many times as fast ours is. */
export function markdown(r: GpuReport): string {
  const sections = [...r.sections].sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
  const parts = [
    `# GPU, ${r.date}\n`,
    'Ours and its peers on the same card one after the other, on normal random numbers. Medians; in brackets the tenth and the ninetieth of a hundred. Behind each peer: its time over ours. Shares are of a copy and of a bf16 product of 8192³ by PyTorch in the same run.\n',
    ...sections.map(section), goals(sections), started(r), asked(r),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(s: GpuSection): string {
  const peers = Object.keys(names).filter((p) => s.rows.some((row) => p in row.peers));
  const head = ['work', 'ours', ...peers.map((p) => names[p] ?? p), 'of the copy rate', 'of the matmul rate'];
  return `## ${titles[s.group]}

${s.date}. ${s.device}. Peers: ${s.peers}. Device copy: ${tera(s.copyRate)} TB/s read and written (ours ${tera(s.ownCopyRate)}). Product of 8192³: ${s.matmulRate === undefined ? 'not measured' : `${tera(s.matmulRate, 0)} TFLOP/s`}.
\`${s.command}\`

| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${s.rows.map((row) => rowText(row, peers, s)).join('\n')}\n`;
}

function rowText({ id, group, flops, bytes, ours, peers }: GpuRow, shown: readonly string[], { copyRate, matmulRate }: GpuSection): string {
  const value = (seconds: number): string => (inRates.includes(group) ? tera(flops / seconds, 0) : (seconds * 1e6).toFixed(0));
  const theirs = shown.map((p) => {
    const time = peers[p];
    if (time === undefined) return '';
    return typeof time === 'string' ? time : `${value(time)}${typeof ours === 'string' ? '' : ` (${(time / ours.median).toFixed(2)}×)`}`;
  });
  const own = typeof ours === 'string' ? [ours, ...theirs, '', ''] : [
    `${value(ours.median)} (${value(ours.low)}…${value(ours.high)})`, ...theirs,
    (bytes / ours.median / copyRate).toFixed(2), matmulRate === undefined ? '' : (flops / ours.median / matmulRate).toFixed(2),
  ];
  return `| ${[id, ...own].join(' | ')} |`;
}

const tera = (x: number, digits = 2): string => (x / 1e12).toFixed(digits);

function started({ start }: GpuReport): string {
  return start === undefined ? '' : `Cold start: import ${start.importing.toFixed(0)} ms, open ${start.opening.toFixed(0)} ms, first launch ${start.firstLaunch.toFixed(0)} ms; the driver alone opens in ${start.driver.toFixed(0)} ms; ${start.compilations} compilations over ${start.shapes} shapes.\n`;
}

function asked({ asked: all }: GpuReport): string {
  if (all === undefined) return '';
  const rows = all.map((a) => `| ${[a.dtype, a.tokens, a.chunks, `${a.seconds.toFixed(2)} s`, Math.round(a.tokens / a.seconds), Math.round(a.decode), `${Math.round(a.deviceBytes / 2 ** 20)} MiB`, a.answer.trim()].join(' | ')} |`);
  return `## One question over a document, bookworm (5.5M parameters): chunks of 900 tokens, 2 kept, capacity 450

| dtype | tokens | chunks | prefill | tokens/s | decode, tokens/s | most memory of the device | answer (14177) |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** Writes the table and its figures into a folder. */
export function writeReport(folder: string, report: GpuReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `gpu-${report.date}.md`), markdown(report));
  writeFileSync(join(folder, `gpu-${report.date}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  // Written by writeReport.
  const report = joined(positionals.map((file) => JSON.parse(readFileSync(file, 'utf8')) as GpuReport));
  if (values.out !== undefined) writeReport(values.out, report);
  console.log(markdown(report));
}
