import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { f32, testDevices } from './testDevices.js';

/** One recorded call on the tensors x and y, of 3 numbers each. */
type Call = (device: Device, x: DeviceTensor, y: DeviceTensor) => void;
const calls: Readonly<Record<string, Call>> = {
  add: (device, x, y) => device.launch('scaleAdd', { a: x, b: x, s: 0.5 }, { out: y }),
  twice: (device, x, y) => device.launch('twicePlusOne', { a: y }, { out: x }),
  copy: (device, x, y) => device.copy(x, y),
};

describe.each(testDevices)('a recording on $kind', ({ build }) => {
  const devices = build();
  const device = devices.open();
  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    devices.remove();
  });

  prop.prop([fc.array(fc.constantFrom(...Object.keys(calls)), { maxLength: 8 }), fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 })], { numRuns: 30 })(
    'does again what was recorded, on what lies in its tensors by then', async (names, inputs) => {
      const work = (x: DeviceTensor, y: DeviceTensor): void => { for (const name of names) calls[name]?.(device, x, y); };
      using x = f32(device, 0, 0, 0);
      using y = f32(device, 1, 1, 1);
      using recording = device.record(() => work(x, y));
      using plainX = f32(device, 0, 0, 0);
      using plainY = f32(device, 1, 1, 1);
      // Nothing has run yet.
      expect([await device.read(x), await device.read(y)]).toEqual([new Float32Array(3), new Float32Array(3).fill(1)]);
      for (const input of inputs) {
        for (const t of [x, plainX]) device.write(t, Float32Array.from(input));
        recording.replay();
        work(plainX, plainY);
        expect([await device.read(x), await device.read(y)]).toEqual([await device.read(plainX), await device.read(plainY)]);
      }
    });

  test('takes lengths of ragged axes from their offsets', async () => {
    using x = f32(device, 1, 2, 4, 8);
    using out = device.alloc('f32', [2]);
    using offsets = device.alloc('i32', [3]);
    using recording = device.record(() => device.launch('raggedSum', { x, 'offsets.k': offsets }, { out }));
    for (const [ends, sums] of [[[0, 1, 2], [1, 2]], [[0, 3, 4], [7, 8]], [[1, 1, 3], [0, 6]]] as const) {
      device.write(offsets, Int32Array.from(ends));
      recording.replay();
      expect(await device.read(out)).toEqual(Float32Array.from(sums));
    }
  });

  test('keeps the memory of its tensors in place, disposed or not, until it is disposed itself', async () => {
    await using other = devices.open();
    const held = other.stats().allocatedBytes;
    const [x, y] = [f32(other, 1, 2, 3), other.alloc('f32', [3])];
    const recording = other.record(() => other.launch('scaleAdd', { a: x, b: x, s: 1 }, { out: y }));
    using seen = other.alloc('f32', [3]);
    const copied = other.record(() => other.copy(seen, y));
    x[Symbol.dispose]();
    y[Symbol.dispose]();
    const later = [1, 2, 3].map(() => f32(other, 9, 9, 9));
    recording.replay();
    copied.replay();
    expect(await other.read(seen)).toEqual(Float32Array.of(2, 4, 6));
    for (const t of later) expect(await other.read(t)).toEqual(Float32Array.of(9, 9, 9));
    const { allocatedBytes } = other.stats();
    recording[Symbol.dispose]();
    copied[Symbol.dispose]();
    await other.sync();
    for (const t of later) t[Symbol.dispose]();
    seen[Symbol.dispose]();
    expect(other.stats().allocatedBytes).toBeLessThan(allocatedBytes);
    expect(other.stats().allocatedBytes).toBe(held);
  });

  prop.prop([fc.integer({ min: 2, max: 40 })], { numRuns: 5 })('holds scratch memory for one of its launches, however many there are', async (count) => {
    const heldBy = async (launches: number): Promise<number> => {
      await using other = devices.open();
      using a = other.alloc('f32', [1000]);
      using out = other.alloc('f32', [1000]);
      const before = other.stats().peakBytes;
      using _ = other.record(() => { for (let i = 0; i < launches; i++) other.launch('twicePlusOne', { a }, { out }); });
      return other.stats().peakBytes - before;
    };
    expect(await heldBy(1)).toBeGreaterThan(0);
    expect(await heldBy(count)).toBe(await heldBy(1));
  });

  test('gives its scratch memory back when it is disposed', async () => {
    await using other = devices.open();
    using a = f32(other, 1, 2, 3);
    using out = other.alloc('f32', [3]);
    const { allocatedBytes } = other.stats();
    const recording = other.record(() => other.launch('twicePlusOne', { a }, { out }));
    recording.replay();
    expect(await other.read(out)).toEqual(Float32Array.of(3, 5, 7));
    recording[Symbol.dispose]();
    await other.sync();
    expect(other.stats().allocatedBytes).toBe(allocatedBytes);
  });

  test('that was disposed is refused', () => {
    using out = f32(device, 1, 2, 3);
    const recording = device.record(() => device.copy(out, out));
    recording[Symbol.dispose]();
    recording[Symbol.dispose]();
    expect(() => recording.replay()).toThrow(expect.objectContaining({ code: 'R011', message: 'a recording that was disposed' }));
  });

  test('takes launches and copies alone, and the device goes on where its work throws', async () => {
    using out = f32(device, 1, 2, 3);
    for (const work of [() => device.write(out, new Float32Array(3)), () => { device.record(() => {}); }]) {
      expect(() => device.record(work)).toThrow(expect.objectContaining({ code: 'R010' }));
    }
    device.launch('twicePlusOne', { a: f32(device, 1, 2, 3) }, { out });
    expect(await device.read(out)).toEqual(Float32Array.of(3, 5, 7));
  });
});

describe('cancel', () => {
  const [cpu] = testDevices;
  const devices = cpu?.build();
  afterAll(() => devices?.remove());

  test('ends a recording that runs on the CPU at its next launch', async () => {
    if (devices === undefined) throw new Error('there is no CPU');
    await using device = devices.open();
    using count = device.alloc('i32', []);
    device.write(count, Int32Array.of(0));
    using recording = device.record(() => { for (let i = 0; i < 50; i++) device.launch('nap', { milliseconds: 40 }, { count }); });
    recording.replay();
    const waiting = Promise.allSettled([device.sync()]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    device.cancel();
    expect(await waiting).toMatchObject([{ status: 'rejected', reason: { code: 'R017' } }]);
    await device.sync();
    const [ran = 0] = await device.read(count);
    expect(ran).toBeLessThan(50);
    // The next one runs whole.
    using once = device.record(() => device.launch('nap', { milliseconds: 0 }, { count }));
    once.replay();
    expect(await device.read(count)).toEqual(Int32Array.of(ran + 1));
  });
});
