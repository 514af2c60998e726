// Builds the addon into build/native. Says in one sentence what is missing where a tool is.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

const missing = [
  ...(works('cmake') ? [] : ['cmake']),
  ...([process.env.CXX, 'c++', 'g++'].some((compiler) => compiler && works(compiler)) ? [] : ['g++']),
  ...(works('ninja') || works('make') ? [] : ['make']),
];
if (missing.length > 0) {
  console.error(`The addon needs ${missing.join(' and ')}: run \`sudo apt-get install -y ${missing.join(' ')}\`, then this command again.`);
  process.exit(1);
}

const cmakeJs = join(dirname(createRequire(import.meta.url).resolve('cmake-js/package.json')), 'bin', 'cmake-js');
const args = ['build', '-d', here, '-O', join(here, '../../build/native'), '--log-level', 'warn'];
const built = spawnSync(process.execPath, [cmakeJs, ...args], { encoding: 'utf8', env: { ...process.env, CMAKE_BUILD_PARALLEL_LEVEL: String(availableParallelism()) } });
if (built.status !== 0) {
  console.error(`${built.stdout}${built.stderr}`);
  process.exit(1);
}
