import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { KernelEntry } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { f32, runtimeError as error, scaleAdd, testGpu } from './testDevices.js';

// What only a GPU's device does; what it shares with the CPU's is in device.test.ts and launch.test.ts.

const fake = testGpu();
afterAll(() => fake.remove());
afterEach(() => {
  fake.set({});
  fake.log();
});

const logged = (word: string) => fake.log().filter((line) => line.startsWith(word));

describe('memory', () => {
  test('too little of it is one sentence, and the device goes on', async () => {
    fake.set({ memory: 10 << 20 });
    await using device = fake.open();
    expect(() => device.alloc('f32', [4 << 20])).toThrow(error('R014', "a tensor of 16 MiB exceeds the GPU's 10 MiB"));
    using _most = device.alloc('f32', [2 << 20]);
    expect(() => device.alloc('f32', [1 << 20])).toThrow(error('R014', "no 4 MiB left: the device holds 8 MiB of the GPU's 10 MiB; dispose tensors, call trim(), or use smaller chunks"));
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });

  test('of others counts too', async () => {
    await using one = fake.open();
    await using other = fake.open();
    const { capacityBytes } = one.stats();
    expect(capacityBytes).toBe(1 << 30);
    other.alloc('f32', [1 << 20]);
    expect([one.stats().capacityBytes, other.stats().capacityBytes]).toEqual([(1 << 30) - (4 << 20), 1 << 30]);
    fake.set({ fail: 'cuMemAlloc=2' });
    expect(() => one.alloc('f32', [1])).toThrow(error('R014', 'left: the device holds 0 MiB'));
  });

  test('blocks kept for reuse are given back before it is too little, once the work on them has run', async () => {
    fake.set({ memory: 10 << 20 });
    await using device = fake.open();
    using out = device.alloc('f32', [1]);
    const small = device.alloc('f32', [1 << 20]);
    device.write(small, new Float32Array(1 << 20).fill(7));
    device.copy(out, small.slice(0, 1));
    small[Symbol.dispose]();
    using large = device.alloc('f32', [2 << 20]);
    expect(large.byteLength).toBe(8 << 20);
    expect(await device.read(out)).toEqual(Float32Array.of(7));
    expect(device.stats().peakBytes).toBeLessThan(9 << 20);
  });

  test('more than both staging buffers hold arrives whole, from the heap', async () => {
    await using device = fake.open();
    const data = Int32Array.from({ length: 40 << 20 }, (_, i) => i * 2654435761);
    using x = device.alloc('i32', [data.length]);
    device.write(x, data);
    expect(Buffer.compare(new Uint8Array((await device.read(x)).buffer), new Uint8Array(data.buffer))).toBe(0);
  });

  test('is all given back on close, with streams and events', async () => {
    const device = fake.open();
    const out = scaleAdd(device);
    await device.time(() => scaleAdd(device));
    const recording = device.record(() => device.copy(out, out));
    recording.replay();
    void device.time(() => {}).catch(() => {});
    await device[Symbol.asyncDispose]();
    expect(fake.log().at(-1)).toBe('closed, left 0 blocks, 0 pinned, 0 streams, 0 events');
    out[Symbol.dispose]();
  });
});

