import fc from 'fast-check';
import { expect } from 'vitest';
import type { Device, DeviceTensor } from '../../runtime/device.js';

/** What memory should hold: every live tensor and its elements. Each write is of a value never written before. */
export interface Model { readonly live: { readonly tensor: DeviceTensor<'i32'>; readonly values: Int32Array }[]; stamp: number; peak: number }
interface Real { readonly device: Device; readonly busy: DeviceTensor<'i32'> }
type Command = fc.AsyncCommand<Model, Real>;

const bytes = (a: Int32Array): Uint8Array => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
const bytesOf = (m: Model): number => m.live.reduce((n, { values }) => n + values.byteLength, 0);
const pick = (m: Model, at: number) => m.live[at % m.live.length];

const allocate = (length: number): Command => ({
  check: () => true,
  run: async (m, { device }) => {
    const tensor = device.alloc('i32', [length]);
    const values = new Int32Array(length).fill(++m.stamp);
    device.write(tensor, values);
    m.live.push({ tensor, values });
  },
  toString: () => `allocate ${length}`,
});
const dispose = (at: number): Command => ({
  check: (m) => m.live.length > 0,
  run: async (m) => {
    const [gone] = m.live.splice(at % m.live.length, 1);
    gone?.tensor[Symbol.dispose]();
  },
  toString: () => `dispose ${at}`,
});
/** Writes rows of a tensor through a view. */
const writeSlice = (at: number, from: number, to: number): Command => ({
  check: (m) => m.live.length > 0,
  run: async (m, { device }) => {
    const it = pick(m, at);
    if (it === undefined) return;
    const [a = 0, b = 0] = [from % (it.values.length + 1), to % (it.values.length + 1)].sort((x, y) => x - y);
    it.values.fill(++m.stamp, a, b);
    device.write(it.tensor.slice(a, b), it.values.subarray(a, b));
  },
  toString: () => `writeSlice ${at} [${from}, ${to})`,
});
const copy = (from: number, to: number): Command => ({
  check: (m) => pick(m, from) !== pick(m, to) && pick(m, from)?.values.length === pick(m, to)?.values.length,
  run: async (m, { device }) => {
    const [source, target] = [pick(m, from), pick(m, to)];
    if (source === undefined || target === undefined) return;
    target.values.set(source.values);
    device.copy(target.tensor, source.tensor);
  },
  toString: () => `copy ${from} to ${to}`,
});
/** Keeps the device busy, so that what follows queues. */
const work: Command = { check: () => true, run: async (_, { device, busy }) => device.launch('nap', { milliseconds: 1 }, { count: busy }), toString: () => 'work' };
const trim: Command = { check: () => true, run: async (_, { device }) => device.trim(), toString: () => 'trim' };
/** Holds all tensors to what was written to them, and the counted bytes to the tensors. */
export const look: Command = {
  check: () => true,
  run: async (m, { device }) => {
    // As bytes: toEqual takes milliseconds for large arrays.
    for (const { tensor, values } of m.live) expect(Buffer.compare(bytes(await device.read(tensor)), bytes(values))).toBe(0);
    const { allocatedBytes, peakBytes } = device.stats();
    // A block has at most a quarter more than its class needs, at least 64 bytes, and may be twice its class when reused; the busy counter is one more.
    expect(allocatedBytes).toBeGreaterThanOrEqual(bytesOf(m));
    expect(allocatedBytes).toBeLessThanOrEqual(2.5 * bytesOf(m) + 128 * (m.live.length + 1));
    expect(peakBytes).toBeGreaterThanOrEqual(Math.max(allocatedBytes, m.peak));
    m.peak = peakBytes;
  },
  toString: () => 'look',
};

const length = fc.oneof(fc.nat(40), fc.constantFrom(0, 1, 15, 16, 17, 63, 64, 65, 1023, 1024, 1025, 1 << 17));
/** What may be done to memory, in any order. */
export const commands = fc.commands([
  length.map(allocate), fc.nat(9).map(dispose), fc.tuple(fc.nat(9), fc.nat(1100), fc.nat(1100)).map(([at, a, b]) => writeSlice(at, a, b)), fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => copy(a, b)),
  fc.constant(work), fc.constant(trim), fc.constant(look),
], { maxCommands: 50, size: 'max' });
