// The golden ParallelComp runs on one device: `node build/ts/test/gpu/golden.js --device cuda --dtype bf16`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { DoneEvent } from '../../runtime/events.js';
import { loadModel } from '../../runtime/load.js';
import type { Model } from '../../runtime/model.js';
import { open, root, shipped } from './open.js';
import { type ScriptOptions, scriptOptions } from './options.js';
import { checked, conclude, type Verdict } from './report.js';

interface Run {
  readonly chunk: number; readonly keep: number; readonly capacity: number | null; readonly observation_rows: number; readonly pool: number;
  readonly calibration: readonly (readonly [number, number, 'sink' | 'recent' | 'middle'])[];
  readonly chunk_nll: readonly number[]; readonly kept: readonly number[]; readonly excluded: readonly number[] | null;
  readonly out_ids: readonly number[]; readonly first_top5: readonly (readonly [number, number])[];
}
interface Document { readonly kind: string; readonly context: string; readonly question: string; readonly context_tokens: number; readonly runs: readonly Run[] }

/** What a dtype must reach: the largest errors of a chunk's NLL and of the first answer token's five largest logits, and how many runs of 48 must agree in what. */
interface Demand { readonly nll: number; readonly logits: number; readonly kept: number; readonly answers: number; readonly exclusions: number }
const demands: Readonly<Record<ScriptOptions['dtype'], Demand>> = {
  f32: { nll: 1e-4, logits: 1e-3, kept: 48, answers: 48, exclusions: 48 },
  // Logits and exclusions are measured and not demanded: a probability near the threshold may fall on either side.
  bf16: { nll: 2e-2, logits: Number.POSITIVE_INFINITY, kept: 45, answers: 42, exclusions: 0 },
};

/** How one run compares with float64. */
interface Compared { readonly name: string; readonly nll: number; readonly logits: number; readonly kept: boolean; readonly answer: boolean; readonly exclusions: boolean }

/** All golden runs, and one verdict for each count that is demanded. */
export async function golden(options: ScriptOptions, log: (line: string) => void): Promise<readonly Verdict[]> {
  // test/golden/README.md describes the file.
  const { parallelcomp } = JSON.parse(gunzipSync(readFileSync(join(root, 'test/golden/bookworm.json.gz'))).toString()) as { readonly parallelcomp: readonly Document[] };
  await using device = open(options.device, shipped, options);
  await using model = await loadModel(join(root, 'examples/bookworm'), { device, dtype: options.dtype });
  const compared: Compared[] = [];
  for (const d of parallelcomp) {
    for (const [i, run] of d.runs.entries()) if (!options.quick || (i === 0 && compared.length < 2)) compared.push(await compare(model, d, run, `${d.kind} of ${d.context_tokens} tokens, run ${i}`));
  }
  return verdictsOf(compared, options, log);
}

async function compare(model: Model, d: Document, run: Run, name: string): Promise<Compared> {
  const calibration = run.calibration.map(([from, to, zone]) => ({ from, to, zone }));
  const parallelComp = { keepChunks: run.keep, capacity: run.capacity ?? undefined, chunkTokens: run.chunk, chunkCut: 'fixed' as const, observationRows: run.observation_rows, pool: run.pool, calibration };
  let done: DoneEvent | undefined;
  for await (const event of model.generate({ document: d.context, question: d.question, method: 'parallelcomp', maxTokens: 8, parallelComp })) if (event.type === 'done') done = event;
  const chunks = done?.eviction?.chunks ?? [];
  return {
    name, nll: Math.max(...run.chunk_nll.map((nll, i) => Math.abs((chunks[i]?.nll ?? Number.POSITIVE_INFINITY) - nll))),
    // By rank: neighbours closer than the error may have changed places.
    logits: Math.max(...run.first_top5.map(([, logit], i) => Math.abs((done?.firstTop5[i]?.[1] ?? Number.POSITIVE_INFINITY) - logit))),
    kept: same(chunks.filter((c) => c.kept).map((c) => c.index), run.kept), answer: same(done?.ids, run.out_ids), exclusions: same(done?.eviction?.excludedPerLayer ?? null, run.excluded),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function verdictsOf(compared: readonly Compared[], { dtype, device }: ScriptOptions, log: (line: string) => void): readonly Verdict[] {
  const demand = demands[dtype];
  const missing = 48 - compared.length;
  const errors = (['nll', 'logits'] as const).map((what) => {
    const worst = Math.max(...compared.map((c) => c[what]));
    log(`golden runs, ${dtype} on ${device}: largest error of ${what} ${worst.toExponential(1)}`);
    return checked(`golden ${dtype}, ${what}`, worst <= demand[what], `largest error ${worst}, allowed ${demand[what]}: ${compared.filter((c) => !(c[what] <= demand[what])).map((c) => c.name).join('; ')}`);
  });
  const counts = (['kept', 'answer', 'exclusions'] as const).map((what) => {
    const differ = compared.filter((c) => !c[what]);
    const needed = { kept: demand.kept, answer: demand.answers, exclusions: demand.exclusions }[what] - missing;
    const equal = compared.length - differ.length;
    log(`golden runs, ${dtype} on ${device}: ${what} equal in ${equal} of ${compared.length}${differ.length > 0 ? `, not in ${differ.map((c) => c.name).join('; ')}` : ''}`);
    return checked(`golden ${dtype}, ${what}`, equal >= needed, `equal in ${equal} of ${compared.length}, ${needed} are demanded`);
  });
  return [...errors, ...counts];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = conclude(await golden(scriptOptions(), console.log), console.log) ? 0 : 1;
