import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import { openCpu } from '../../runtime/cpu.js';
import type { DeviceTensor, LaunchArgs } from '../../runtime/device.js';
import { type Launch, typedLaunch } from '../../runtime/launch.js';
import { testDevices } from './testDevices.js';
import { buildTestKernels, testManifest } from './testKernels.js';

describe.each(testDevices)('on $kind', ({ build }) => {
  const devices = build();
  const device = devices.open();
  const launch = typedLaunch<typeof testManifest>(device);
  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    await elsewhere[Symbol.asyncDispose]();
    devices.remove();
  });

  const f32 = (...values: number[]) => {
    const t = device.alloc('f32', [values.length]);
    device.write(t, Float32Array.from(values));
    return t;
  };
  const i32 = (...values: number[]) => {
    const t = device.alloc('i32', [values.length]);
    device.write(t, Int32Array.from(values));
    return t;
  };

  describe('a launch computes', () => {
    test('with tensors, a scalar and a size taken from shapes', async () => {
      using a = f32(1, 2, 3);
      using b = f32(10, 20, 30);
      using out = device.alloc('f32', [3]);
      launch('scaleAdd', { a, b, s: 0.5 }, { out });
      expect(await device.read(out)).toEqual(Float32Array.of(10.5, 21, 31.5));
    });

    test('on views: a slice and a reshape reach the same memory', async () => {
      using a = f32(1, 2, 3, 4);
      using out = device.alloc('f32', [2, 2]);
      launch('scaleAdd', { a: a.slice(2, 4), b: a.slice(0, 2), s: 1 }, { out: out.slice(1, 2).reshape([2]) });
      expect((await device.read(out)).slice(2)).toEqual(Float32Array.of(4, 6));
    });

    test.for([['f32', 4], ['f32', 8], ['bf16', 4], ['bf16', 8]] as const)('with the variant of dtype and fixed size: %s, d = %i', async ([dtype, d]) => {
      const bits = Uint16Array.from({ length: (3 * d * (dtype === 'f32' ? 4 : 2)) / 2 }, (_, i) => i + 1);
      using x = device.alloc(dtype, [3, d]);
      using out = device.alloc(dtype, [3, d]);
      device.write(x, new Uint8Array(bits.buffer));
      device.launch('same', { x }, { out });
      const read = await device.read(out);
      expect(new Uint16Array(read.buffer)).toEqual(bits);
    });

    test('in two steps that hand each other scratch memory, which is given back', async () => {
      using a = f32(1, 2, 3);
      using out = device.alloc('f32', [3]);
      const { allocatedBytes } = device.stats();
      launch('twicePlusOne', { a }, { out });
      expect(device.stats().allocatedBytes).toBe(allocatedBytes);
      expect(await device.read(out)).toEqual(Float32Array.of(3, 5, 7));
    });

    test('on ragged rows, empty ones included', async () => {
      using x = f32(1, 2, 4, 8);
      using out = device.alloc('f32', [3]);
      using offsets = i32(0, 3, 3, 4);
      launch('raggedSum', { x, 'offsets.k': offsets }, { out }, { k: 3 });
      expect(await device.read(out)).toEqual(Float32Array.of(7, 0, 8));
    });

    test('on ragged rows alone that offsets name, where packed rows are outermost', async () => {
      using x = f32(1, 2, 4, 8);
      using out = device.alloc('f32', [2]);
      using offsets = i32(1, 2, 3);
      launch('raggedSum', { x, 'offsets.k': offsets }, { out }, { k: 1 });
      expect(await device.read(out)).toEqual(Float32Array.of(2, 4));
    });
  });

  const a = f32(1, 2, 3);
  const out = device.alloc('f32', [3]);
  const out2 = device.alloc('f32', [2, 3]);
  const half = device.alloc('f16', [2, 4]);
  const wide = device.alloc('f32', [2, 4]);
  const narrow = device.alloc('bf16', [2, 4]);
  const gone = device.alloc('f32', [3]);
  gone[Symbol.dispose]();
  const elsewhere = devices.open();
  const foreign = elsewhere.alloc('f32', [3]);

  describe('a wrong launch throws, names what is wrong and leaves the device usable', () => {
    const wrong: readonly [string, string, string, LaunchArgs, Parameters<typeof device.launch>[2], Record<string, number>?][] = [
      ['R101', "no kernel is called 'scaleAd'", 'scaleAd', {}, {}],
      ['R101', "no kernel is called 'toString'", 'toString', {}, {}],
      ['R102', "kernel 'scaleAdd': parameter `b` is missing", 'scaleAdd', { a, s: 1 }, { out }],
      ['R102', "kernel 'scaleAdd': result `out` is missing", 'scaleAdd', { a, b: a, s: 1 }, {}],
      ['R102', "kernel 'scaleAdd': no parameter is called 'c'; there are a, b, s", 'scaleAdd', { a, b: a, c: a, s: 1 }, { out }],
      ['R102', "kernel 'scaleAdd': no result is called 'o'", 'scaleAdd', { a, b: a, s: 1 }, { o: out }],
      ['R102', "kernel 'scaleAdd': sizes: no axis is called 'm'", 'scaleAdd', { a, b: a, s: 1 }, { out }, { m: 3 }],
      ['R103', "kernel 'scaleAdd': `a` is the number 1, it must be a tensor", 'scaleAdd', { a: 1, b: a, s: 1 }, { out }],
      ['R103', "kernel 'scaleAdd': `s` is not a number", 'scaleAdd', { a, b: a, s: a }, { out }],
      ['R104', "kernel 'scaleAdd': `b` is i32, it must be f32", 'scaleAdd', { a, b: i32(1, 2, 3), s: 1 }, { out }],
      ['R104', "kernel 'same': `out` is f32, but `x` is bf16; both are E", 'same', { x: narrow }, { out: wide }],
      ['R105', "kernel 'scaleAdd': `out` has shape [2, 3], it needs 1 dimensions: ['n']", 'scaleAdd', { a, b: a, s: 1 }, { out: out2 }],
      ['R106', "kernel 'scaleAdd': 'n' is 2 in `b`, but 3 in `a`", 'scaleAdd', { a, b: f32(1, 2), s: 1 }, { out }],
      ['R106', "kernel 'scaleAdd': 'n' is 4 in `sizes`, but 3 in `a`", 'scaleAdd', { a, b: a, s: 1 }, { out }, { n: 4 }],
      ['R107', "kernel 'same': no variant for E = f16, d = 4; there are E = f32, d = 4 | E = f32, d = 8 | E = bf16, d = 4 | E = bf16, d = 8", 'same', { x: half }, { out: device.alloc('f16', [2, 4]) }],
      ['R108', "kernel 'scaleAdd': sizes: 'n' is -1", 'scaleAdd', { a, b: a, s: 1 }, { out }, { n: -1 }],
      ['R109', "kernel 'nap': `milliseconds` is 0.5, it must be an i32", 'nap', { milliseconds: 0.5 }, { count: device.alloc('i32', []) }],
      ['R109', "kernel 'scaleAdd': `s` is 1e+40, it must be an f32", 'scaleAdd', { a, b: a, s: 1e40 }, { out }],
      ['R110', "kernel 'raggedSum': `offsets.k` is f32 of shape [3]", 'raggedSum', { x: a, 'offsets.k': a }, { out }],
      ['R106', "kernel 'raggedSum': 'c' is 1 in `offsets.k`, but 3 in `out`", 'raggedSum', { x: a, 'offsets.k': i32(0, 3) }, { out }],
      ['R111', "kernel 'scaleAdd': result `out` shares memory with `b`", 'scaleAdd', { a, b: out, s: 1 }, { out }],
      ['R011', "kernel 'scaleAdd', `b`: the tensor was disposed", 'scaleAdd', { a, b: gone, s: 1 }, { out }],
      ['R012', "kernel 'scaleAdd', `b`: the tensor belongs to another device", 'scaleAdd', { a, b: foreign, s: 1 }, { out }],
      ['R112', "kernel 'notBuilt' has not been built", 'notBuilt', {}, {}],
      ['R113', "has no function 'missing'", 'noSymbol', {}, {}],
    ];
    test.for(wrong)('%s %s', async ([code, message, name, args, results, sizes]) => {
      expect(() => device.launch(name, args, results, sizes)).toThrow(expect.objectContaining({ name: 'RuntimeError', code, message: expect.stringContaining(message) }));
      launch('scaleAdd', { a, b: a, s: 1 }, { out });
      expect(await device.read(out)).toEqual(Float32Array.of(2, 4, 6));
    });
  });

  describe('what fails on the device surfaces where one waits', () => {
    test.for([
      [[0, 2, 4], 'offsets end with 4, the tensors have 3 rows'],
      [[0, 3, 2], 'offsets fall from 3 to 2'],
      [[-1, 2, 3], 'offsets begin with -1, they must begin with 0 or a later row'],
      [[0, 1, 3], 'offsets give position 1 a length of 2, the longest was said to be 1'],
    ] as const)('offsets %j: %s', async ([values, message]) => {
      using sums = device.alloc('f32', [2]);
      using offsets = i32(...values);
      launch('raggedSum', { x: a, 'offsets.k': offsets }, { out: sums }, message.includes('longest') ? { k: 1 } : {});
      await expect(device.sync()).rejects.toMatchObject({ code: 'R110', message: expect.stringContaining(message) });
    });

    test.for([
      [[1, 2, 3], 'offsets begin with 1, they must begin with 0'],
      [[0, 1, 2], 'offsets end with 2, the tensors have 3 rows'],
    ] as const)('offsets %j that leave out a row where another axis is in front of the packed rows: %s', async ([values, message]) => {
      using sums = device.alloc('f32', [2]);
      using offsets = i32(...values);
      launch('raggedSums', { x: a.reshape([1, 3]), 'offsets.k': offsets }, { out: sums });
      await expect(device.sync()).rejects.toMatchObject({ code: 'R110', message: `kernel 'raggedSums': ${message}` });
    });
  });
});

