// Says in one sentence what a machine lacks to build the addon and the kernels, before anything starts.
import { spawnSync } from 'node:child_process';

const tools = [['g++', 'g++'], ['cmake', 'cmake'], ['make', 'make']];
const missing = tools.filter(([command]) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0);
if (missing.length > 0) {
  const commands = missing.map(([command]) => command).join(', ');
  const packages = missing.map(([, name]) => name).join(' ');
  console.error(`warpfold compiles its kernels here and found no ${commands}: run \`sudo apt-get install -y ${packages}\`, then this command again.`);
  process.exit(1);
}
