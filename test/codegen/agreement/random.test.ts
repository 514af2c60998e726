import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../../codegen/build.js';
import { nativeIsa } from '../../../codegen/commands/build.js';
import { compileFiles } from '../../../codegen/compile.js';
import type { Kernel } from '../../../dsl/index.js';
import type { Manifest } from '../../../dsl/manifest.js';
import { openCpu } from '../../../runtime/cpu.js';
import type { Device } from '../../../runtime/device.js';
import { agrees } from '../../kit/agrees.js';
import { randomKernels } from '../../kit/randomKernels.js';
import { length } from '../../kit/shapes.js';

const count = 16;
const { seed = 1 } = fc.readConfigureGlobal();
const folder = fileURLToPath(new URL('../../../build/test/agreement', import.meta.url));

let kernels: Readonly<Record<string, Kernel<never>>>;
let manifest: Manifest;
let device: Device;

async function compiled(name: string, text: string): Promise<{ readonly manifest: Manifest; readonly device: Device; readonly kernels: Readonly<Record<string, Kernel<never>>> }> {
  const out = join(folder, name);
  mkdirSync(out, { recursive: true });
  const file = join(out, 'kernels.ts');
  writeFileSync(file, text);
  const made = compileFiles([file], ['cpu']);
  for (const [path, generated] of made.texts) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), generated);
  }
  await build({ generated: out, out: join(out, 'build'), isas: await nativeIsa() });
  return { manifest: made.manifest, device: openCpu({ manifest: made.manifest, kernelsDir: join(out, 'build') }), kernels: await import(file) };
}

beforeAll(async () => { ({ kernels, manifest, device } = await compiled('random', randomKernels(seed, count))); }, 300_000);
afterAll(() => device[Symbol.asyncDispose]());

const kernelNamed = (name: string): Kernel<never> => {
  const found = kernels[name];
  if (found === undefined) throw new Error(`no kernel ${name}`);
  return found;
};

describe('generated C++ agrees with the reference', () => {
  property.prop([fc.nat({ max: count - 1 }), length({ max: 150, tile: 128 }), length({ max: 150, tile: 128 }), fc.integer()], { numRuns: 200 })('on random kernels and 200 random shapes, with one compilation', async (index, q, k, drawn) => {
    await agrees(kernelNamed(`k${index}`), { devices: [device], manifest, sizes: { q, k, d: 16 }, seed: drawn });
  });

  property.prop([fc.nat({ max: count - 1 }), fc.constantFrom([0, 5], [5, 0], [0, 0], [1, 1])], { numRuns: 30 })('on empty axes', async (index, [q = 0, k = 0]) => {
    await agrees(kernelNamed(`k${index}`), { devices: [device], manifest, sizes: { q, k, d: 16 }, seed: 1 });
  });
});

describe('where the reference has no number', () => {
  const text = `import { dot, type In, kernel, logSumExp, map, type Out, ragged, softmax, sum } from 'warpfold/dsl';
export const rows = kernel('rows', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>, v: In<'f32', ['k']>): { o: Out<'f32', ['q']>; lse: Out<'f32', ['q']> } => {
  const s = map(x, (x, at) => at.k < at.q ? x : -Infinity);
  return { o: dot(softmax(s, 'k'), v, 'k'), lse: logSumExp(s, 'k') };
});
export const unmasked = kernel('unmasked', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>, v: In<'f32', ['k']>): { o: Out<'f32', ['q']>; lse: Out<'f32', ['q']> } =>
  ({ o: dot(softmax(x, 'k'), v, 'k'), lse: logSumExp(x, 'k') }));
export const scaled = kernel('scaled', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => x > 0 ? x * 0.5 : -x));
export const totals = kernel('totals', { c: 'dynamic', k: ragged('c'), d: 'dynamic' }, (x: In<'f32', ['c', 'k', 'd']>): Out<'f32', ['c', 'd']> => sum(x, 'k'));
`;
  let own: Awaited<ReturnType<typeof compiled>>;
  beforeAll(async () => { own = await compiled('special', text); }, 300_000);
  afterAll(() => own.device[Symbol.asyncDispose]());
  const one = (name: string, sizes: Readonly<Record<string, number | readonly number[]>>, drawn: number, specials = 0): Promise<unknown> => {
    const found = own.kernels[name];
    if (found === undefined) throw new Error(`no kernel ${name}`);
    return agrees(found, { devices: [own.device], manifest: own.manifest, sizes, seed: drawn, values: { x: { specials } } });
  };

  property.prop([length({ max: 140 }), length({ max: 140 }), fc.integer()], { numRuns: 40 })('fully masked rows give 0 and −∞ exactly', async (q, k, drawn) => void await one('rows', { q, k }, drawn));
  property.prop([length({ max: 300 }), fc.integer()], { numRuns: 40 })('NaN, infinities and signed zeros pass through maps', async (q, drawn) => void await one('scaled', { q }, drawn, 0.3));
  property.prop([fc.array(length({ min: 0, max: 70 }), { minLength: 1, maxLength: 5 }), length({ max: 40 }), fc.integer()], { numRuns: 40 })('ragged parts, empty ones too', async (k, d, drawn) => void await one('totals', { c: k.length, k, d }, drawn));

  test('a kernel that forgets its mask is told from one that does not', async () => {
    const twin = own.kernels['unmasked'];
    if (twin === undefined) throw new Error('no twin');
    const posing = { ...twin, kernelName: 'rows', reference: twin.reference };
    await expect(agrees(posing as Kernel<never>, { devices: [own.device], manifest: own.manifest, sizes: { q: 9, k: 40 }, seed: 1 })).rejects.toThrow(/rows on cpu: \d+ of \d+ elements of 'o' differ/);
  });
});
