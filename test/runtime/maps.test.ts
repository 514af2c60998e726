import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test as prop } from '@fast-check/vitest';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DType } from '../../dsl/dtype.js';
import type { KernelEntry, LaunchSpec, MapRef, Variant } from '../../dsl/manifest.js';
import { addon } from '../../runtime/addon.js';
import type { CudaOptions } from '../../runtime/cuda.js';
import type { Device } from '../../runtime/device.js';
import { wordsPerArg } from '../../runtime/launchWords.js';
import { runtimeError as error, testGpu } from './testDevices.js';
import { buildTestKernels } from './testKernels.js';

// Tensor maps: what a launch for sm_90a is given of its tensors, and when.

const fake = testGpu();
beforeAll(() => fake.image('kernels.sm_90a', `${readFileSync(join(fake.kernelsDir, 'cuda', 'kernels.fatbin'), 'utf8').split('\n')[0]}\nmapped mv\n`));
afterAll(() => fake.remove());
afterEach(() => {
  fake.set({});
  fake.log();
});
const logged = (word: string): readonly string[] => fake.log().filter((line) => line.startsWith(word));

const map: MapRef = { kind: 'map', name: 'x', order: ['h', 'k', 'd'], box: [1, 64, 64] };
const spec = (target: 'sm_80' | 'sm_90a', more: Partial<LaunchSpec> = {}): LaunchSpec => ({
  symbol: target === 'sm_80' ? 'nap' : 'mapped', file: `cuda/kernels.${target}.cu`, line: 3, threads: 128, sharedBytes: 0,
  grid: [{ axis: 'k', block: 64 }], args: target === 'sm_80' ? [{ kind: 'size', axis: 'unused' }, { kind: 'result', name: 'out' }] : [map, { kind: 'result', name: 'out' }], ...more,
});
const variant = (target: 'sm_80' | 'sm_90a', dtype: DType = 'bf16', more: Partial<LaunchSpec> = {}): Variant =>
  ({ variant: dtype, target, dtypes: { E: dtype }, fixed: {}, scratch: [], certificates: [], launches: [spec(target, more)] });
const boxes: KernelEntry = {
  source: 'boxes.ts', sizes: { h: { kind: 'dynamic' }, k: { kind: 'dynamic' }, d: { kind: 'dynamic' }, n: { kind: 'dynamic' }, unused: { kind: 'dynamic' } },
  params: [{ name: 'x', dtype: 'E', order: ['h', 'k', 'd'] }], results: [{ name: 'out', dtype: 'i32', order: ['n'] }],
  variants: [variant('sm_80'), variant('sm_80', 'f16'), variant('sm_80', 'f32'), variant('sm_90a'), variant('sm_90a', 'f16')],
};
const open = (entry: KernelEntry = boxes, options: Partial<CudaOptions> = {}): Device => fake.open({ manifest: { kernels: { boxes: entry } }, ...options });

/** Launches the kernel on rows of a tensor, all bytes 7, from the `first` on, and gives what it says of its map; only zeros where it takes none. */
async function launched(device: Device, dtype: DType, shape: readonly number[], first = 0): Promise<readonly number[]> {
  const [rows = 0, ...rest] = shape;
  using whole = device.alloc(dtype, [rows + first, ...rest]);
  device.write(whole, new Uint8Array(whole.byteLength).fill(7));
  using out = device.alloc('i32', [17]);
  device.write(out, new Int32Array(17));
  device.launch('boxes', { x: whole.slice(first, first + rows) }, { out }, { unused: 0 });
  return [...await device.read(out)];
}
const saysOf = (lengths: readonly number[], steps: readonly number[], bytes: number): readonly number[] => [lengths.length, bytes, ...lengths, 0, 0, ...steps, 0, 0, 64, 64, 1, 0, 0, 7];

