import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe } from 'vitest';
import { build } from '../../codegen/build.js';
import { searchSchedules } from '../../codegen/candidates.js';
import { nativeIsa } from '../../codegen/commands/build.js';
import { type Piece, pieceOf } from '../../codegen/commands/measure/session.js';
import { planVariants, targets } from '../../codegen/compile.js';
import { readKernels } from '../../codegen/frontend/project.js';
import type { Kernel } from '../../dsl/kernel.js';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
import { causalAttention } from '../../runtime/kernels/causalAttention.js';
import { normLinear } from '../../runtime/kernels/normLinear.js';
import { rmsNorm } from '../../runtime/kernels/rmsNorm.js';
import { root } from '../commands/command.js';
import { agrees } from '../kit/agrees.js';
import { kernelEmulator } from '../kit/emulator.js';
import { uniform } from '../kit/values.js';

// Every schedule of one kernel agrees with its reference: the candidates of a search, several steps from the model's, at
// shapes that their blocks divide and at others.

const kernels: readonly (readonly [Kernel<never>, file: string])[] = [[normLinear, 'normLinear'], [causalAttention, 'causalAttention'], [rmsNorm, 'rmsNorm']];
const perLaunch = 3;

interface Tried { readonly kernel: Kernel<never>; readonly piece: Piece; readonly dtypes: Readonly<Record<string, 'f32' | 'bf16'>> }

/** Schedules drawn from among many, not those that look best: what is wrong may look slow. */
function tried(name: 'cpu' | 'sm_80'): readonly Tried[] {
  return kernels.flatMap(([kernel, file]) => {
    const source = readKernels([join(root, 'runtime/kernels', `${file}.ts`)]).find((k) => k.name === kernel.kernelName);
    // On the processor f32, where rounding hides nothing; as CUDA bf16 as well, for its tensor cores.
    const variant = source?.variants.find((v) => v.dtypes['E'] === (name === 'cpu' ? 'f32' : 'bf16'));
    if (source === undefined || variant === undefined) throw new Error(kernel.kernelName);
    const plan = planVariants(variant, targets[name]).at(-1);
    return (plan?.launches ?? []).flatMap((launch, l) => {
      if (plan === undefined) return [];
      const lengths = { q: 300, k: 300, e: 300, f: 300, g: 2, r: 2 };
      const { candidates } = searchSchedules(plan, launch, { lengths, processors: 2, top: 40, within: 3, others: () => undefined });
      const drawn = Array.from({ length: perLaunch }, (_, i) => candidates[1 + Math.floor(uniform(l, i) * (candidates.length - 1))]).filter((c) => c !== undefined);
      return drawn.map(({ compiled }): Tried => ({ kernel, piece: pieceOf(source, compiled), dtypes: { E: name === 'cpu' ? 'f32' : 'bf16' } }));
    });
  });
}

/** The kernel under the name of a piece. */
const renamed = (kernel: Kernel<never>, kernelName: string): Kernel<never> => Object.assign((...inputs: Parameters<typeof kernel>) => kernel(...inputs), { kernelName, file: kernel.file, sizes: kernel.sizes, parameters: kernel.parameters, reference: kernel.reference });

describe.each(['cpu', 'sm_80'] as const)('on %s', (name) => {
  const all = tried(name);
  const manifest = { kernels: Object.fromEntries(all.map(({ piece }) => [piece.name, piece.entry])) };
  let device: Device;
  beforeAll(async () => {
    const folder = join(root, 'build', 'test', 'candidates');
    for (const { piece: { path, text } } of all) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (name === 'cpu') await build({ generated: folder, out: folder, isas: await nativeIsa(), kernels: Object.keys(manifest.kernels) });
    device = name === 'cpu' ? openCpu({ manifest, kernelsDir: folder }) : await kernelEmulator({ manifest, generated: folder, out: folder });
  }, 300_000);
  afterAll(async () => { await device[Symbol.asyncDispose](); });

  const length = fc.integer({ min: 1, max: name === 'cpu' ? 150 : 70 });
  test.prop([fc.record({ q: length, k: length, e: length, f: length, g: fc.integer({ min: 1, max: 2 }), r: fc.integer({ min: 1, max: 3 }) }), fc.nat({ max: 1 << 20 })], { numRuns: name === 'cpu' ? 20 : 4 })(
    'every schedule agrees with the reference', async (drawn, seed) => {
      for (const { kernel, piece, dtypes } of all) {
        const sizes = Object.fromEntries(Object.keys(piece.entry.sizes).map((a) => [a, a === 'd' ? 64 : drawn[a as keyof typeof drawn]]));
        await agrees(renamed(kernel, piece.name), { devices: [device], manifest, sizes, seed, dtypes, values: { scale: { min: 0.1, max: 0.2 }, eps: { min: 1e-5, max: 1e-3 }, first: { min: 0, max: 3 } } });
      }
    }, 300_000);
});
