import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openDevice } from '../../runtime/openDevice.js';
import { testGpu } from './testDevices.js';

const fake = testGpu();
const { notBuilt: _, noSymbol: __, gpuOnly: ___, ...built } = fake.manifest.kernels;
afterAll(() => fake.remove());
afterEach(() => fake.set({}));

/** The kind of device that was opened, and what is said of the choice. */
async function open(...[name, options]: Partial<Parameters<typeof openDevice>>): Promise<readonly [string, string]> {
  const { device, choice } = openDevice(name ?? 'auto', { manifest: { kernels: built }, kernelsDir: fake.kernelsDir, library: fake.library, ...options });
  await device[Symbol.asyncDispose]();
  return [device.kind, choice];
}

describe('auto', () => {
  test('takes the GPU where it can be used and all kernels are there for it, and says so', async () => {
    expect(await open()).toEqual(['cuda', 'running on Fake GPU 0, 132 multiprocessors, 1 GiB, compute capability 9.0, driver for CUDA 13.0, the GPU that was found']);
  });

  test.for([
    ['there is no driver', {}, 'libnowhere.so', /^running on .*, \d+ threads?, x86-64-v\d, because there is no GPU driver: libnowhere\.so: cannot open shared object file/],
    ['the driver is old', { version: 12080 }, undefined, /, because the GPU driver is made for CUDA 12\.8, the kernels need CUDA 13\.0; install a GPU driver of version 580 or later$/],
    ['the GPU is old', { capability: 75 }, undefined, /, because Fake GPU 0 has compute capability 7\.5, kernels need 8\.0 or later$/],
    ['the GPU does not open', { fail: 'cuDevicePrimaryCtxRetain=2' }, undefined, /, because cuDevicePrimaryCtxRetain failed with CUDA_ERROR_OUT_OF_MEMORY \(out of memory\)$/],
  ] as const)('takes the processor where %s, and says why', async ([_, world, library, choice]) => {
    fake.set(world);
    expect(await open('auto', { manifest: { kernels: built }, kernelsDir: fake.kernelsDir, library: library ?? fake.library })).toEqual(['cpu', expect.stringMatching(choice)]);
  });

  test('takes the processor where kernels were not built for CUDA, and says what to run', async () => {
    const { scaleAdd, notBuilt, gpuOnly } = fake.manifest.kernels;
    const places = { kernelsDir: fake.kernelsDir, library: fake.library };
    expect(await open('auto', { ...places, manifest: { kernels: { scaleAdd: scaleAdd!, notBuilt: notBuilt! } } })).toEqual(['cpu', expect.stringMatching(/, because kernel 'notBuilt' was not built for Fake GPU 0; put nvcc on the PATH and run `warpfold build`$/)]);
    expect(await open('auto', { ...places, manifest: { kernels: { notBuilt: notBuilt!, gpuOnly: gpuOnly! } } })).toEqual(['cpu', expect.stringContaining('because 2 kernels were not built for Fake GPU 0')]);
  });
});

describe('files of kernels for Hopper are demanded', () => {
  const { scaleAdd } = fake.manifest.kernels;
  const [variant] = scaleAdd?.variants ?? [];
  const both = { ...scaleAdd!, variants: [...scaleAdd!.variants, { ...variant!, target: 'sm_90a' as const, launches: variant!.launches.map((l) => ({ ...l, file: 'cuda/scaleAdd.sm_90a.cu' })) }] };
  const options = { manifest: { kernels: { scaleAdd: both } }, kernelsDir: fake.kernelsDir, library: fake.library };

  test('where they would run', async () => {
    await expect(open('cuda', options)).rejects.toMatchObject({ code: 'R112', message: "kernel 'scaleAdd' was not built for Fake GPU 0; put nvcc on the PATH and run `warpfold build`" });
    fake.set({ capability: 80 });
    expect(await open('cuda', options)).toEqual(['cuda', expect.stringContaining('compute capability 8.0')]);
  });

  test('and not where code for every GPU is asked for', async () => {
    expect(await open('cuda', { ...options, target: 'sm_80' })).toEqual(['cuda', expect.stringContaining('compute capability 9.0')]);
    fake.set({ capability: 80 });
    expect(await open('auto', { ...options, target: 'sm_90a' })).toEqual(['cpu', expect.stringContaining('because kernels for sm_90a run on GPUs of compute capability 9.0: Fake GPU 0 has 8.0; leave out target')]);
  });
});

test('a device asked for by name is that one or an error', async () => {
  expect(await open('cpu')).toEqual(['cpu', expect.stringMatching(/, as asked for$/)]);
  expect(await open('cuda')).toEqual(['cuda', expect.stringMatching(/, as asked for$/)]);
  const { notBuilt } = fake.manifest.kernels;
  await expect(open('cuda', { kernelsDir: fake.kernelsDir, library: fake.library, manifest: { kernels: { notBuilt: notBuilt! } } })).rejects.toMatchObject({
    code: 'R112', message: "kernel 'notBuilt' was not built for Fake GPU 0; put nvcc on the PATH and run `warpfold build`",
  });
  fake.set({ devices: 0 });
  await expect(open('cuda')).rejects.toMatchObject({ code: 'R020', message: 'the GPU driver sees no GPU' });
});
