import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, afterEach, expect, test } from 'vitest';
import { addon } from '../../runtime/addon.js';
import { f32, runtimeError as error, scaleAdd, testGpu } from './testDevices.js';

// Files on their way to a GPU: several threads read, and what uses the bytes waits for all of them.

const fake = testGpu();
const folder = mkdtempSync(join(tmpdir(), 'warpfold-files-'));
afterAll(() => {
  fake.remove();
  rmSync(folder, { recursive: true });
});
afterEach(() => fake.set({}));

/** 40 MiB in which no two words are the same: more than all readers' buffers hold. */
const words = Uint32Array.from({ length: 10 << 20 }, (_, i) => Math.imul(i, 2654435761));
const path = join(folder, 'words');
writeFileSync(path, words);
const fileOf = (file: string) => new (addon().MappedFile)(file);

property.prop([fc.array(fc.tuple(fc.nat(words.length), fc.nat(words.length)), { minLength: 1, maxLength: 6 })], { numRuns: 8 })('any parts of a file, adopted together, arrive whole', async (ranges) => {
  await using device = fake.open();
  const file = fileOf(path);
  const parts = ranges.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const tensors = parts.map(([from, to]) => device.adopt('i32', [to - from], new Uint8Array(file.bytes(4 * from, 4 * (to - from)))));
  for (const [i, [from, to]] of parts.entries()) {
    const tensor = tensors[i];
    if (tensor === undefined) throw new Error('as many tensors as parts');
    expect(Buffer.compare(new Uint8Array((await device.read(tensor)).buffer), new Uint8Array(words.buffer, 4 * from, 4 * (to - from)))).toBe(0);
  }
});

property.prop([fc.array(fc.tuple(fc.nat(words.length), fc.nat(4 << 20)), { minLength: 2, maxLength: 5 })], { numRuns: 8 })('parts of a file in one tensor lie behind each other', async (ranges) => {
  await using device = fake.open();
  const file = fileOf(path);
  const parts = ranges.map(([from, length]) => words.subarray(from, from + length));
  const mapped = parts.map((part) => new Uint8Array(file.bytes(part.byteOffset, part.byteLength)));
  using tensor = device.adopt('i32', [parts.reduce((n, part) => n + part.length, 0)], ...mapped);
  const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
  expect(Buffer.compare(new Uint8Array((await device.read(tensor)).buffer), bytes)).toBe(0);
});

test('memory that changes hands while it is read for holds what its last owner adopted', async () => {
  await using device = fake.open();
  const file = fileOf(path);
  const bytes = (from: number): Uint8Array => new Uint8Array(file.bytes(from << 20, 20 << 20));
  // The pool gives the block of the one to the other.
  for (let i = 0; i < 10; i++) device.adopt('i32', [5 << 20], bytes(i % 2 === 0 ? 0 : 20))[Symbol.dispose]();
  using last = device.adopt('i32', [5 << 20], bytes(10));
  expect(Buffer.compare(new Uint8Array((await device.read(last)).buffer), new Uint8Array(words.buffer, 10 << 20, 20 << 20))).toBe(0);
});

test.for([
  ['whole', [[0, words.byteLength]]],
  ['in parts', [[0, 4 << 20], [4 << 20, 36 << 20]]],
] as const)('a file that is cut short while it is adopted %s is an error that names it, and the device goes on', async ([, parts]) => {
  const short = join(folder, 'short');
  writeFileSync(short, words);
  await using device = fake.open();
  const file = fileOf(short);
  truncateSync(short, 12 << 20);
  device.adopt('i32', [words.length], ...parts.map(([from, bytes]) => new Uint8Array(file.bytes(from, bytes))));
  await expect(device.sync()).rejects.toThrow(error('R202', /the file ends at byte 12582912, it had 41943040 when it was opened/));
  expect(await device.read(scaleAdd(device))).toEqual(Float32Array.of(2, 2, 2));
});

test.for(['cuMemHostAlloc', 'cuMemcpyHtoDAsync', 'cuEventRecord'])('a failure of %s on a reading thread is told where somebody waits', async (call) => {
  await using device = fake.open();
  fake.set({ fail: `${call}=2@3` });
  device.adopt('i32', [words.length], new Uint8Array(fileOf(path).bytes(0, words.byteLength)));
  await expect(device.sync()).rejects.toThrow(error('R022', new RegExp(`${call} failed`)));
  fake.set({});
  using x = f32(device, 3);
  expect(await device.read(x)).toEqual(Float32Array.of(3));
});

test('readers give back buffers and events on close, whatever they were about', async () => {
  const device = fake.open();
  fake.log();
  for (let i = 0; i < 4; i++) device.adopt('i32', [words.length], new Uint8Array(fileOf(path).bytes(0, words.byteLength)));
  await device[Symbol.asyncDispose]();
  expect(fake.log().at(-1)).toBe('closed, left 0 blocks, 0 pinned, 0 streams, 0 events');
});
