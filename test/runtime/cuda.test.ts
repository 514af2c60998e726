import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { KernelEntry, LaunchSpec, Manifest } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { probe } from '../../runtime/gpu.js';
import { testGpu } from './testDevices.js';

// What only a GPU's device does; what it shares with the CPU's is in device.test.ts and launch.test.ts.

const fake = testGpu();
afterAll(() => fake.remove());
afterEach(() => {
  fake.set({});
  fake.log();
});

const error = (code: string, message: string | RegExp) => expect.objectContaining({ name: 'RuntimeError', code, message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message) });
const f32 = (device: Device, ...values: number[]) => {
  const t = device.alloc('f32', [values.length]);
  device.write(t, Float32Array.from(values));
  return t;
};
const scaleAdd = (device: Device, n = 3) => {
  const a = f32(device, ...new Array<number>(n).fill(1));
  const out = device.alloc('f32', [n]);
  device.launch('scaleAdd', { a, b: a, s: 1 }, { out });
  return out;
};
const logged = (word: string) => fake.log().filter((line) => line.startsWith(word));

describe('what keeps a GPU from being used is one sentence', () => {
  test.for([
    ['R020', /^there is no GPU driver: libnowhere\.so: cannot open shared object file: No such file or directory$/, {}, { library: 'libnowhere.so' }],
    ['R020', /: the library is no CUDA driver: it does not say its version$/, {}, { library: 'libc.so.6' }],
    ['R020', /^the GPU driver sees no GPU$/, { devices: 0 }, {}],
    ['R020', /^there is no GPU 2; there are 0: Fake GPU 0, 1: Fake GPU 1$/, { devices: 2 }, { index: 2 }],
    ['R020', /^Fake GPU 0 has compute capability 7\.5, kernels need 8\.0 or later$/, { capability: 75 }, {}],
    ['R020', /^the GPU driver does not start: cuInit failed with CUDA_ERROR_SYSTEM_DRIVER_MISMATCH \(system has unsupported/, { fail: 'cuInit=803' }, {}],
    ['R020', /libcuda\.so\.1: the CUDA driver has no cuGraphLaunch$/, { without: 'cuGraphLaunch' }, {}],
    ['R021', /^the GPU driver is made for CUDA 12\.4, the kernels need CUDA 13\.0; install a GPU driver of version 580 or later$/, { version: 12040 }, {}],
  ] as const)('%s %s', ([code, message, world, choice]) => {
    fake.set(world);
    expect(() => fake.open(choice)).toThrow(error(code, message));
    expect(probe({ library: fake.library, ...choice }).cuda).toEqual({ why: expect.stringMatching(message) });
  });

  test('and one that can be used is described', async () => {
    await using device = fake.open();
    expect([device.kind, device.description]).toEqual(['cuda', 'Fake GPU 0, 132 multiprocessors, 1 GiB, compute capability 9.0, driver for CUDA 13.0']);
    expect(probe({ library: fake.library }).cuda).toEqual({ name: 'Fake GPU 0', major: 9, minor: 0, processors: 132, memoryBytes: 2 ** 30 });
  });
});

const spec = (symbol: string, more: Partial<LaunchSpec> = {}): LaunchSpec => ({ symbol, file: 'cuda/kernels.sm_80.cu', args: [], grid: [], threads: 128, sharedBytes: 0, ...more });
const entry = (launch: LaunchSpec, more: Partial<KernelEntry['variants'][number]> = {}): KernelEntry =>
  ({ source: 'kernels/mine.ts', sizes: {}, params: [], results: [], variants: [{ variant: '', target: 'sm_80', dtypes: {}, fixed: {}, scratch: [], certificates: [], launches: [launch], ...more }] });

describe('what keeps a kernel from running on a GPU is one sentence, and the device goes on', () => {
  fake.image('broken', 'not an image');
  fake.image('elsewhere', 'ERROR 209');
  fake.image('newer', 'ERROR 222');
  const kernels: Manifest['kernels'] = {
    ...fake.manifest.kernels,
    cpuOnly: { ...entry(spec('x')), variants: [{ ...entry(spec('x')).variants[0]!, target: 'cpu' }] },
    absent: entry(spec('x', { file: 'cuda/absent.sm_80.cu' })),
    broken: entry(spec('x', { file: 'cuda/broken.sm_80.cu' })),
    elsewhere: entry(spec('x', { file: 'cuda/elsewhere.sm_80.cu' })),
    newer: entry(spec('x', { file: 'cuda/newer.sm_80.cu' })),
    noFunction: entry(spec('missing')),
    large: entry(spec('nap', { sharedBytes: 300_000 })),
    crowded: entry(spec('fails', { threads: 2048 })),
  };
  test.for([
    ['nowhere', 'R101', "no kernel is called 'nowhere'; the manifest has scaleAdd, "],
    ['cpuOnly', 'R107', "kernel 'cpuOnly' was not compiled for sm_80; run `warpfold compile kernels/mine.ts --target sm_80`"],
    ['absent', 'R112', /^kernel 'absent' has not been built for CUDA: there is no .*cuda\/absent\.fatbin; put nvcc on the PATH and run `warpfold build`$/],
    ['broken', 'R113', /broken\.fatbin: the kernel file does not load: cuModuleLoadData failed with CUDA_ERROR_INVALID_IMAGE \(.*\); run `warpfold build`$/],
    ['elsewhere', 'R114', /elsewhere\.fatbin: the kernel file has no code for a GPU of compute capability 9\.0: .*CUDA_ERROR_NO_BINARY_FOR_GPU/],
    ['newer', 'R114', /newer\.fatbin: the kernel file has no code for a GPU of compute capability 9\.0: .*CUDA_ERROR_UNSUPPORTED_PTX_VERSION/],
    ['noFunction', 'R113', "the kernel file has no function 'missing'"],
    ['large', 'R114', "kernel 'large' (kernels/mine.ts): a block needs 300000 bytes of shared memory, this GPU has 232448"],
  ] as const)('%s: %s %s', async ([name, code, message]) => {
    await using device = fake.open({ manifest: { kernels } });
    expect(() => device.launch(name, {}, {})).toThrow(error(code, message));
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });

  test('a launch that the driver refuses fails where one waits, with call, code, kernel, its source and its shape', async () => {
    await using device = fake.open({ manifest: { kernels } });
    device.launch('crowded', {}, {});
    await expect(device.sync()).rejects.toEqual(error('R022', "kernel 'crowded' (kernels/mine.ts): cuLaunchKernel failed with CUDA_ERROR_INVALID_VALUE (invalid argument), launched as 1 blocks of 2048 threads with 0 bytes of shared memory"));
    await device.sync();
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });
});

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
    expect(logged('graph')).toEqual(['graph of 60']);
  });

  test('share an axis in as many parts as fill the device, and scratch and arguments say so', async () => {
    const parts: KernelEntry = {
      ...entry(spec('parts', { args: [{ kind: 'result', name: 'out' }, { kind: 'size', axis: 'part' }], grid: [{ axis: 'g', block: 1 }, { axis: 'part', block: 1 }] }), {
        split: { axis: 'part', of: 'k', step: 64, blocksPerProcessor: 1 }, scratch: [{ name: 'm', dtype: 'f32', order: ['g', 'part'] }],
      }),
      sizes: { g: { kind: 'dynamic' }, k: { kind: 'dynamic' } }, params: [{ name: 'x', dtype: 'f32', order: ['g', 'k'] }], results: [{ name: 'out', dtype: 'i32', order: [] }],
    };
    await using device = fake.open({ manifest: { kernels: { parts } } });
    using out = device.alloc('i32', []);
    for (const [g, k, expected] of [[8, 131072, 15], [8, 64, 1], [8, 65, 2], [132, 4096, 1], [8, 0, 1]] as const) {
      using x = device.alloc('f32', [g, k]);
      device.launch('parts', { x }, { out });
      expect([g, k, await device.read(out)]).toEqual([g, k, Int32Array.of(expected)]);
    }
    expect(logged('launch')[0]).toBe('launch parts 120 128 0');
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

describe('an error that ends the context', () => {
  test('names what was under way, and every later call says that the device is lost', async () => {
    await using device = fake.open();
    const out = scaleAdd(device);
    device.launch('fails', {}, {});
    await expect(device.sync()).rejects.toEqual(error('R022', /^cuStreamSynchronize failed with CUDA_ERROR_ILLEGAL_ADDRESS \(an illegal memory access was encountered\); under way were kernel 'fails' \(fixtures\/kernels\.cpp\) as 1 blocks of 128 threads with 0 bytes of shared memory, kernel 'scaleAdd' /));
    const lost = error('R023', /^the device is lost since a failure: cuStreamSynchronize failed with CUDA_ERROR_ILLEGAL_ADDRESS .*; close this device and open it again$/);
    for (const use of [() => device.alloc('f32', [1]), () => device.write(out, new Float32Array(3)), () => device.launch('scaleAdd', { a: out, b: out, s: 1 }, { out: out.slice(0, 0) }), () => device.trim()]) expect(use).toThrow();
    expect(() => device.alloc('f32', [1])).toThrow(lost);
    await expect(device.read(out)).rejects.toEqual(lost);
    await expect(device.sync()).rejects.toEqual(lost);
    await expect(device.time(() => {})).rejects.toEqual(lost);
  });

  test('does not outlive the device', async () => {
    await using device = fake.open();
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });

  test('with debug names the one launch that caused it', async () => {
    await using device = fake.open({ debug: true });
    scaleAdd(device);
    device.launch('fails', {}, {});
    await expect(device.sync()).rejects.toEqual(error('R022', /under way were kernel 'fails' \([^,]*$/));
  });

  test.for(['cuMemAlloc', 'cuMemcpyHtoDAsync', 'cuMemcpyDtoHAsync', 'cuLaunchKernel', 'cuStreamSynchronize', 'cuGraphLaunch', 'cuGraphInstantiateWithFlags', 'cuStreamEndCapture', 'cuEventRecord', 'cuMemcpyDtoDAsync'])('in %s is named, whether the context survives it or not', async (call) => {
    for (const code of [1, 719]) {
      await using device = fake.open();
      fake.set({ fail: `${call}=${code}` });
      const work = async () => {
        const out = scaleAdd(device);
        device.record(() => device.copy(out, out)).replay();
        await device.read(out);
        await device.sync();
      };
      // Where the context is lost, the next launch may say so before anyone waits.
      const failed = `${call} failed with ${code === 1 ? 'CUDA_ERROR_INVALID_VALUE' : 'CUDA_ERROR_LAUNCH_FAILED'}`;
      await expect(work()).rejects.toMatchObject({ code: expect.stringMatching(code === 1 ? /^R022$/ : /^R02[23]$/), message: expect.stringContaining(failed) });
      fake.set({});
      await device.sync().catch(() => {});
      if (code === 1) expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
      else expect(() => scaleAdd(device)).toThrow(error('R023', failed));
    }
  });
});