describe('a launch for sm_90a', () => {
  const lengths = fc.tuple(fc.nat(4), fc.nat(70), fc.nat(40), fc.nat(3), fc.constantFrom('bf16', 'f16', 'f32'));
  prop.prop([lengths], { numRuns: 150 })('has maps of its tensors, and is made where the copy engine can read them; else one for sm_80 is', async ([h, k, d, first, dtype]) => {
    await using device = open();
    const got = await launched(device, dtype, [h, k, d], first);
    const isEmpty = h * k * d === 0;
    if (k === 0) expect(logged('launch')).toEqual([]);
    else if (dtype === 'f32' || isEmpty || d % 8 !== 0) expect(logged('launch')).toEqual([expect.stringMatching(/^launch nap /)]);
    else expect(got).toEqual(saysOf([d, k, h], [2 * d, 2 * d * k], 2));
  });

  test('whose tensor begins between 16 bytes is one for sm_80', async () => {
    const rows: KernelEntry = { ...boxes, sizes: { k: { kind: 'dynamic' }, n: { kind: 'dynamic' }, unused: { kind: 'dynamic' } }, variants: [variant('sm_80', 'bf16'), variant('sm_90a', 'bf16', { args: [{ ...map, order: ['k'], box: [64] }, { kind: 'result', name: 'out' }] })], params: [{ name: 'x', dtype: 'E', order: ['k'] }] };
    await using device = open(rows);
    for (const [first, symbol] of [[0, 'mapped'], [8, 'mapped'], [4, 'nap'], [1, 'nap']] as const) {
      await launched(device, 'bf16', [40], first);
      expect([first, logged('launch')]).toEqual([first, [`launch ${symbol} 1 128 0`]]);
    }
  });

  test('has maps that are made once for the same memory and shape, and anew for others', async () => {
    await using device = open();
    using out = device.alloc('i32', [17]);
    using x = device.alloc('bf16', [4, 64, 64]);
    for (const t of [x, x, x.slice(0, 2), x.slice(2, 4), x, x.reshape([2, 128, 64])]) device.launch('boxes', { x: t }, { out }, { unused: 0 });
    await device.sync();
    expect(logged('mapped')).toEqual(new Array(4).fill('mapped 3 axes of type 9'));
    for (let i = 0; i < 1030; i++) device.launch('boxes', { x: device.alloc('bf16', [1, 1, 8]) }, { out }, { unused: 0 });
    device.launch('boxes', { x }, { out }, { unused: 0 });
    await device.sync();
    // Those of long ago are forgotten.
    expect(logged('mapped').length).toBe(1031);
  });

  test('keeps its maps in a recording, whatever is launched before it is replayed', async () => {
    await using device = open();
    using out = device.alloc('i32', [17]);
    using other = device.alloc('i32', [17]);
    using x = device.alloc('bf16', [2, 64, 64]);
    device.write(x, new Uint8Array(x.byteLength).fill(7));
    using recording = device.record(() => device.launch('boxes', { x }, { out }, { unused: 0 }));
    for (let i = 0; i < 1100; i++) device.launch('boxes', { x: device.alloc('bf16', [1, 1, 8]) }, { out: other }, { unused: 0 });
    for (let i = 0; i < 2; i++) {
      device.write(out, new Int32Array(17));
      recording.replay();
      expect([...await device.read(out)]).toEqual(saysOf([64, 64, 2], [128, 8192], 2));
    }
  });

  test('finds all rows of a ragged axis one behind the other', async () => {
    const ragged: KernelEntry = {
      ...boxes, variants: [variant('sm_90a', 'bf16', { args: [{ ...map, order: ['k', 'd'], box: [64, 64] }, { kind: 'result', name: 'out' }] })],
      sizes: { ...boxes.sizes, k: { kind: 'ragged', by: 'h' } },
    };
    await using device = open(ragged);
    using x = device.alloc('bf16', [100, 64]);
    device.write(x, new Uint8Array(x.byteLength).fill(7));
    using offsets = device.alloc('i32', [3]);
    device.write(offsets, Int32Array.of(0, 30, 90));
    using out = device.alloc('i32', [17]);
    device.launch('boxes', { x, 'offsets.k': offsets }, { out }, { unused: 0, k: 60 });
    expect([...await device.read(out)]).toEqual([2, 2, 64, 100, 0, 0, 0, 128, 0, 0, 0, 64, 64, 0, 0, 0, 7]);
  });

  test('that walks its grid itself has as many blocks as run at a time', async () => {
    const persistent: KernelEntry = { ...boxes, variants: [variant('sm_90a', 'bf16', { persistent: true })] };
    fake.set({ processors: 3 });
    await using device = open(persistent);
    for (const k of [1, 129, 300]) await launched(device, 'bf16', [1, k, 8]);
    expect(logged('launch')).toEqual(['launch mapped 1 128 0', 'launch mapped 3 128 0', 'launch mapped 3 128 0']);
  });
});

