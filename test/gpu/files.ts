import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors } from '../../runtime/model/safetensorsWriter.js';
import type { KernelEntry } from '../../dsl/manifest.js';
import { type FileCase, fileCases } from './fileCases.js';
import { type HostTensors, inputsOf, onDevice } from './onDevice.js';
import { open, root, type TimedDevice } from './open.js';
import type { ScriptOptions } from './options.js';
import type { Verdict } from './report.js';
import { testKernels } from './testKernels.js';

/** Large cases: computed on the device, written to files, judged by reference.py, a portion of the list at a time. */
export async function files({ device: kind, quick, only = '', python }: ScriptOptions): Promise<readonly Verdict[]> {
  const missing = whyNoTorch(python);
  if (missing !== undefined) return [{ name: 'cases judged by PyTorch', kind: kind === 'cuda' ? 'failed' : 'skipped', why: missing }];
  const set = testKernels();
  await using device = await open(kind, set);
  const cases = fileCases(quick).map((c, i) => ({ ...c, seed: 100_003 * i })).filter((c) => c.kernel.includes(only));
  const verdicts: Verdict[] = [];
  for (let from = 0; from < cases.length; from += portion) verdicts.push(...(await judgedTogether(device, set.manifest.kernels, cases.slice(from, from + portion), python)));
  return verdicts;
}

/** Cases whose files lie on the disk at a time. */
const portion = 200;

type Seeded = FileCase & { readonly seed: number };

async function judgedTogether(device: TimedDevice, entries: Readonly<Record<string, KernelEntry>>, cases: readonly Seeded[], python: string): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  mkdirSync(folder, { recursive: true });
  try {
    const unfinished: Verdict[] = [];
    for (const [i, c] of cases.entries()) {
      try {
        writeFileSync(join(folder, `${String(i).padStart(4, '0')}.safetensors`), await computed(device, entries[c.kernel], c));
      } catch (e) {
        unfinished.push({ name: nameOf(c), kind: 'failed', why: e instanceof Error ? e.message : String(e) });
      }
    }
    return [...unfinished, ...judgements(folder, python, cases.length - unfinished.length)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function computed(device: TimedDevice, entry: KernelEntry | undefined, c: Seeded): Promise<Uint8Array> {
  if (entry === undefined) throw new Error('no such kernel in the manifest');
  const inputs = inputsOf(entry, c, c.seed);
  const results: HostTensors = Object.fromEntries(Object.entries(await onDevice(device, entry, c, inputs)).map(([name, t]) => [`out:${name}`, t]));
  const { kernel, dtype, numbers, factor } = c;
  return encodeSafetensors({ ...inputs, ...results }, { case: JSON.stringify({ name: nameOf(c), kernel, dtype, numbers, factor }) });
}

const nameOf = ({ kernel, dtype, sizes, numbers }: FileCase): string => `${kernel} ${dtype} ${JSON.stringify({ ...sizes, ...numbers })}`;

/** What reference.py says of every file in a folder. */
function judgements(folder: string, python: string, count: number): readonly Verdict[] {
  const { status, stdout, stderr } = spawnSync(python, [join(root, 'test/gpu/reference.py'), folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
  // One object per line, as reference.py documents.
  const said = stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { readonly name: string; readonly passed: boolean; readonly why: string | null });
  const verdicts = said.map(({ name, passed, why }): Verdict => (passed ? { name, kind: 'passed' } : { name, kind: 'failed', why: why ?? 'no reason given' }));
  return status === 0 && said.length === count ? verdicts : [...verdicts, { name: 'reference.py', kind: 'failed', why: `judged ${said.length} of ${count} cases: ${stderr.trim().slice(-400)}` }];
}

function whyNoTorch(python: string): string | undefined {
  const { status, error } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  return error !== undefined ? `${python} is not there` : status === 0 ? undefined : `${python} has no PyTorch`;
}