describe('launches', () => {
  test('run as many blocks as the grid has at these sizes, and none where an axis is empty', async () => {
    await using device = fake.open();
    scaleAdd(device, 64);
    scaleAdd(device, 65);
    scaleAdd(device, 0);
    await device.sync();
    expect(logged('launch')).toEqual(['launch scaleAdd 1 128 0', 'launch scaleAdd 2 128 0']);
  });

  test('load a file and ask for much shared memory once', async () => {
    const { scaleAdd: plain } = fake.manifest.kernels;
    const [variant] = plain?.variants ?? [];
    const wide = { ...plain!, variants: [{ ...variant!, launches: variant!.launches.map((l) => ({ ...l, sharedBytes: 100_000 })) }] };
    await using device = fake.open({ manifest: { kernels: { scaleAdd: wide } } });
    for (let i = 0; i < 3; i++) scaleAdd(device);
    await device.sync();
    expect(fake.log().filter((l) => /^(loaded|shared|launch)/.test(l))).toEqual([expect.stringMatching(/^loaded/), 'shared scaleAdd 100000', ...new Array<string>(3).fill('launch scaleAdd 1 128 100000')]);
  });

  test('of 200 shapes load and look up what the first one did, and no more', async () => {
    await using device = fake.open();
    for (let n = 1; n <= 200; n++) scaleAdd(device, n);
    await device.sync();
    const lines = fake.log();
    expect(lines.filter((l) => l.startsWith('launch')).length).toBe(200);
    expect(lines.filter((l) => /^(loaded|found)/.test(l))).toEqual([expect.stringMatching(/^loaded/), 'found scaleAdd']);
  });

  test('of a recording become one graph, made once', async () => {
    await using device = fake.open();
    const out = scaleAdd(device);
    using recording = device.record(() => {
      for (let i = 0; i < 30; i++) device.launch('twicePlusOne', { a: out }, { out: device.alloc('f32', [3]) });
    });
    for (let i = 0; i < 5; i++) recording.replay();
    await device.sync();
    const lines = fake.log();
    expect([lines.filter((l) => l.startsWith('graph')), lines.filter((l) => l === 'replayed').length]).toEqual([['graph of 60 with 59'], 5]);
  });

  test('share an axis in as many parts as fill the device, and scratch and arguments say so', async () => {
    const parts: KernelEntry = {
      source: 'fixtures/kernels.cpp', sizes: { g: { kind: 'dynamic' }, k: { kind: 'dynamic' } },
      params: [{ name: 'x', dtype: 'f32', order: ['g', 'k'] }], results: [{ name: 'out', dtype: 'i32', order: [] }],
      variants: [{
        variant: '', target: 'sm_80', dtypes: {}, fixed: {}, certificates: [],
        split: { axis: 'part', of: 'k', step: 64, blocksPerProcessor: 1 }, scratch: [{ name: 'm', dtype: 'f32', order: ['g', 'part'] }],
        launches: [{
          symbol: 'parts', file: 'cuda/kernels.sm_80.cu', line: 1, threads: 128, sharedBytes: 0,
          args: [{ kind: 'result', name: 'out' }, { kind: 'size', axis: 'part' }], grid: [{ axis: 'g', block: 1 }, { axis: 'part', block: 1 }],
        }],
      }],
    };
    await using device = fake.open({ manifest: { kernels: { parts } } });
    using out = device.alloc('i32', []);
    for (const [g, k, expected] of [[8, 131072, 16], [8, 64, 1], [8, 65, 2], [132, 4096, 1], [8, 0, 1]] as const) {
      using x = device.alloc('f32', [g, k]);
      device.launch('parts', { x }, { out });
      expect([g, k, await device.read(out)]).toEqual([g, k, Int32Array.of(expected)]);
    }
    expect(logged('launch')[0]).toBe('launch parts 128 128 0');
  });
});

describe('cancel', () => {
  test('leaves at most 24 launches to run', async () => {
    await using device = fake.open();
    const count = device.alloc('i32', []);
    device.write(count, Int32Array.of(0));
    for (let i = 0; i < 1000; i++) device.launch('nap', { milliseconds: 1 }, { count });
    const waiting = Promise.allSettled([device.read(count), device.sync()]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    device.cancel();
    const [{ length }] = [logged('launch')];
    for (const outcome of await waiting) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'R017' } });
    await device.sync();
    const [ran = 0] = await device.read(count);
    expect(ran).toBeLessThan(1000);
    expect(logged('launch').length).toBeLessThanOrEqual(1);
    expect(ran).toBeLessThanOrEqual(length + 1);
  });
});

describe('offsets', () => {
  const sum = (device: Device, offsets: ReturnType<Device['alloc']>) => device.launch('raggedSum', { x: f32(device, 1, 2, 3), 'offsets.k': offsets }, { out: device.alloc('f32', [2]) });
  const written = (device: Device, ...values: number[]) => {
    const t = device.alloc('i32', [values.length]);
    device.write(t, Int32Array.from(values));
    return t;
  };

  test('that another tensor was copied over are only checked with debug', async () => {
    for (const debug of [false, true]) {
      await using device = fake.open({ debug });
      const offsets = written(device, 0, 1, 3);
      sum(device, offsets);
      await device.sync();
      device.copy(offsets, written(device, 0, 9, 3));
      sum(device, offsets);
      const done = device.sync();
      if (debug) await expect(done).rejects.toEqual(error('R110', "kernel 'raggedSum': offsets give position 0 a length of 9"));
      else await done;
    }
  });

  test('are checked at each replay with debug, which makes no graph', async () => {
    await using device = fake.open({ debug: true });
    const [x, out, offsets] = [f32(device, 1, 2, 3), device.alloc('f32', [2]), written(device, 0, 1, 3)];
    using recording = device.record(() => device.launch('raggedSum', { x, 'offsets.k': offsets }, { out }));
    recording.replay();
    await device.sync();
    device.write(offsets, Int32Array.of(0, 3, 2));
    recording.replay();
    await expect(device.sync()).rejects.toEqual(error('R110', "kernel 'raggedSum': offsets fall from 3 to 2"));
    expect(logged('graph')).toEqual([]);
  });

  test('are checked as the last write left them when a launch was queued, whatever is written later', async () => {
    await using device = fake.open();
    const offsets = written(device, 0, 3, 2);
    sum(device, offsets);
    device.write(offsets, Int32Array.of(0, 1, 3));
    sum(device, offsets);
    await expect(device.sync()).rejects.toEqual(error('R110', 'offsets fall from 3 to 2'));
    await device.sync();
  });
});
