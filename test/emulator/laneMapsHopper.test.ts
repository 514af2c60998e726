import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { DType } from '../../dsl/dtype.js';
import { type Fixture, openFixtures } from './fixture.js';
import { bitsOfFloat, goldenWords, small, stirred } from './lanes.js';

const columnsOf = [64, 128, 256] as const;
const ways = ['AlongAlong', 'AlongAcross', 'AcrossAlong', 'AcrossAcross', 'RegistersAlong', 'RegistersAcross'] as const;
const products = [...columnsOf.flatMap((n) => ways.map((way) => [`product${n}${way}`, n] as const)), ['product128F16AlongAcross', 128] as const, ['product128F16RegistersAlong', 128] as const];

/** A tensor, innermost axis first, what a box takes of each, and where boxes are copied from. */
interface Boxes { readonly dtype: DType; readonly lengths: readonly number[]; readonly box: readonly number[]; readonly at: readonly (readonly number[])[] }
const boxes: Readonly<Record<string, Boxes>> = {
  boxes2: { dtype: 'bf16', lengths: [104, 21], box: [64, 8], at: [[0, 0], [64, 8], [96, 16], [-8, -3], [-64, 0], [104, 30]] },
  boxesF32: { dtype: 'f32', lengths: [40, 11], box: [32, 8], at: [[0, 0], [24, 6], [-4, -1]] },
  boxes3: { dtype: 'bf16', lengths: [72, 5, 7], box: [64, 3, 4], at: [[0, 0, 0], [8, 3, 5], [-8, -1, -2]] },
  boxes4: { dtype: 'bf16', lengths: [64, 3, 4, 3], box: [64, 2, 3, 2], at: [[0, 0, 0, 0], [8, 2, -1, 2]] },
  boxes5: { dtype: 'bf16', lengths: [64, 3, 2, 3, 4], box: [64, 2, 1, 2, 3], at: [[0, 0, 0, 0, 0], [-16, 2, 1, -1, 3]] },
};
const stored: Boxes = { dtype: 'i32', lengths: [40, 11], box: [32, 8], at: [[4, 1], [36, 9], [-28, -7]] };
const wordsOf = ({ dtype, box, at }: Boxes): number => at.length * box.reduce((a, b) => a * b, 1) * (dtype === 'bf16' ? 2 : 4) / 4;
const order = (rank: number): readonly string[] => Array.from({ length: rank }, (_, i) => `a${rank - 1 - i}`);

const output = { dtype: 'i32', axis: 'out' } as const;
const boxed = ({ dtype, lengths, box }: Boxes): NonNullable<Fixture['boxed']> => ({ name: 'x', dtype, order: order(lengths.length), box: box.toReversed() });
const device = await openFixtures('laneMapsHopper.cu', [
  ...products.map(([symbol]) => ({ symbol, threads: 256, sharedBytes: 98304, inputs: [], output })),
  ...Object.entries(boxes).map(([symbol, b]) => ({ symbol, threads: 32, sharedBytes: 4096 + 64, inputs: [], output, boxed: boxed(b) })),
  { symbol: 'storedBoxes', threads: 32, sharedBytes: 3072, inputs: [], output, boxed: { ...boxed(stored), isResult: true } },
  { symbol: 'storedMatrices', threads: 32, sharedBytes: 512, inputs: [], output },
]);
afterAll(() => device[Symbol.asyncDispose]());

/** What a kernel writes: its words, or the memory that its map is of. */
async function words(symbol: string): Promise<readonly number[]> {
  const source = boxes[symbol];
  const n = products.find(([name]) => name === symbol)?.[1];
  const count = source !== undefined ? wordsOf(source) : n !== undefined ? (n === 64 ? 4096 : 256) : 128;
  using out = device.alloc('i32', [count]);
  const { dtype, lengths } = source ?? stored;
  using x = device.alloc(dtype, lengths.toReversed());
  if (source !== undefined) {
    const bits = Array.from({ length: lengths.reduce((a, b) => a * b, 1) }, (_, i) => i + 1);
    device.write(x, dtype === 'bf16' ? Uint16Array.from(bits) : new Float32Array(Uint32Array.from(bits).buffer));
  }
  device.launch(symbol, source === undefined ? {} : { x }, symbol === 'storedBoxes' ? { out, x } : { out }, { n: count, b: 1 });
  await device.sync();
  return [...(symbol === 'storedBoxes' ? await device.read(x) : await device.read(out))].map((w) => w >>> 0);
}

const indexes = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