describe('on the CPU', () => {
  const kernels = buildTestKernels();
  const device = openCpu({ manifest: testManifest, kernelsDir: kernels.kernelsDir, threads: 2 });
  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    kernels.remove();
  });

  test('a launch runs on as many threads as the device was opened with', async () => {
    using out = device.alloc('i32', []);
    device.launch('threads', {}, { out });
    expect(await device.read(out)).toEqual(Int32Array.of(2));
  });

  test('an exception of a kernel: read and sync name the launch, and sync clears it', async () => {
    using a = device.alloc('f32', [1]);
    device.write(a, Float32Array.of(1));
    device.launch('fails', {}, {});
    await expect(device.read(a)).rejects.toMatchObject({ code: 'R018', message: "kernel 'fails': the kernel failed: no such luck" });
    await expect(device.sync()).rejects.toMatchObject({ code: 'R018' });
    await device.sync();
    expect(await device.read(a)).toEqual(Float32Array.of(1));
  });

  test('a kernel for GPUs alone is refused', () => {
    expect(() => device.launch('gpuOnly', {}, {})).toThrow(expect.objectContaining({ code: 'R107', message: expect.stringContaining("kernel 'gpuOnly' was not compiled for cpu") }));
  });
});

/** For its type alone. */
declare const typed: Launch<typeof testManifest>;

