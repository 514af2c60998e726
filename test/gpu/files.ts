import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors } from '../../runtime/model/safetensorsWriter.js';
import type { KernelEntry } from '../../dsl/manifest.js';
import { type FileCase, fileCases } from './fileCases.js';
import { type HostTensors, inputsOf, onDevice } from './onDevice.js';
import type { Device } from '../../runtime/device.js';
import { open, root } from './open.js';
import type { ScriptOptions } from './options.js';
import { checked, type Verdict } from './report.js';
import { testKernels } from './testKernels.js';

/** Large cases: computed on the device, written to files, judged by reference.py, a portion of the list at a time. */
export async function files({ device: kind, quick, target, only = '', python }: ScriptOptions): Promise<readonly Verdict[]> {
  const missing = whyNoTorch(python);
  if (missing !== undefined) return [{ name: 'cases judged by PyTorch', kind: kind === 'cuda' ? 'failed' : 'skipped', why: missing }];
  const set = testKernels();
  await using device = open(kind, set, { target });
  const cases = fileCases(quick).map((c, i) => ({ ...c, seed: 100_003 * i })).filter((c) => nameOf(c).includes(only));
  const portions = Array.from({ length: Math.ceil(cases.length / portion) }, (_, i) => cases.slice(i * portion, (i + 1) * portion));
  const judged: Promise<readonly Verdict[]>[] = [];
  // PyTorch judges one portion while the device computes the next.
  for (const some of portions) judged.push(judgedTogether(await computedTogether(device, set.manifest.kernels, some), python));
  return (await Promise.all(judged)).flat();
}

/** Cases whose files lie in one folder. */
const portion = 100;

type Seeded = FileCase & { readonly seed: number };

/** Files to be judged, and the cases that did not get so far. */
interface Computed { readonly folder: string; readonly files: number; readonly unfinished: readonly Verdict[] }

async function computedTogether(device: Device, entries: Readonly<Record<string, KernelEntry>>, cases: readonly Seeded[]): Promise<Computed> {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  const unfinished: Verdict[] = [];
  for (const [i, c] of cases.entries()) {
    try {
      writeFileSync(join(folder, `${String(i).padStart(4, '0')}.safetensors`), await computed(device, entries[c.kernel], c));
    } catch (e) {
      unfinished.push({ name: nameOf(c), kind: 'failed', why: e instanceof Error ? e.message : String(e) });
    }
  }
  return { folder, files: cases.length - unfinished.length, unfinished };
}

async function judgedTogether({ folder, files, unfinished }: Computed, python: string): Promise<readonly Verdict[]> {
  try {
    return [...unfinished, ...(await judgements(folder, python, files))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function computed(device: Device, entry: KernelEntry | undefined, c: Seeded): Promise<Uint8Array> {
  if (entry === undefined) throw new Error('no such kernel in the manifest');
  const inputs = inputsOf(entry, c, c.seed);
  const results: HostTensors = Object.fromEntries(Object.entries(await onDevice(device, entry, c, inputs)).map(([name, t]) => [`out:${name}`, t]));
  const { kernel, dtype, numbers, factor } = c;
  return encodeSafetensors({ ...inputs, ...results }, { case: JSON.stringify({ name: nameOf(c), kernel, dtype, numbers, factor }) });
}

const nameOf = ({ kernel, dtype, sizes, numbers }: FileCase): string => `${kernel} ${dtype} ${JSON.stringify({ ...sizes, ...numbers })}`;

/** What reference.py says of every file in a folder. */
function judgements(folder: string, python: string, count: number): Promise<readonly Verdict[]> {
  return new Promise((resolve) => {
    execFile(python, [join(root, 'test/gpu/reference.py'), folder], { encoding: 'utf8', maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      // One object per line, as reference.py documents.
      const said = stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { readonly name: string; readonly passed: boolean; readonly why: string | null });
      const verdicts = said.map(({ name, passed, why }): Verdict => checked(name, passed, why ?? 'no reason given'));
      resolve(error === null && said.length === count ? verdicts : [...verdicts, { name: 'reference.py', kind: 'failed', why: `judged ${said.length} of ${count} cases: ${stderr.trim().slice(-400)}` }]);
    });
  });
}

function whyNoTorch(python: string): string | undefined {
  const { status, error } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return error !== undefined ? `${python} is not there` : status === 0 ? undefined : `${python} has no PyTorch`;
}
