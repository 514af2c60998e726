// Everything that a GPU has to say, as far as a time allows: `node build/ts/test/gpu/all.js --seconds 570 --out results`, again and again until
// nothing is left. What has ended is not run again; steps may be named, which runs them in any case. Each leaves NAME.log in `--out` and its
// figures in a folder of its own, of which tables are made at the end. `--device cpu --quick` tries the script itself. Exit code 0: nothing failed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allSteps, type Step } from './allSteps.js';
import { runCommand } from './limited.js';
import { root } from './open.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '570' }, out: { type: 'string', default: 'results' }, state: { type: 'string', default: join(root, 'build/gpu/all.json') }, device: { type: 'string', default: 'cuda' }, quick: { type: 'boolean', default: false }, python: { type: 'string', default: 'python3' } },
});
const limit = Number(values.seconds);
if (!(limit > 0)) throw new Error(`--seconds ${values.seconds}: write a number of seconds`);
const out = resolve(values.out);
const steps = allSteps(limit);
for (const name of positionals) if (!steps.some((s) => s.name === name)) throw new Error(`no step '${name}'; there are ${steps.map((s) => s.name).join(', ')}`);

/** How steps ended, of this run and those before it on this machine. */
const ended = new Map<string, { readonly code: number; readonly seconds: number }>(existsSync(values.state) ? Object.entries(JSON.parse(readFileSync(values.state, 'utf8')) as Record<string, { readonly code: number; readonly seconds: number }>) : []);
const began = performance.now();
const left = (): number => limit - (performance.now() - began) / 1000;

mkdirSync(out, { recursive: true });
process.exitCode = (await runAll(steps.filter((s) => (positionals.length > 0 ? positionals.includes(s.name) : !ended.has(s.name))))) > 0 ? 1 : 0;
await joinTables('bench-', 'test/bench/gpuTable.js', /^gpu-.*\d\.json$/);
await joinTables('8b-', 'test/bench/llama8b/table.js', /^llama8b-.*\d\.json$/);
const rest = steps.filter((s) => !ended.has(s.name)).map((s) => s.name);
console.log(rest.length === 0 ? 'nothing is left' : `left, for the same command again: ${rest.join(' ')}`);

/** Runs what fits into the time, in order, and gives how many failed. The first one is begun in any case. */
async function runAll(wanted: readonly Step[]): Promise<number> {
  let [failed, isFirst] = [0, true];
  for (const step of wanted) {
    if (!isFirst && step.seconds > left()) continue;
    isFirst = false;
    const start = performance.now();
    const code = await runStep(step);
    const seconds = (performance.now() - start) / 1000;
    if (code === undefined) {
      console.log(`${step.name}: stopped after ${seconds.toFixed(0)} s, the time was up`);
      break;
    }
    if (code !== 0) failed++;
    ended.set(step.name, { code, seconds });
    mkdirSync(dirname(values.state), { recursive: true });
    writeFileSync(values.state, `${JSON.stringify(Object.fromEntries(ended), undefined, 1)}\n`);
    const said = readFileSync(join(out, `${step.name}.log`), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    console.log(`${step.name}: ${code === 0 ? 'passed' : `FAILED with exit code ${code}`} in ${seconds.toFixed(0)} s${/^\d+ passed/.test(said) ? `, ${said}` : ''}`);
  }
  return failed;
}

function runStep({ name, run, hasOut }: Step): Promise<number | undefined> {
  const folder = join(out, name);
  if (hasOut) mkdirSync(folder, { recursive: true });
  const options = ['--device', values.device, ...(values.quick ? ['--quick'] : []), '--python', values.python, ...(hasOut ? ['--out', folder] : [])];
  const command = run.kind === 'shell' ? ['sh', '-c', run.line] : [process.execPath, join(root, 'build/ts', run.script), ...run.args, ...options];
  return runCommand(command, { seconds: left(), log: join(out, `${name}.log`), cwd: root, env: { OUT: folder, NODE: process.execPath } });
}

/** One table of all that steps have measured whose names begin so, in this run or one before that left its files here. */
async function joinTables(prefix: string, script: string, file: RegExp): Promise<void> {
  const folders = steps.filter((s) => s.hasOut && s.name.startsWith(prefix)).map((s) => join(out, s.name)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).filter((f) => file.test(f)).map((f) => join(folder, f)));
  if (files.length === 0) return;
  const code = await runCommand([process.execPath, join(root, 'build/ts', script), ...files, '--out', out], { seconds: 60, log: join(out, `${prefix}tables.log`), cwd: root, env: {} });
  if (code !== 0) console.log(`no table was made of ${files.join(' ')}: see ${prefix}tables.log`);
}
