import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { KernelEntry, LaunchSpec, Manifest } from '../../dsl/manifest.js';
import { probe } from '../../runtime/gpu.js';
import { runtimeError as error, scaleAdd, testGpu } from './testDevices.js';

// What a GPU lacks, and what fails on it.

const fake = testGpu();
afterAll(() => fake.remove());
afterEach(() => {
  fake.set({});
  fake.log();
});

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

const spec = (symbol: string, more: Partial<LaunchSpec> = {}): LaunchSpec => ({ symbol, file: 'cuda/kernels.sm_80.cu', line: 12, args: [], grid: [], threads: 128, sharedBytes: 0, ...more });
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
    endless: { ...entry(spec('fails', { grid: [{ axis: 'q', block: 64 }, { axis: 'f', block: 1 }] })), sizes: { q: { kind: 'dynamic' }, f: { kind: 'dynamic' } } },
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
    ['large', 'R114', "kernel 'large' (kernels/mine.ts:12): a block needs 300000 bytes of shared memory, this GPU has 232448"],
  ] as const)('%s: %s %s', async ([name, code, message]) => {
    await using device = fake.open({ manifest: { kernels } });
    expect(() => device.launch(name, {}, {})).toThrow(error(code, message));
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });

  test('more blocks than a launch counts are refused before the driver hears of them', async () => {
    await using device = fake.open({ manifest: { kernels } });
    const launch = (q: number, f: number) => () => device.launch('endless', {}, {}, { q, f });
    expect(launch(64 * 2 ** 11, 2 ** 20)).toThrow(error('R013', "kernel 'endless': 2147483648 blocks (q 131072 by 64, f 1048576 by 1) are more than a launch counts; launch it on slices"));
    expect(fake.log().filter((l) => l.startsWith('launch'))).toEqual([]);
    expect(launch(0, 2 ** 31 - 1)).not.toThrow();
    await device.sync();
  });

  test('a launch that the driver refuses fails where one waits, with call, code, kernel, its source and its shape', async () => {
    await using device = fake.open({ manifest: { kernels } });
    device.launch('crowded', {}, {});
    await expect(device.sync()).rejects.toEqual(error('R022', "kernel 'crowded' (kernels/mine.ts:12): cuLaunchKernel failed with CUDA_ERROR_INVALID_VALUE (invalid argument), launched as 1 blocks of 2048 threads with 0 bytes of shared memory"));
    await device.sync();
    expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
  });
});

describe('an error that ends the context', () => {
  test('names what was under way, and every later call says that the device is lost', async () => {
    await using device = fake.open();
    const out = scaleAdd(device);
    device.launch('fails', {}, {});
    await expect(device.sync()).rejects.toEqual(error('R022', /^cuStreamSynchronize failed with CUDA_ERROR_ILLEGAL_ADDRESS \(an illegal memory access was encountered\); under way were kernel 'fails' \(fixtures\/kernels\.cpp:7\) as 1 blocks of 128 threads with 0 bytes of shared memory, kernel 'scaleAdd' /));
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
      // Kernels are loaded by the thread that asks for them: with the context lost, that might say so first.
      await device.read(scaleAdd(device));
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
