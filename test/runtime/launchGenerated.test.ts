import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { DType } from '../../dsl/dtype.js';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { addon } from '../../runtime/addon.js';
import { openCpu } from '../../runtime/cpu.js';
import type { DeviceTensor } from '../../runtime/device.js';
import { typedLaunch } from '../../runtime/launch.js';
import { signature } from '../../runtime/signature.js';

const kernelsDir = fileURLToPath(new URL('../../build/kernels', import.meta.url));
const device = openCpu({ manifest, kernelsDir, threads: 2 });
const launch = typedLaunch<typeof manifest>(device);
afterAll(() => device[Symbol.asyncDispose]());

const kernels: readonly (readonly [string, KernelEntry])[] = Object.entries<KernelEntry>((manifest satisfies Manifest).kernels);

describe('the manifest and what was built from it agree', () => {
  test.for(kernels)('%s: every argument of every launch is a parameter, a result, scratch, offsets or a size', ([name, entry]) => {
    for (const target of ['cpu', 'sm_80'] as const) {
      const launches = signature(name, entry, [target]).variants.flatMap((v) => v.launches);
      expect(launches.flatMap((l) => l.args).filter((a) => a.index < 0)).toEqual([]);
      expect(launches.flatMap((l) => l.grid).filter((g) => g.axis < 0)).toEqual([]);
    }
  });

  test.for(kernels)('%s: the library has every function, for every instruction set that was built', ([, entry]) => {
    const native = addon();
    const thread = new native.DeviceThread(1);
    const libraries = ['x86-64-v2', 'x86-64-v3', 'x86-64-v4'].map((set) => (file: string) => `${kernelsDir}/cpu/${set}/${basename(file, '.cpp')}.so`);
    const launches = entry.variants.filter((v) => v.target === 'cpu').flatMap((v) => v.launches);
    const resolved = launches.flatMap(({ file, symbol }) => libraries.map((path) => path(file)).filter((path) => existsSync(path)).map((path) => thread.resolve(new native.CpuModule(path), symbol, symbol)));
    expect(resolved.length).toBeGreaterThanOrEqual(launches.length);
    thread.close();
  });
});

test('rmsNorm, launched with the types of its manifest entry, normalises', async () => {
  using x = device.alloc('f32', [2, 3]);
  using gain = device.alloc('f32', [3]);
  using out = device.alloc('f32', [2, 3]);
  device.write(x, Float32Array.of(1, 2, 2, 0, 0, 3));
  device.write(gain, Float32Array.of(1, 1, 2));
  launch('rmsNorm', { x, gain, eps: 0 }, { out });
  // Both rows have a mean square of 3.
  const norm = Math.sqrt(3);
  // Three operations and a square root, each within a unit in the last place of values up to 4.
  const bound = 8 * 4 * 2 ** -24;
  const expected = [1, 2, 4, 0, 0, 6].map((v) => v / norm);
  const read = await device.read(out);
  expected.forEach((v, i) => { expect(Math.abs((read[i] ?? Number.NaN) - v)).toBeLessThanOrEqual(bound); });
});

test('the type of launch knows the generated kernels and their dtypes', () => {
  type Takes<Gain extends DType, Result extends DType> = ['rmsNorm', { x: DeviceTensor<'f32'>; gain: DeviceTensor<Gain>; eps: number }, { out: DeviceTensor<Result> }] extends Parameters<typeof launch<'rmsNorm'>> ? true : false;
  expectTypeOf<Takes<'f32', 'f32'>>().toEqualTypeOf<true>();
  expectTypeOf<Takes<'bf16', 'bf16'>>().toEqualTypeOf<true>();
  expectTypeOf<Takes<'f32', 'bf16'>>().toEqualTypeOf<false>();
  expectTypeOf<Takes<'f16', 'f16'>>().toEqualTypeOf<false>();
});
