import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Fault } from './faults.js';
import type { ScriptOptions } from './options.js';
import type { Verdict } from './report.js';

/** Tools of compute-sanitizer, and what each says of its planted fault; none is planted for synccheck. */
const tools: Readonly<Record<Fault, RegExp> & { readonly synccheck: undefined }> = {
  memcheck: /Invalid __global__ read of size \d+ bytes/,
  racecheck: /Race reported between/,
  initcheck: /Uninitialized __global__ memory read of size \d+ bytes/,
  synccheck: undefined,
};

/** What compute-sanitizer exits with where it has something to report. */
const reported = 9;

/** The small cases of the shipped kernels under each tool of compute-sanitizer, every tensor an allocation of its own, once the tool has reported a fault that was planted for it. */
export async function sanitizers({ device, quick, only }: ScriptOptions): Promise<readonly Verdict[]> {
  if (device !== 'cuda') return [{ name: 'compute-sanitizer', kind: 'skipped', why: 'it watches a GPU' }];
  return Object.entries(tools).flatMap(([tool, says]): readonly Verdict[] => {
    const planted = says === undefined ? [] : [watches(tool, says)];
    // What a tool that overlooks a fault has to say of the kernels is worth nothing.
    return planted.some((v) => v.kind === 'failed') ? planted : [...planted, clean(tool, [...(quick ? ['--quick'] : []), ...(only === undefined ? [] : ['--only', only])])];
  });
}

function watches(tool: string, says: RegExp): Verdict {
  const name = `compute-sanitizer ${tool} reports a planted fault`;
  const { status, said } = under(tool, './faults.js', [tool]);
  return status === reported && says.test(said) ? { name, kind: 'passed' } : { name, kind: 'failed', why: `nothing like ${says} was reported, exit code ${status}\n${said.slice(-4000)}` };
}

function clean(tool: string, args: readonly string[]): Verdict {
  const name = `compute-sanitizer ${tool}`;
  const { status, said } = under(tool, './run.js', ['shipped', '--apart', ...args]);
  return status === 0 ? { name, kind: 'passed' } : { name, kind: 'failed', why: `exit code ${status}\n${said.slice(-4000)}` };
}

/** A script of this folder on the GPU, watched by a tool. */
function under(tool: string, script: string, args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr, error } = spawnSync('compute-sanitizer', ['--tool', tool, '--error-exitcode', `${reported}`, process.execPath, path, ...args, '--device', 'cuda'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, said: error?.message ?? `${stdout}\n${stderr}`.trim() };
}
