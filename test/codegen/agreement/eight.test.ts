import { expect, test } from 'vitest';
import { agrees } from '../../kit/index.js';
import * as eight from './kernels/eight.js';

// A kernel of products is compiled in many forms, each of which takes the emulator's compiler seconds.
test.each(Object.values(eight).map((k) => [k.kernelName, k] as const))('%s agrees with its own code in float64, compiled for the processor and for the emulated GPU', { timeout: 600_000 }, async (name, kernel) => {
  const { checked, missing } = await agrees(kernel, { devices: ['cpu', 'emulator'], numRuns: name === 'attended' || name === 'multiplied' ? 8 : 25 });
  expect([checked, missing]).toEqual([['cpu', 'emulator'], []]);
});
