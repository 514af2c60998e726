import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ScriptOptions } from './options.js';
import type { Verdict } from './report.js';

const tools = ['memcheck', 'racecheck', 'initcheck', 'synccheck'] as const;

/** The small cases of the shipped kernels under each tool of compute-sanitizer: one verdict per tool. */
export async function sanitizers({ device, quick, only }: ScriptOptions): Promise<readonly Verdict[]> {
  if (device === 'cpu') return [{ name: 'compute-sanitizer', kind: 'skipped', why: 'it watches a GPU' }];
  return tools.map((tool) => {
    const script = fileURLToPath(new URL('./run.js', import.meta.url));
    const args = ['--tool', tool, '--error-exitcode', '9', process.execPath, script, 'shipped', '--device', 'cuda', ...(quick ? ['--quick'] : []), ...(only === undefined ? [] : ['--only', only])];
    const { status, stdout, stderr, error } = spawnSync('compute-sanitizer', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status === 0) return { name: `compute-sanitizer ${tool}`, kind: 'passed' };
    return { name: `compute-sanitizer ${tool}`, kind: 'failed', why: error !== undefined ? error.message : `exit code ${status}\n${`${stdout}\n${stderr}`.trim().slice(-4000)}` };
  });
}