test.for([
  ['begins before the one in front of it has ended on Hopper', { awaits: true }, {}, {}, ['early mapped']],
  ['does not unless it is asked for', { awaits: true }, {}, { overlap: 'none' }, []],
  ['does not where it does not wait itself', {}, {}, {}, []],
  ['does not on another GPU', { awaits: true }, { capability: 80 }, {}, []],
  ['does not where every launch is waited for', { awaits: true }, {}, { debug: true }, []],
] as const)('a launch %s', async ([_, more, world, options, early]) => {
  fake.set(world);
  await using device = open({ ...boxes, variants: [variant('sm_80', 'bf16', more), variant('sm_90a', 'bf16', more)] }, { overlap: 'early', ...options });
  await launched(device, 'bf16', [1, 64, 8]);
  expect(logged('early')).toEqual(early);
});

describe('a GPU runs code for sm_90a', () => {
  test.for([
    ['where it is Hopper and its driver makes tensor maps', {}, undefined, 'mapped'],
    ['not on another GPU', { capability: 80 }, undefined, 'nap'],
    ['not on a later GPU', { capability: 100 }, undefined, 'nap'],
    ['not where the driver makes none', { without: 'cuTensorMapEncodeTiled' }, undefined, 'nap'],
    ['not where code for sm_80 is asked for', {}, 'sm_80', 'nap'],
    ['where it is asked for', {}, 'sm_90a', 'mapped'],
  ] as const)('%s', async ([_, world, target, symbol]) => {
    fake.set(world);
    await using device = open(boxes, { target });
    await launched(device, 'bf16', [1, 64, 8]);
    expect(logged('launch')).toEqual([`launch ${symbol} 1 128 0`]);
  });

  test.for([
    [{ capability: 80 }, 'kernels for sm_90a run on GPUs of compute capability 9.0: Fake GPU 0 has 8.0; leave out target: the best that runs is taken'],
    [{ without: 'cuTensorMapEncodeTiled' }, 'kernels for sm_90a run on GPUs of compute capability 9.0: this GPU driver has no cuTensorMapEncodeTiled; leave out target'],
  ] as const)('or says why it cannot: %s', ([world, message]) => {
    fake.set(world);
    expect(() => open(boxes, { target: 'sm_90a' })).toThrow(error('R114', message));
  });
});

describe('a map that cannot be made is one sentence', () => {
  test('from the driver, with kernel, parameter and shape, and the device goes on', async () => {
    await using device = open();
    fake.set({ fail: 'cuTensorMapEncodeTiled=1@1' });
    await expect(launched(device, 'bf16', [2, 64, 64])).rejects.toEqual(error('R022', /^kernel 'boxes' \(bf16\): the tensor map of `x`: boxes of \[1, 64, 64\] in \[2, 64, 64\] elements of 2 bytes: cuTensorMapEncodeTiled failed with CUDA_ERROR_INVALID_VALUE \(.*\)$/));
    expect(await launched(device, 'bf16', [2, 64, 64])).toEqual(saysOf([64, 64, 2], [128, 8192], 2));
  });

  test('where no other variant serves the call, with what the copy engine demands', async () => {
    await using device = open({ ...boxes, variants: [variant('sm_90a')] });
    await expect(launched(device, 'bf16', [2, 64, 4])).rejects.toEqual(error('R107', "kernel 'boxes': no variant for tensors like these: `x` has rows of 8 bytes, not a multiple of 16; compile it for sm_80 too"));
    await expect(launched(device, 'bf16', [0, 64, 8])).rejects.toEqual(error('R107', '`x` is 0 long along an axis, not 1 to 4294967296'));
  });
});

