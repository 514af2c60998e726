import { fileURLToPath } from 'node:url';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
import { fakeCuda } from './fakeCuda/fake.js';
import { buildTestKernels, testManifest } from './testKernels.js';

/** The hand-written kernels. */
export const testSource = fileURLToPath(new URL('fixtures/kernels.cpp', import.meta.url));

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
      const fake = fakeCuda(testManifest, testSource);
      return { kind: 'cuda', open: () => fake.open(), remove: fake.remove };
    },
  },
];
