import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test as prop } from '@fast-check/vitest';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { addon } from '../../runtime/addon.js';
import { openCpu } from '../../runtime/cpu.js';
import { RuntimeError } from '../../runtime/error.js';
import { runtimeError as error, testDevices } from './testDevices.js';
import { buildTestKernels, testManifest } from './testKernels.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

describe('the CPU', () => {
  const kernels = buildTestKernels();
  const open = (threads?: number) => openCpu({ manifest: testManifest, kernelsDir: kernels.kernelsDir, ...(threads === undefined ? {} : { threads }) });
  afterAll(() => kernels.remove());

  describe('threads', () => {
    const described = async (threads?: number): Promise<string> => {
      await using other = open(threads);
      return other.description;
    };
    afterEach(() => { vi.unstubAllEnvs(); });

    test('are as many as asked for, else what OMP_NUM_THREADS says, else the available cores', async () => {
      vi.stubEnv('OMP_NUM_THREADS', '3');
      expect(await described(1)).toMatch(/, 1 thread, x86-64-v[234]$/);
      expect(await described()).toMatch(/, 3 threads, /);
      vi.stubEnv('OMP_NUM_THREADS', undefined);
      expect(await described()).toContain(`, ${availableParallelism()} thread`);
    });

    test.for([0, -1, 1.5, Number.NaN, 5000])('%d of them are refused', (threads) => {
      expect(() => open(threads)).toThrow(expect.objectContaining({ code: 'R010' }));
    });
  });

  test('cancel drops what has not started, rejects who waits for it, and the device goes on', async () => {
    await using device = open(1);
    using count = device.alloc('i32', []);
    device.write(count, Int32Array.of(0));
    device.launch('nap', { milliseconds: 500 }, { count });
    for (let i = 0; i < 5; i++) device.launch('nap', { milliseconds: 30 }, { count });
    const reads = Promise.allSettled([device.read(count), device.sync()]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    device.cancel();
    for (const outcome of await reads) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'R017' } });
    await device.sync();
    expect(await device.read(count)).toEqual(Int32Array.of(1));
    device.launch('nap', { milliseconds: 0 }, { count });
    expect(await device.read(count)).toEqual(Int32Array.of(2));
  });
});