describe('the type of launch', () => {
  type Names = keyof (typeof testManifest)['kernels'];
  type Takes<Name extends Names, Call extends readonly unknown[]> = [Name, ...Call] extends Parameters<typeof typed<Name>> ? true : false;
  type F32 = DeviceTensor<'f32'>;
  type I32 = DeviceTensor<'i32'>;
  type Bf16 = DeviceTensor<'bf16'>;
  type F16 = DeviceTensor<'f16'>;

  test('takes what the manifest says', () => {
    expectTypeOf<Takes<'scaleAdd', [{ a: F32; b: F32; s: number }, { out: F32 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'same', [{ x: Bf16 }, { out: Bf16 }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'same', [{ x: F32 }, { out: F32 }, { n: number }]>>().toEqualTypeOf<true>();
    expectTypeOf<Takes<'raggedSum', [{ x: F32; 'offsets.k': I32 }, { out: F32 }, { k: number }]>>().toEqualTypeOf<true>();
  });

  test('refuses wrong kernels, arguments and dtypes', () => {
    expectTypeOf<'scaleSub' extends Parameters<typeof typed>[0] ? true : false>().toEqualTypeOf<false>();
    // An argument is missing; a result is missing; a tensor where a number belongs.
    expectTypeOf<Takes<'scaleAdd', [{ a: F32; s: number }, { out: F32 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'scaleAdd', [{ a: F32; b: F32; s: number }, object]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'scaleAdd', [{ a: F32; b: F32; s: F32 }, { out: F32 }]>>().toEqualTypeOf<false>();
    // A wrong dtype; a dtype parameter that would be two; a dtype no variant has.
    expectTypeOf<Takes<'scaleAdd', [{ a: F32; b: I32; s: number }, { out: F32 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'same', [{ x: Bf16 }, { out: F32 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'same', [{ x: F16 }, { out: F16 }]>>().toEqualTypeOf<false>();
    // Offsets are missing; a size of no axis.
    expectTypeOf<Takes<'raggedSum', [{ x: F32 }, { out: F32 }]>>().toEqualTypeOf<false>();
    expectTypeOf<Takes<'same', [{ x: F32 }, { out: F32 }, { m: number }]>>().toEqualTypeOf<false>();
  });
});
