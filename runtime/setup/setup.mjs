// Builds what tests and demo need: TypeScript, the addon, the kernels. Every step does nothing when nothing changed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;

const steps = [
  ['compiler and runtime', bin('tsc'), ['-b']],
  ['addon', bin('cmake-js'), ['build', '-d', 'runtime/native', '-O', 'build/native', '--log-level', 'error']],
  ['kernels', process.execPath, ['build/ts/codegen/cli.js', 'build']],
];

await import('./checkTools.mjs');
for (const [what, command, args] of steps) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\nbuilding the ${what} failed: ${[command.replace(root, ''), ...args].join(' ')}\n`);
    process.exit(1);
  }
  // What a step has to say although it succeeded: kernels that were skipped, warnings.
  if (what === 'kernels') process.stderr.write(stderr);
  console.error(`built the ${what} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