describe.each(testDevices)('$kind', ({ build }) => {
  const devices = build();
  const device = devices.open();
  afterAll(async () => {
    await device[Symbol.asyncDispose]();
    devices.remove();
  });

  const counter = () => {
    const t = device.alloc('i32', []);
    device.write(t, Int32Array.of(0));
    return t;
  };

  describe('order', () => {
    test('writes, copies, launches and reads take effect in the order they were given, while the device is busy too', async () => {
      using count = counter();
      using x = device.alloc('f32', [2]);
      using y = device.alloc('f32', [2]);
      device.launch('nap', { milliseconds: 20 }, { count });
      const source = Float32Array.of(1, 2);
      device.write(x, source);
      source.fill(99);
      device.copy(y, x);
      device.write(x, Float32Array.of(3, 4));
      const first = device.read(y);
      device.write(y, Float32Array.of(5, 6));
      expect(await first).toEqual(Float32Array.of(1, 2));
      expect(await device.read(x)).toEqual(Float32Array.of(3, 4));
      expect(await device.read(y)).toEqual(Float32Array.of(5, 6));
      expect(await device.read(count)).toEqual(Int32Array.of(1));
    });

    test('memory disposed while work is queued keeps its contents until that work has run', async () => {
      using count = counter();
      using out = device.alloc('f32', [4]);
      device.launch('nap', { milliseconds: 20 }, { count });
      const x = device.alloc('f32', [4]);
      device.write(x, Float32Array.of(1, 2, 3, 4));
      device.copy(out, x);
      x[Symbol.dispose]();
      using next = device.alloc('f32', [4]);
      device.write(next, new Float32Array(4));
      device.trim();
      expect(await device.read(out)).toEqual(Float32Array.of(1, 2, 3, 4));
    });
  });

  describe('cancel', () => {
    test('memory trimmed before is given back all the same', async () => {
      const other = devices.open();
      const count = other.alloc('i32', []);
      other.launch('nap', { milliseconds: 20 }, { count });
      other.alloc('f32', [1 << 20])[Symbol.dispose]();
      other.trim();
      other.cancel();
      await other.sync();
      await other[Symbol.asyncDispose]();
    });
  });

  describe('tensors', () => {
    test('a disposed tensor, and every view of it, is refused', () => {
      const x = device.alloc('f32', [4]);
      const view = x.slice(0, 2).reshape([2, 1]);
      x[Symbol.dispose]();
      x[Symbol.dispose]();
      for (const use of [() => device.write(x, new Float32Array(4)), () => device.write(view, new Float32Array(2)), () => view.slice(0, 1), () => x.reshape([2, 2])]) {
        expect(use).toThrow(expect.objectContaining({ code: 'R011' }));
      }
    });

    test('disposing a view leaves its owner', async () => {
      using x = device.alloc('i32', [2]);
      device.write(x, Int32Array.of(1, 2));
      const view = x.slice(1, 2);
      view[Symbol.dispose]();
      expect(() => device.write(view, Int32Array.of(0))).toThrow(expect.objectContaining({ code: 'R011' }));
      expect(await device.read(x)).toEqual(Int32Array.of(1, 2));
    });

    prop.prop([fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }), fc.nat(5), fc.nat(5)])('a slice is the rows of the outermost axis, or is refused', async (shape, from, to) => {
      const [rows = 0, ...rest] = shape;
      const row = rest.reduce((n, s) => n * s, 1);
      const values = Int32Array.from({ length: rows * row }, (_, i) => i);
      using x = device.alloc('i32', shape);
      device.write(x, values);
      if (from > to || to > rows) expect(() => x.slice(from, to)).toThrow(expect.objectContaining({ code: 'R013' }));
      else expect(await device.read(x.slice(from, to))).toEqual(values.slice(from * row, to * row));
    });

    test.for([
      ['R013', 'lengths must be whole numbers', () => device.alloc('f32', [1.5])],
      ['R013', 'lengths must be whole numbers', () => device.alloc('f32', [-1])],
      ['R013', 'lengths must be whole numbers', () => device.alloc('f32', [Number.NaN])],
      ['R013', 'more than 2^53 elements', () => device.alloc('f32', [2 ** 30, 2 ** 30])],
      ['R014', "exceeds the ", () => device.alloc('f32', [2 ** 45])],
      ['R013', 'the number of elements differs', () => device.alloc('f32', [4]).reshape([3])],
      ['R013', 'has no rows to slice', () => device.alloc('f32', []).slice(0, 1)],
      ['R015', '4 bytes for a tensor of 8', () => device.write(device.alloc('f32', [2]), new Float32Array(1))],
      ['R015', 'a Int32Array for a tensor of f32', () => device.write(device.alloc('f32', [2]), new Int32Array(2))],
      ['R015', 'copy from f32 [2] to f32 [3]', () => device.copy(device.alloc('f32', [3]), device.alloc('f32', [2]))],
      ['R015', 'copy from i32 [2] to f32 [2]', () => device.copy(device.alloc('f32', [2]), device.alloc('i32', [2]))],
    ] as const)('%s %s', ([code, message, act]) => {
      expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
    });

    test('every dtype is written and read as its own array, f16 and bf16 as bits, an empty tensor as an empty one', async () => {
      for (const [dtype, data] of [['f32', Float32Array.of(1.5, Number.NaN)], ['i32', Int32Array.of(-1, 7)], ['bf16', Uint16Array.of(0x3f80, 1)], ['f16', Uint16Array.of(0x3c00, 2)]] as const) {
        using x = device.alloc(dtype, [2]);
        device.write(x, data);
        expect(await device.read(x)).toEqual(data);
        using empty = device.alloc(dtype, [0, 3]);
        device.write(empty, data.slice(0, 0));
        expect(await device.read(empty)).toEqual(data.slice(0, 0));
      }
    });
  });

  describe('adopt', () => {
    const folder = mkdtempSync(join(tmpdir(), 'warpfold-mapped-'));
    const file = join(folder, 'weights.bin');
    writeFileSync(file, new Uint8Array(new Uint32Array([1, 2, 3, 4]).buffer));
    afterAll(() => rmSync(folder, { recursive: true }));
    const map = () => new (addon().MappedFile)(file);

    test('takes a mapped file as it is on a CPU and copies it to a GPU, and outlives its ArrayBuffer', async () => {
      const { allocatedBytes } = device.stats();
      using x = device.adopt('i32', [3], new Uint8Array(map().bytes(4, 12)));
      expect(device.stats().allocatedBytes).toBe(allocatedBytes + (device.kind === 'cpu' ? 0 : 64));
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
      expect(await device.read(x)).toEqual(Int32Array.of(2, 3, 4));
    });

    test('refuses to be written', () => {
      using x = device.adopt('i32', [4], new Uint8Array(map().bytes(0, 16)));
      expect(() => device.write(x, new Int32Array(4))).toThrow(expect.objectContaining({ code: 'R019' }));
      using y = device.alloc('i32', [4]);
      expect(() => device.copy(x, y)).toThrow(expect.objectContaining({ code: 'R019' }));
      expect(() => device.launch('nap', { milliseconds: 0 }, { count: x.slice(0, 1).reshape([]) })).toThrow(expect.objectContaining({ code: 'R019', message: "kernel 'nap': adopted memory is read-only" }));
    });

    test('copies several parts behind each other, mapped or not, and may be written', async () => {
      const bytes = new Uint8Array(Int32Array.of(5, 6).buffer);
      using x = device.adopt('i32', [5], new Uint8Array(map().bytes(8, 8)), bytes, new Uint8Array(map().bytes(0, 4)));
      bytes.fill(0);
      device.write(x.slice(4, 5), Int32Array.of(7));
      expect(await device.read(x)).toEqual(Int32Array.of(3, 4, 5, 6, 7));
      expect(() => device.adopt('i32', [5], bytes, bytes)).toThrow(error('R015', /^16 bytes for a tensor of 20/));
    });

    test('copies what is not mapped, or mapped at an address the dtype is not aligned to', async () => {
      const bytes = new Uint8Array(Int32Array.of(5, 6).buffer);
      using x = device.adopt('i32', [2], bytes);
      bytes.fill(0);
      expect(await device.read(x)).toEqual(Int32Array.of(5, 6));
      using odd = device.adopt('i32', [1], new Uint8Array(map().bytes(1, 4)));
      expect(await device.read(odd)).toEqual(Int32Array.of(0x02000000));
      device.write(odd, Int32Array.of(1));
    });
  });

  describe('close', () => {
    test('rejects who waits, refuses further use with R016, and may be repeated', async () => {
      const other = devices.open();
      const count = other.alloc('i32', []);
      other.launch('nap', { milliseconds: 10 }, { count });
      other.launch('nap', { milliseconds: 10 }, { count });
      const waiting = other.sync().then(() => 'done', (e: unknown) => (e instanceof RuntimeError ? e.code : e));
      await other[Symbol.asyncDispose]();
      // A GPU may have been handed all of it by then, and finishes it.
      expect(device.kind === 'cpu' ? ['R017'] : ['R017', 'done']).toContain(await waiting);
      await other[Symbol.asyncDispose]();
      expect(() => other.alloc('f32', [1])).toThrow(expect.objectContaining({ code: 'R016' }));
      await expect(other.read(count)).rejects.toMatchObject({ code: 'R016' });
      count[Symbol.dispose]();
    });
  });
});
