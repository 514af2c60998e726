import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { commands, look, type Model } from './memoryCommands.js';
import { testDevices } from './testDevices.js';

describe.each(testDevices)('memory of $kind', ({ build }) => {
  const devices = build();
  afterAll(() => devices.remove());

  prop.prop([commands], { numRuns: 60 })('whatever is allocated, disposed, sliced, copied and trimmed: tensors never overlap, nothing leaks', async (run) => {
    await using device = devices.open();
    const busy = device.alloc('i32', []);
    const model: Model = { live: [], stamp: 0, peak: 0 };
    await fc.asyncModelRun(() => ({ model, real: { device, busy } }), run);
    await look.run(model, { device, busy });
    for (const { tensor } of model.live) tensor[Symbol.dispose]();
    busy[Symbol.dispose]();
    expect(device.stats().allocatedBytes).toBe(0);
  });

  test('disposed memory is used again, and trim gives it back', async () => {
    await using device = devices.open();
    for (let i = 0; i < 10; i++) device.alloc('f32', [1000])[Symbol.dispose]();
    const once = device.stats().peakBytes;
    expect(once).toBeLessThan(2 * 4000);
    device.trim();
    using bigger = device.alloc('f32', [2000]);
    expect(device.stats().peakBytes).toBeLessThan(once + bigger.byteLength);
  });
});
