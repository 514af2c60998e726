// Compiles for CUDA what `build.js --device cpu` and `npm run kernels` have written, here: on a GPU machine that has nvcc and more
// cores than the machine the texts come from. `sh test/gpu/unpack.sh build/ts/test/gpu/fatbins.js`.
import { join } from 'node:path';
import { buildCuda } from '../../codegen/buildCuda.js';
import { root } from './open.js';
import { plantedFolder, racing } from './planted.js';
import { folder } from './testKernels.js';

const jobs = [
  { generated: join(root, 'kernels-generated'), out: join(root, 'build/kernels') },
  { generated: folder, out: join(folder, 'kernels') },
  { generated: plantedFolder, out: racing.kernelsDir },
];
for (const job of jobs) {
  const { built, warnings } = await buildCuda(job);
  for (const warning of warnings) console.error(`warning: ${warning}`);
  console.log(`${built.length} compiled in ${job.out}`);
}
