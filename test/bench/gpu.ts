// `npm run bench:gpu`: our kernels and what a user would pick instead, measured one after the other on the same GPU. Groups may be
// named (attention mods decode columns eviction matmul row rows, start, ask); `--only` takes a part of a work's name, `--out` the folder for
// the table and its JSON, written after each group; `--device cpu --quick` tries the script itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device } from '../../runtime/device.js';
import { open, root, shipped } from '../gpu/open.js';
import { type ScriptOptions, scriptOptions } from '../gpu/options.js';
import { measureStart } from '../gpu/start.js';
import { testKernels } from '../gpu/testKernels.js';
import { measureAsk } from './asking.js';
import { measure, measureCopy, type Timing } from './gpuMeasure.js';
import { type GpuReport, type GpuRow, type GpuSection, markdown, type PeerTimes, titles, writeReport } from './gpuTable.js';
import { type GpuWork, gpuWorks, type WorkGroup } from './gpuWorks.js';

const options = scriptOptions();
const { quick, only = '', names } = options;
const groups = Object.keys(titles) as readonly WorkGroup[];
for (const name of names) if (![...groups, 'start', 'ask'].includes(name)) throw new Error(`no group '${name}'; there are ${groups.join(', ')}, start, ask`);
const wanted = (name: string): boolean => (names.length === 0 ? only === '' || groups.some((g) => g === name) : names.includes(name));

const copyBytes = quick ? 2 ** 20 : 2 ** 30;
const side = 8192;
const date = new Date().toISOString().slice(0, 10);
const command = `node build/ts/test/bench/gpu.js ${process.argv.slice(2).join(' ')}`.trim();
const out = options.out ?? (quick ? undefined : join(root, 'test/bench/results'));

let report: GpuReport = { date, sections: [] };
for (const group of groups.filter(wanted)) {
  const works = gpuWorks(quick).filter((w) => w.group === group && `${group} ${w.id}`.includes(only));
  if (works.length > 0) await measureGroup(group, works, options);
}
if (wanted('start')) keep({ start: measureStart(options) });
if (wanted('ask')) keep({ asked: askAll(options) });
console.log(markdown(report));

/** What was measured stays where the run is ended. */
function keep(part: Partial<GpuReport>): void {
  report = { ...report, ...part };
  if (out !== undefined) writeReport(out, report);
}

/** Ours, then the peers, who take longer: ours are kept before. */
async function measureGroup(group: WorkGroup, works: readonly GpuWork[], given: ScriptOptions): Promise<void> {
  const { sections } = report;
  const ours = await measureOurs(works, given);
  keep({ sections: [...sections, sectionOf(group, works, ours, { machine: 'none, the run ended before', times: {} })] });
  keep({ sections: [...sections, sectionOf(group, works, ours, measurePeers(works, given))] });
}

function sectionOf(group: WorkGroup, works: readonly GpuWork[], { device, ownCopyRate, ours }: Ours, { machine, times }: Peers): GpuSection {
  const rate = (id: string, amount: number): number | undefined => { const [time] = Object.values(times[id] ?? {}); return typeof time === 'number' ? amount / time : undefined; };
  return {
    group, date, command, device, peers: machine, ownCopyRate, copyRate: rate('copy', 2 * copyBytes) ?? ownCopyRate, matmulRate: rate('matmul', 2 * side ** 3),
    rows: works.map(({ id, flops, bytes }, i): GpuRow => ({ id, group, flops, bytes, ours: ours[i] ?? 'not measured', peers: times[id] ?? {} })),
  };
}

interface Ours { readonly device: string; readonly ownCopyRate: number; readonly ours: readonly (Timing | string)[] }

/** Every work on a device over the kernels that it calls. A work that fails is reported with its reason. */
async function measureOurs(all: readonly GpuWork[], { device: kind, target, overlap }: ScriptOptions): Promise<Ours> {
  await using own = open(kind, shipped, { target, overlap });
  await using test = open(kind, testKernels(), { target, overlap });
  const deviceOf: Readonly<Record<GpuWork['kernels'], Device>> = { shipped: own, test };
  const measured: (Timing | string)[] = [];
  // Clocks of an idle GPU rise for about a second: the first work would be measured on the way.
  for (const work of all) {
    try {
      measured.push(await measure(deviceOf[work.kernels], work, quick ? { leastCalls: 2, groupSeconds: 0, warmSeconds: 0 } : { leastCalls: 50, groupSeconds: 2e-3, warmSeconds: measured.length === 0 ? 1 : 0.2 }));
    } catch (e) {
      measured.push(`failed: ${e instanceof Error ? e.message : String(e)}`);
    }
    console.error(work.id, measured.at(-1));
    for (const d of [own, test]) d.trim();
  }
  return { device: own.description, ownCopyRate: await measureCopy(own, copyBytes), ours: measured };
}

interface Peers { readonly machine: string; readonly times: Readonly<Record<string, PeerTimes>> }

/** peers.py over the same works, and over what the card does at best. */
function measurePeers(all: readonly GpuWork[], { device: kind, python }: ScriptOptions): Peers {
  if (kind === 'cpu') return { machine: 'none, they need a GPU', times: {} };
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    const list = join(folder, 'works.json');
    writeFileSync(list, JSON.stringify([{ id: 'copy', kind: 'copy', bytes: copyBytes }, { id: 'matmul', kind: 'matmul', m: side, n: side, k: side }, ...all.map((w) => ({ ...w.peer, id: w.id }))]));
    const { status, stdout, error } = spawnSync(python, [join(root, 'test/bench/peers.py'), list, ...(quick ? ['--quick'] : [])], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
    if (status !== 0) return { machine: `none, ${error?.message ?? `peers.py ended with ${status}`}`, times: {} };
    // What peers.py says it prints.
    const said = JSON.parse(stdout) as { readonly device: string; readonly torch: string; readonly cudnn: number; readonly works: Peers['times'] };
    return { machine: `${said.device}, PyTorch ${said.torch}, cuDNN ${said.cudnn}`, times: said.works };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function askAll({ device: kind }: ScriptOptions): GpuReport['asked'] {
  const lengths = quick ? [3_000] : [14_400, 230_000];
  return (['f32', 'bf16'] as const).flatMap((dtype) => lengths.map((tokens) => ({ ...measureAsk(root, tokens, { device: kind, dtype }), dtype })));
}
