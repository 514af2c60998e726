// `node build/ts/test/bench/author.js`: what an author waits for. 50 kernels in one file and in 50, as processes; then one change under --watch.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { incremental } from '../../codegen/incremental.js';

const cli = fileURLToPath(new URL('../../codegen/cli.js', import.meta.url));
const head = "import { cast, causal, dot, type In, kernel, logSumExp, map, max, type Out, rmsNorm, sizeOf, softmax, sum, topk } from 'warpfold/dsl';\n";

/** Kernels of the kinds that authors write, one per row. */
const kinds: readonly ((name: string, i: number) => string)[] = [
  (name, i) => `export const ${name} = kernel('${name}', { q: 'dynamic', k: 'dynamic', d: 64 }, (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
  dot(softmax(map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s / ${i + 8} : -Infinity)), 'k'), v, 'k'));`,
  (name) => `export const ${name} = kernel('${name}', { q: 'dynamic', f: 'dynamic', e: 'dynamic' }, <E extends 'f32' | 'bf16'>(x: In<E, ['q', 'e']>, w: In<E, ['f', 'e']>, gain: In<'f32', ['e']>): Out<E, ['q', 'f']> =>
  cast(x.dtype, dot(cast(x.dtype, rmsNorm(x, gain, 'e', 1e-5)), w, 'e')));`,
  (name, i) => `export const ${name} = kernel('${name}', { q: 'dynamic', e: 'dynamic' }, (x: In<'f32', ['q', 'e']>, y: In<'f32', ['q', 'e']>): Out<'f32', ['q', 'e']> => map(x, y, (x, y) => (x / (1 + Math.exp(-x))) * y + ${i}));`,
  (name) => `export const ${name} = kernel('${name}', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>): { mean: Out<'f32', ['q']>; lse: Out<'f32', ['q']> } =>
  ({ mean: map(sum(x, 'k'), (s) => s / sizeOf('k')), lse: logSumExp(x, 'k') }));`,
  (name) => `export const ${name} = kernel('${name}', { g: 'dynamic', k: 'dynamic', n: 'dynamic' }, (scores: In<'f32', ['g', 'k']>): Out<'i32', ['g', 'n']> => topk(scores, 'k', sizeOf('n'), 'n'));`,
];
const kernels = Array.from({ length: 50 }, (_, i) => (kinds[i % kinds.length] ?? kinds[0])?.(`kernel${i}`, i) ?? '');

const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const one = write('all.ts', head + kernels.join('\n'));
const fifty = kernels.map((text, i) => write(`k${i}.ts`, head + text));

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
const seconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};
const command = (...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: folder });
  if (status !== 0) throw new Error(stderr);
};
const repeated = (work: (i: number) => void, n = 5): string => {
  const times = Array.from({ length: n }, (_, i) => seconds(() => work(i)));
  return `median ${median(times).toFixed(2)} s, best ${Math.min(...times).toFixed(2)} s of ${n}`;
};

try {
  console.log('check, 50 kernels in one file:', repeated(() => command('check', one)));
  console.log('check, 50 kernels in 50 files:', repeated(() => command('check', ...fifty)));
  console.log('compile, 50 kernels in 50 files:', repeated(() => command('compile', ...fifty), 3));
  for (const [what, files] of [['one file', [one]], ['50 files', fifty]] as const) {
    const open = incremental(['cpu', 'sm_80'], {});
    open.step(files, []);
    const [path = ''] = files;
    const text = what === 'one file' ? head + kernels.join('\n') : head + (kernels[0] ?? '');
    console.log(`watch, one kernel of ${what} changed, for cpu and sm_80:`, repeated((i) => {
      writeFileSync(path, text.replace('s / 8', `s / ${i + 100}`));
      const { recompiled } = open.step(files, [path]);
      if (recompiled.join() !== 'kernel0') throw new Error(`recompiled ${recompiled.join()}`);
    }, 9));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
