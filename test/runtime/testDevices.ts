import { join } from 'node:path';
import { expect } from 'vitest';
import { openCpu } from '../../runtime/cpu.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { type FakeCuda, fakeCuda } from './fakeCuda/fake.js';
import { buildTestKernels, testManifest } from './testKernels.js';

/** The hand-written kernels behind a driver on host memory. */
export function testGpu(): FakeCuda {
  const kernels = buildTestKernels();
  const fake = fakeCuda(testManifest, (file) => join(kernels.kernelsDir, 'cpu', 'x86-64-v2', `${file}.so`));
  return {
    ...fake,
    remove: () => {
      fake.remove();
      kernels.remove();
    },
  };
}

/** A device on which the hand-written kernels run. */
export interface TestDevice { readonly kind: 'cpu' | 'cuda'; open(): Device; remove(): void }

/** Both devices of the addon: the processor, and a GPU behind a driver on host memory. */
export const testDevices: readonly { readonly kind: TestDevice['kind']; build(): TestDevice }[] = [
  {
    kind: 'cpu',
    build: () => {
      const kernels = buildTestKernels();
      return { kind: 'cpu', open: () => openCpu({ manifest: testManifest, kernelsDir: kernels.kernelsDir, threads: 1 }), remove: kernels.remove };
    },
  },
  {
    kind: 'cuda',
    build: () => {
      const fake = testGpu();
      return { kind: 'cuda', open: () => fake.open(), remove: fake.remove };
    },
  },
];

/** Matches a RuntimeError by its code and what its message contains or looks like. */
export const runtimeError = (code: string, message: string | RegExp): unknown =>
  expect.objectContaining({ name: 'RuntimeError', code, message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message) });

/** A tensor of these numbers. */
export function f32(device: Device, ...values: readonly number[]): DeviceTensor<'f32'> {
  const t = device.alloc('f32', [values.length]);
  device.write(t, Float32Array.from(values));
  return t;
}

/** Launches a kernel that makes a tensor of n twos. */
export function scaleAdd(device: Device, n = 3): DeviceTensor<'f32'> {
  const a = f32(device, ...new Array<number>(n).fill(1));
  const out = device.alloc('f32', [n]);
  device.launch('scaleAdd', { a, b: a, s: 1 }, { out });
  return out;
}
