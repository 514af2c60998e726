// Removes built files whose source is gone, so that a package never carries them: node runtime/setup/prune.mjs [root].
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url));
const below = (folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)) : []);

const generated = { cpu: names('kernels-generated/cpu'), cuda: names('kernels-generated/cuda') };

/** What the files are called that generated sources become: loss for loss.cpp and loss.sm_80.cu, loss.sm_90a for loss.sm_90a.cu. */
function names(folder) {
  return new Set(below(folder).map((path) => basename(path).replace(/(\.sm_80)?\.[^.]+$/, '')));
}

/** Whether a file was built from a source that is not there any more. What nothing is known about stays. */
function isOrphan(path) {
  const [, script] = /^build\/ts\/(.+?)\.(?:js|d\.ts)(?:\.map)?$/.exec(path) ?? [];
  if (script !== undefined) return !existsSync(join(root, `${script}.ts`));
  const [, target, kernel] = /^build\/kernels\/(cpu\/[^/]+|cuda)\/([^/.]+(?:\.sm_90a)?)\./.exec(path) ?? [];
  return kernel !== undefined && !generated[target === 'cuda' ? 'cuda' : 'cpu'].has(kernel);
}

for (const path of [...below('build/ts'), ...below('build/kernels/cpu'), ...below('build/kernels/cuda')]) if (isOrphan(path)) rmSync(join(root, path));