describe('words of a map', () => {
  const kernels = buildTestKernels();
  afterAll(() => kernels.remove());
  const native = addon();
  const thread = new native.DeviceThread(1);
  const fn = thread.resolve(new native.CpuModule(join(kernels.kernelsDir, 'cpu/x86-64-v2/kernels.so')), 'mapped', "kernel 'boxes'");
  const block = thread.allocate(1 << 20);
  const out = thread.allocate(68);

  /** Runs the kernel with the words of one map, block and offset included. */
  const run = (words: readonly number[]): void => {
    const all = new Float64Array(thread.words());
    all.fill(0).set([6, block, ...words]);
    all.set([3, out, 0, 68], wordsPerArg);
    thread.launch(fn, 2);
  };
  const shaped = fc.tuple(fc.constantFrom([6, 2], [9, 2], [7, 4], [3, 4]), fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 5 }), fc.nat(10)).map(([[type = 0, size = 0], rank, sizes, at]) => {
    const lengths = sizes.slice(0, rank).map((n, i) => (i === 0 ? n * 16 : n));
    const padded = (list: readonly number[]): readonly number[] => [...list, ...new Array<number>(5 - rank).fill(0)];
    const box = lengths.map((_, i) => (i === 0 ? 128 / size / 2 : i + 1));
    return { type, size, rank, lengths, box, words: [16 * at, lengths.reduce((a, b) => a * b, size), type, rank, ...padded(lengths), ...padded(box)] };
  });

  prop.prop([shaped])('that fit the memory and the copy engine are the map that the launch gets', async ({ size, rank, lengths, box, words }) => {
    run(words);
    const said = [...new Int32Array(await thread.read(out, 0, 68))];
    const steps = lengths.slice(0, -1).map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a * b, size));
    expect([said.slice(0, 2), said.slice(2, 2 + rank), said.slice(7, 7 + rank - 1), said.slice(11, 11 + rank)]).toEqual([[rank, size], lengths, steps, box]);
  });

  const spoiled: Readonly<Record<string, (w: number[], rank: number) => void>> = {
    'begins elsewhere': (w) => { w[0] = (w[0] ?? 0) + 8; },
    'is shorter than the memory': (w) => { w[1] = (w[1] ?? 0) + 16; },
    'is longer than the memory': (w) => { w[1] = (w[1] ?? 0) - 2; },
    'has strange elements': (w) => { w[2] = 8; },
    'has no axes': (w) => { w[3] = 0; },
    'has six axes': (w) => { w[3] = 6; },
    'has no length': (w) => { w[4] = 0; },
    'has half a length': (w) => { w[4] = 0.5; },
    'has an endless length': (w, rank) => { w[3 + rank] = 2 ** 53; },
    'has no box': (w, rank) => { w[8 + rank] = 0; },
    'has a wide box': (w, rank) => { w[8 + rank] = 257; },
    'has a box of odd bytes': (w) => { w[9] = 3; },
    'has a box beyond a line': (w) => { w[9] = 72; },
    'lies outside the block': (w) => { w[0] = 1 << 20; },
  };
  prop.prop([shaped, fc.constantFrom(...Object.keys(spoiled))], { numRuns: 300 })('that do not are refused, before anything runs', ({ words, rank }, how) => {
    const wrong = [...words];
    spoiled[how]?.(wrong, rank);
    expect(() => run(wrong)).toThrow(expect.objectContaining({ code: 'R010', message: expect.stringContaining("kernel 'boxes'") }));
  });
});
