import type { Start } from '../gpu/start.js';
import type { AskRow } from './asking.js';
import type { Timing } from './gpuMeasure.js';
import type { GpuWork } from './gpuWorks.js';

/** Seconds of each peer, or why it has none. */
export type PeerTimes = Readonly<Record<string, number | string>>;
/** One work as it was measured: ours or why there is none, and the peers' of the same run. */
export interface GpuRow extends Pick<GpuWork, 'id' | 'group' | 'flops' | 'bytes'> { readonly ours: Timing | string; readonly peers: PeerTimes }
/** Everything that one run of the benchmark has measured; what the JSON file holds. */
export interface GpuReport {
  readonly date: string;
  readonly command: string;
  readonly device: string;
  /** The peers' machine and versions in one sentence, or why they did not run. */
  readonly peers: string;
  /** Bytes per second of a copy, read and written: PyTorch's where peers ran, else ours. */
  readonly copyRate: number;
  readonly ownCopyRate: number;
  readonly rows: readonly GpuRow[];
  readonly start: Start;
  readonly asked: readonly (AskRow & { readonly dtype: string })[];
}

const titles: Readonly<Record<GpuRow['group'], string>> = {
  attention: 'Attention, bf16, TFLOP/s', decode: 'Few queries over many keys, bf16, µs', columns: 'Last rows, and sums of their shares per key, bf16, µs', eviction: 'Eviction, bf16, µs', matmul: 'Matrix products, bf16, TFLOP/s', rows: 'Rows, bf16, µs',
};
const names: Readonly<Record<string, string>> = { fa2: 'FlashAttention-2', cudnn: 'cuDNN', flex: 'FlexAttention', cublas: 'cuBLAS', eager: 'eager PyTorch', compiled: 'torch.compile' };

/** The report as Markdown. Behind each peer's figure stands how many times as fast ours is. */
export function markdown(r: GpuReport): string {
  const groups = (Object.keys(titles) as readonly GpuRow['group'][]).filter((g) => r.rows.some((row) => row.group === g));
  return `# GPU, ${r.date}

${r.device}. Peers: ${r.peers}. Device copy: ${tera(r.copyRate)} TB/s read and written (ours ${tera(r.ownCopyRate)}). Medians; in brackets the tenth and the ninetieth of a hundred. Behind each peer: its time over ours.
\`${r.command}\`

${groups.map((g) => section(g, r)).join('\n')}
${goals(r)}
Cold start: import ${r.start.importing.toFixed(0)} ms, open ${r.start.opening.toFixed(0)} ms, first launch ${r.start.firstLaunch.toFixed(0)} ms; the driver alone opens in ${r.start.driver.toFixed(0)} ms; ${r.start.compilations} compilations over ${r.start.shapes} shapes.
${r.asked.length === 0 ? '' : asked(r)}`;
}

function section(group: GpuRow['group'], r: GpuReport): string {
  const rows = r.rows.filter((row) => row.group === group);
  const peers = Object.keys(names).filter((p) => rows.some((row) => p in row.peers));
  const head = ['work', 'ours', ...peers.map((p) => names[p] ?? p), 'of the copy rate'];
  return `## ${titles[group]}\n\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.map((row) => rowText(row, peers, r.copyRate)).join('\n')}\n`;
}

function rowText({ id, group, flops, bytes, ours, peers }: GpuRow, shown: readonly string[], copyRate: number): string {
  const rate = group === 'attention' || group === 'matmul';
  const value = (seconds: number): string => (rate ? tera(flops / seconds, 0) : (seconds * 1e6).toFixed(0));
  const own = typeof ours === 'string' ? ours : `${value(ours.median)} (${value(ours.low)}…${value(ours.high)})`;
  const theirs = shown.map((p) => {
    const time = peers[p];
    if (time === undefined) return '';
    return typeof time === 'string' ? time : `${value(time)}${typeof ours === 'string' ? '' : ` (${(time / ours.median).toFixed(2)}×)`}`;
  });
  return `| ${[id, own, ...theirs, typeof ours === 'string' ? '' : (bytes / ours.median / copyRate).toFixed(2)].join(' | ')} |`;
}

const tera = (x: number, digits = 2): string => (x / 1e12).toFixed(digits);

/** What this rung is to reach, beside what it reached. */
function goals(r: GpuReport): string {
  const lines = r.rows.flatMap((row) => {
    const { ours, peers, group, id, bytes } = row;
    if (typeof ours === 'string') return [];
    const over = (time: number | string | undefined): number => (typeof time === 'number' ? time / ours.median : Number.NaN);
    const line = (what: string, goal: number, reached: number): string => `| ${id} | ${what} | ${goal} | ${reached.toFixed(2)} | ${Number.isNaN(reached) ? '' : reached >= goal ? 'reached' : 'missed'} |`;
    if (group === 'attention' && /^d128 B(4 H16 4096|1 H16 16384) /.test(id)) return [line('FlashAttention-2', 0.9, over(peers['fa2']))];
    if (group === 'decode' && / 1 × 131072$/.test(id)) return [line('copy rate', 0.85, bytes / ours.median / r.copyRate)];
    if (group === 'decode' && / (8|16) × 131072$/.test(id)) return [line('the faster of FlashAttention-2 and cuDNN', 2, Math.min(over(peers['fa2']), over(peers['cudnn'])))];
    if (group === 'eviction') return [line('eager PyTorch', 6, over(peers['eager'])), line('torch.compile', 2.5, over(peers['compiled']))];
    return group === 'matmul' && id.startsWith('matmul 8192') ? [line('cuBLAS', 0.45, over(peers['cublas']))] : [];
  });
  return lines.length === 0 ? '' : `## Goals\n\n| work | against | goal | reached | |\n|---|---|---|---|---|\n${lines.join('\n')}\n`;
}

function asked(r: GpuReport): string {
  const rows = r.asked.map((a) => `| ${[a.dtype, a.tokens, a.chunks, `${a.seconds.toFixed(2)} s`, Math.round(a.tokens / a.seconds), Math.round(a.decode), `${Math.round(a.deviceBytes / 2 ** 20)} MiB`, a.answer.trim()].join(' | ')} |`);
  return `
## One question over a document, bookworm (5.5M parameters): chunks of 900 tokens, 2 kept, capacity 450

| dtype | tokens | chunks | prefill | tokens/s | decode, tokens/s | most memory of the device | answer (14177) |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
