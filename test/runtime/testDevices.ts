import { join } from 'node:path';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
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
