// `npm run bench:gpu`: our kernels and what a user would pick instead, measured one after the other on the same GPU. `--only`
// takes a group or a part of a work's name, `--out` the folder for the table and its JSON; `--device cpu --quick` tries the script itself.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device } from '../../runtime/device.js';
import { open, root, shipped } from '../gpu/open.js';
import { type ScriptOptions, scriptOptions } from '../gpu/options.js';
import { measureStart } from '../gpu/start.js';
import { testKernels } from '../gpu/testKernels.js';
import { measureAsk } from './asking.js';
import { measure, measureCopy, type Timing } from './gpuMeasure.js';
import { type GpuReport, type GpuRow, markdown, type PeerTimes } from './gpuTable.js';
import { type GpuWork, gpuWorks } from './gpuWorks.js';

const options = scriptOptions();
const works = gpuWorks(options.quick).filter((w) => `${w.group} ${w.id}`.includes(options.only ?? ''));
const copyBytes = options.quick ? 2 ** 20 : 2 ** 30;

const { device, ownCopyRate, ours } = await measureOurs(works, options);
const { machine, times } = measurePeers(works, options);
const theirCopy = times['copy']?.['copy'];
const date = new Date().toISOString().slice(0, 10);
const report: GpuReport = {
  date, device, peers: machine, ownCopyRate, copyRate: typeof theirCopy === 'number' ? (2 * copyBytes) / theirCopy : ownCopyRate,
  command: `node build/ts/test/bench/gpu.js ${process.argv.slice(2).join(' ')}`.trim(),
  rows: works.map(({ id, group, flops, bytes }, i): GpuRow => ({ id, group, flops, bytes, ours: ours[i] ?? 'not measured', peers: times[id] ?? {} })),
  start: measureStart(options),
  asked: options.only === undefined ? askAll(options) : [],
};
const out = options.out ?? (options.quick ? undefined : join(root, 'test/bench/results'));
if (out !== undefined) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, `gpu-${date}.md`), markdown(report));
  writeFileSync(join(out, `gpu-${date}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
}
console.log(markdown(report));

interface Ours { readonly device: string; readonly ownCopyRate: number; readonly ours: readonly (Timing | string)[] }

/** Every work on a device over the kernels that it calls. A work that fails is reported with its reason. */
async function measureOurs(all: readonly GpuWork[], { device: kind, quick, target, overlap }: ScriptOptions): Promise<Ours> {
  await using own = open(kind, shipped, { target, overlap });
  await using test = open(kind, testKernels(), { target, overlap });
  const deviceOf: Readonly<Record<GpuWork['kernels'], Device>> = { shipped: own, test };
  const measured: (Timing | string)[] = [];
  for (const work of all) {
    try {
      measured.push(await measure(deviceOf[work.kernels], work, quick ? { leastCalls: 2, groupSeconds: 0, warmSeconds: 0 } : { leastCalls: 50, groupSeconds: 2e-3, warmSeconds: 0.1 }));
    } catch (e) {
      measured.push(`failed: ${e instanceof Error ? e.message : String(e)}`);
    }
    console.error(work.id, measured.at(-1));
    for (const d of [own, test]) d.trim();
  }
  return { device: own.description, ownCopyRate: await measureCopy(own, copyBytes), ours: measured };
}

interface Peers { readonly machine: string; readonly times: Readonly<Record<string, PeerTimes>> }

/** peers.py over the same works. */
function measurePeers(all: readonly GpuWork[], { device: kind, quick, python }: ScriptOptions): Peers {
  if (kind === 'cpu') return { machine: 'none, they need a GPU', times: {} };
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    const list = join(folder, 'works.json');
    writeFileSync(list, JSON.stringify([{ id: 'copy', kind: 'copy', bytes: copyBytes }, ...all.map((w) => ({ ...w.peer, id: w.id }))]));
    const { status, stdout, stderr, error } = spawnSync(python, [join(root, 'test/bench/peers.py'), list, ...(quick ? ['--quick'] : [])], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status !== 0) return { machine: `none, peers.py failed: ${error?.message ?? stderr.trim().slice(-300)}`, times: {} };
    // What peers.py says it prints.
    const said = JSON.parse(stdout) as { readonly device: string; readonly torch: string; readonly cudnn: number; readonly works: Peers['times'] };
    return { machine: `${said.device}, PyTorch ${said.torch}, cuDNN ${said.cudnn}`, times: said.works };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function askAll({ device: kind, quick }: ScriptOptions): GpuReport['asked'] {
  const lengths = quick ? [3_000] : [14_400, 230_000];
  return (['f32', 'bf16'] as const).flatMap((dtype) => lengths.map((tokens) => ({ ...measureAsk(root, tokens, { device: kind, dtype }), dtype })));
}
