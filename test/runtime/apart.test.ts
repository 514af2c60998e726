import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { commands, look, type Model } from './memoryCommands.js';
import { testGpu } from './testDevices.js';

describe('memory of a GPU whose tensors lie apart', () => {
  const fake = testGpu();
  afterAll(() => fake.remove());
  /** Sizes of what was allocated and freed since the last call, in order. */
  const moved = (): readonly string[] => fake.log().filter((l) => /^(allocated|freed) /.test(l));
  beforeEach(() => { fake.log(); });

  test('is allocated for each with exactly its bytes, and given back when it is disposed', async () => {
    await using device = fake.open({ apart: true });
    const odd = device.alloc('i32', [3]);
    const empty = device.alloc('f32', [0]);
    odd[Symbol.dispose]();
    await device.sync();
    using again = device.alloc('i32', [3]);
    empty[Symbol.dispose]();
    await device.sync();
    expect(moved()).toEqual(['allocated 12', 'allocated 1', 'freed 12', 'allocated 12', 'freed 1']);
    expect([again.byteLength, device.stats().allocatedBytes]).toEqual([12, 12]);
  });

  test('is freed behind the work that still uses it, scratch and recordings too', async () => {
    await using device = fake.open({ apart: true });
    const a = device.alloc('f32', [3]);
    using out = device.alloc('f32', [3]);
    device.write(a, Float32Array.of(1, 2, 3));
    using recording = device.record(() => device.launch('twicePlusOne', { a }, { out }));
    a[Symbol.dispose]();
    recording.replay();
    expect(await device.read(out)).toEqual(Float32Array.of(3, 5, 7));
    expect(moved()).toEqual(['allocated 12', 'allocated 12', 'allocated 12']);
    recording[Symbol.dispose]();
    await device.sync();
    expect(moved()).toEqual(['freed 12', 'freed 12']);
  });

  prop.prop([commands], { numRuns: 30 })('whatever is allocated, disposed, sliced, copied and trimmed: tensors never overlap, nothing is held that is not alive', async (run) => {
    await using device = fake.open({ apart: true });
    const busy = device.alloc('i32', []);
    const model: Model = { live: [], stamp: 0, peak: 0 };
    await fc.asyncModelRun(() => ({ model, real: { device, busy } }), run);
    await look.run(model, { device, busy });
    expect(device.stats().allocatedBytes).toBe(4 + model.live.reduce((n, { values }) => n + Math.max(1, values.byteLength), 0));
    const live = model.live.length + 1;
    for (const { tensor } of model.live) tensor[Symbol.dispose]();
    busy[Symbol.dispose]();
    await device.sync();
    const all = moved();
    expect(all.filter((l) => l.startsWith('allocated')).length).toBe(all.filter((l) => l.startsWith('freed')).length);
    expect(all.length).toBeGreaterThanOrEqual(2 * live);
  });
});
