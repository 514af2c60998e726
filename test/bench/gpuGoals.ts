import type { GpuRow, GpuSection } from './gpuTable.js';

/** How a work's time is judged: that of a peer, of the faster of some, or of another work of ours, over its own. */
type Against = { readonly kind: 'peers'; readonly names: readonly string[]; readonly title: string } | { readonly kind: 'work'; readonly without: RegExp; readonly title: string };

/** A share that works of a group are to reach at least, and what is hoped for. */
interface Goal { readonly group: GpuRow['group']; readonly id: RegExp; readonly against: Against; readonly least: number; readonly aim: number }

const peer = (name: string, title: string): Against => ({ kind: 'peers', names: [name], title });
const [cudnn, flex, cublas, eager] = [peer('cudnn', 'cuDNN'), peer('flex', 'FlexAttention'), peer('cublas', 'cuBLAS'), peer('eager', 'cuBLAS and separate kernels')];
const faster: Against = { kind: 'peers', names: ['fa2', 'cudnn', 'flex'], title: 'the fastest peer' };
const plain: Against = { kind: 'work', without: / with .*/, title: 'the same without sums' };

/** On a Hopper card. */
const all: readonly Goal[] = [
  { group: 'attention', id: /^d128 B(4 H16 4096|1 H16 16384) /, against: cudnn, least: 0.97, aim: 1.1 },
  { group: 'attention', id: /^d128 B16 H32\/8 8192 causal/, against: cudnn, least: 0.97, aim: 1.1 },
  { group: 'attention', id: /^d64 |^d256 .* causal/, against: cudnn, least: 0.95, aim: 1.1 },
  { group: 'mods', id: /^/, against: flex, least: 1.2, aim: 1.5 },
  { group: 'columns', id: /with tailColumns/, against: plain, least: 1 / 1.04, aim: 1 / 1.02 },
  { group: 'columns', id: /with allColumns/, against: plain, least: 1 / 1.65, aim: 1 / 1.5 },
  { group: 'decode', id: / 512 × 131072$/, against: cudnn, least: 0.95, aim: 1.1 },
  { group: 'decode', id: / 256 × 131072$/, against: faster, least: 1.7, aim: 2.2 },
  { group: 'decode', id: / 1 × 131072$/, against: faster, least: 1, aim: 1.06 },
  { group: 'decode', id: / 1 × 32768$/, against: faster, least: 1, aim: 1.03 },
  { group: 'decode', id: / (8|16) × 131072$/, against: faster, least: 3, aim: 3.5 },
  { group: 'matmul', id: /^matmul .* of Llama/, against: cublas, least: 0.92, aim: 1 },
  { group: 'matmul', id: /^(gate and up|q and rope) /, against: eager, least: 1, aim: 1.1 },
];

const median = (row: GpuRow | undefined): number => (row === undefined || typeof row.ours === 'string' ? Number.NaN : row.ours.median);

function reached(row: GpuRow, against: Against, rows: readonly GpuRow[]): number {
  if (against.kind === 'work') return median(rows.find((other) => other.id === row.id.replace(against.without, ''))) / median(row);
  const times = against.names.flatMap((name) => { const time = row.peers[name]; return typeof time === 'number' ? [time] : []; });
  return times.length === 0 ? Number.NaN : Math.min(...times) / median(row);
}

/** What is to be reached, beside what was reached; nothing where no work of it was measured. */
export function goals(sections: readonly GpuSection[]): string {
  const lines = sections.flatMap(({ rows }) => rows.flatMap((row) => all.filter((g) => g.group === row.group && g.id.test(row.id)).map(({ against, least, aim }) => {
    const share = reached(row, against, rows);
    const verdict = Number.isNaN(share) ? 'not measured' : share >= aim ? 'aim reached' : share >= least ? 'reached' : 'missed';
    return `| ${[row.id, against.title, least.toFixed(2), aim.toFixed(2), Number.isNaN(share) ? '' : share.toFixed(2), verdict].join(' | ')} |`;
  })));
  return lines.length === 0 ? '' : `## Goals\n\nTheir time over ours.\n\n| work | against | at least | aim | reached | |\n|---|---|---|---|---|---|\n${lines.join('\n')}\n`;
}