describe('products of warpgroups', () => {
  const over = 128;
  /** Element (i, j) of a matrix kept along its rows, or transposed. */
  const element = (first: number, isTransposed: boolean) => (i: number, j: number): number => small(first + (isTransposed ? j * 256 + i : i * 256 + j));

  test.for(products)('%s: row 16 · warp + lane / 4 + 8 · (e / 2), column 8 · piece + 2 · (lane mod 4) + e mod 2', async ([symbol, n]) => {
    const isOfRegisters = symbol.includes('Registers');
    const left = element(0, symbol.includes('Across') && symbol.indexOf('Across') < symbol.length - 6 && !isOfRegisters);
    const right = element(100000, symbol.endsWith('Along'));
    const a = indexes(128).map((r) => indexes(over).map((k) => left(r, k)));
    const b = indexes(over).map((k) => indexes(n).map((c) => right(k, c)));
    const d = a.map((row, r) => indexes(n).map((c) => row.reduce((sum, x, k) => sum + x * (b[k]?.[c] ?? 0), isOfRegisters ? 0 : small(200000 + r * 256 + c))));
    const held = (thread: number): readonly number[] => {
      const [warp, lane] = [thread >> 5, thread % 32];
      return indexes(n / 2).map((i) => d[16 * warp + (lane >> 2) + 8 * (i % 4 >> 1)]?.[(i >> 2) * 8 + lane % 4 * 2 + i % 2] ?? NaN);
    };
    const told = (of: readonly number[]): readonly number[] => n === 64
      ? indexes(of.length / 2).map((i) => (((of[2 * i] ?? 0) & 0xffff) | (of[2 * i + 1] ?? 0) << 16) >>> 0)
      : [of.reduce((h, x) => stirred((h ^ bitsOfFloat(x)) >>> 0), 0)];
    expect(await words(symbol)).toEqual(indexes(256).flatMap((thread) => told(held(thread))));
  });
});

/** Where byte `at` of a box stands in shared memory: pieces of 16 bytes are permuted by their line's number. */
const swizzled = (at: number): number => at ^ (at >> 3 & 0x70);
/** Positions of the elements of a box on each axis, innermost first. */
const positions = ({ box }: Boxes, at: readonly number[], i: number): readonly number[] => {
  let rest = i;
  return box.map((n, axis) => {
    const own = rest % n;
    rest = Math.floor(rest / n);
    return (at[axis] ?? 0) + own;
  });
};
/** The place of a position in memory; undefined beyond the tensor. */
const placeOf = ({ lengths }: Boxes, position: readonly number[]): number | undefined =>
  position.every((p, axis) => p >= 0 && p < (lengths[axis] ?? 0)) ? position.reduceRight((place, p, axis) => place * (lengths[axis] ?? 0) + p, 0) : undefined;

describe('boxes', () => {
  test.for(Object.entries(boxes))('%s: lines of 128 bytes, pieces permuted, nothing beyond the tensor', async ([symbol, of]) => {
    const size = of.dtype === 'bf16' ? 2 : 4;
    const count = of.box.reduce((a, b) => a * b, 1);
    const expected = of.at.flatMap((at) => {
      const bytes = new Uint8Array(count * size);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < count; i++) {
        const place = placeOf(of, positions(of, at, i));
        const bits = place === undefined ? 0 : place + 1;
        if (size === 2) view.setUint16(swizzled(i * size), bits, true);
        else view.setUint32(swizzled(i * size), bits, true);
      }
      return [...new Uint32Array(bytes.buffer)];
    });
    expect(await words(symbol)).toEqual(expected);
  });

  test('storedBoxes: what lies beyond the tensor is not written', async () => {
    const expected = new Uint32Array(40 * 11).fill(0xffffffff);
    stored.at.forEach((at, b) => indexes(256).forEach((i) => {
      const place = placeOf(stored, positions(stored, at, i));
      if (place !== undefined) expected[place] = b * 256 + swizzled(i * 4) / 4;
    }));
    expect(await words('storedBoxes')).toEqual([...expected]);
  });
});

test('storedMatrices: lane l has columns 2 · (l mod 4) and the next of row l / 4 of each matrix', async () => {
  const expected = new Array<number>(128).fill(0);
  for (let i = 0; i < 4; i++) for (let r = 0; r < 8; r++) for (let c = 0; c < 4; c++) expected[((8 * i + r) * 5 + 3) % 32 * 4 + c] = (4 * r + c) * 4 + i;
  expect(await words('storedMatrices')).toEqual(expected);
});

const goldenFile = fileURLToPath(new URL('../golden/laneMapsHopper.json', import.meta.url));
const golden: Readonly<Record<string, string>> = existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : {};

// Captured by test/gpu/laneMapsHopper.cu.
describe.skipIf(!existsSync(goldenFile))('the emulator does what a GPU did', () => {
  test.for([...products.map(([symbol]) => symbol), ...Object.keys(boxes), 'storedBoxes', 'storedMatrices'].filter((symbol) => symbol in golden))('%s', async (symbol) => {
    expect(await words(symbol)).toEqual(goldenWords(golden[symbol]));
  });
});
