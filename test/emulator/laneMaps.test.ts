import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFloat16 } from '@petamoriken/float16';
import { afterAll, describe, expect, test } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { launched, openFixtures } from './fixture.js';
import { asFloat, bitsOfFloat, goldenWords, small, stirred } from './lanes.js';

const lengths: Readonly<Record<string, number>> = { matrices: 128, matricesTransposed: 128, productBf16: 128, productF16: 128, conversionsBf16: 4096, conversionsF16: 4096, exchanges: 160, partialCopies: 128 };
const device = await openFixtures('laneMaps.cu', Object.keys(lengths).map((symbol) => ({ symbol, threads: 32, sharedBytes: 1024, inputs: [], output: { dtype: 'i32', axis: 'n' } })));
afterAll(() => device[Symbol.asyncDispose]());
const words = async (symbol: string): Promise<readonly number[]> => {
  const count = lengths[symbol] ?? 0;
  return [...await launched(device, symbol, count, { dtype: 'i32', count })].map((x) => x >>> 0);
};

const lanes = Array.from({ length: 32 }, (_, l) => l);

describe('lanes of a warp', () => {
  test.for([['matrices', false], ['matricesTransposed', true]] as const)('%s: lane l gets row l / 4, columns 2·(l mod 4) and the next, of each matrix', async ([symbol, isTransposed]) => {
    // Row r of matrix i is the one lane 8i + r points at: elements 8·that to 8·that + 7 of the numbered memory.
    const element = (i: number, r: number, c: number): number => ((8 * i + r) * 5 + 3) % 32 * 8 + c;
    const at = (i: number, r: number, c: number): number => (isTransposed ? element(i, c, r) : element(i, r, c));
    const expected = lanes.flatMap((l) => [0, 1, 2, 3].map((i) => at(i, l >> 2, l % 4 * 2) | at(i, l >> 2, l % 4 * 2 + 1) << 16));
    expect(await words(symbol)).toEqual(expected);
  });

  test.for(['productBf16', 'productF16'])('%s: a is 16 × 16 by rows, b 16 × 8 by columns, d 16 × 8', async (symbol) => {
    const a = (row: number, k: number): number => small((row % 8 * 4 + k % 8 / 2 | 0) * 8 + ((row >> 3) + 2 * (k >> 3)) * 2 + k % 2);
    const b = (k: number, col: number): number => small(1000 + (col * 4 + (k % 8 >> 1)) * 4 + (k >> 3) * 2 + k % 2);
    const d = (l: number, e: number): number => {
      const row = (l >> 2) + 8 * (e >> 1);
      const col = l % 4 * 2 + e % 2;
      return Array.from({ length: 16 }, (_, k) => a(row, k) * b(k, col)).reduce((x, y) => x + y, small(2000 + l * 4 + e));
    };
    expect((await words(symbol)).map(asFloat)).toEqual(lanes.flatMap((l) => [0, 1, 2, 3].map((e) => d(l, e))));
  });

  test('shuffles and votes', async () => {
    const x = (l: number): number => stirred(l);
    const votes = lanes.reduce((all, l) => all | (Number((x(l) | 0) % 3 === 0) << l), 0) >>> 0;
    const expected = lanes.flatMap((l) => [x(l ^ 5), x(l < 3 ? l : l - 3), x(l * 7 % 32), votes, bitsOfFloat(x(l ^ 16) | 0)]);
    expect(await words('exchanges')).toEqual(expected);
  });

  test('a copy of fewer bytes zeroes the rest', async () => {
    const bytes = new Uint8Array(Uint32Array.from({ length: 128 }, (_, i) => stirred(i)).buffer).map((byte, i) => (i % 16 < (i >> 4) % 17 ? byte : 0));
    expect(await words('partialCopies')).toEqual([...new Uint32Array(bytes.buffer)]);
  });
});

const bf16Bits = (x: number): number => (Number.isNaN(x) ? 0x7fff : bitsOfFloat(roundTo.bf16(x)) >>> 16);
const f16Bits = (x: number): number => {
  if (Number.isNaN(x)) return 0x7fff;
  const view = new DataView(new ArrayBuffer(2));
  setFloat16(view, 0, x);
  return view.getUint16(0);
};

describe('conversions round to the nearest, ties to even, bit for bit', () => {
  test('bf16', async () => {
    const pair = (i: number): number => (bf16Bits(asFloat(stirred(i))) | bf16Bits(asFloat((stirred(i + 77777) & 0xffff0000) | 0x8000)) << 16) >>> 0;
    expect(await words('conversionsBf16')).toEqual(Array.from({ length: 4096 }, (_, i) => pair(i)));
  });

  test('f16, denormals and overflow included', async () => {
    const pair = (i: number): number => {
      const bits = stirred(i);
      const low = ((bits & 0x807fffff) | (100 + Math.floor(bits / 8) % 48) << 23) >>> 0;
      return (f16Bits(asFloat(low)) | f16Bits(asFloat((low & 0xffffe000) | 0x1000)) << 16) >>> 0;
    };
    expect(await words('conversionsF16')).toEqual(Array.from({ length: 4096 }, (_, i) => pair(i)));
  });
});

const goldenFile = fileURLToPath(new URL('../golden/laneMaps.json', import.meta.url));
const golden: Readonly<Record<string, string>> = existsSync(goldenFile) ? JSON.parse(readFileSync(goldenFile, 'utf8')) : {};
/** NaNs have many bits: one for all. */
const halves = (word: number, infinity: number): readonly number[] => [word & 0xffff, word >>> 16].map((h) => ((h & 0x7fff) > infinity ? 0x7fff : h));
const canonical = (symbol: string, all: readonly number[]): readonly number[] =>
  symbol.startsWith('conversions') ? all.flatMap((w) => halves(w, symbol.endsWith('Bf16') ? 0x7f80 : 0x7c00)) : all;

// Captured by test/gpu/laneMaps.cu.
describe.skipIf(!existsSync(goldenFile))('the emulator does what a GPU did', () => {
  test.for(Object.keys(lengths))('%s', async (symbol) => {
    expect(canonical(symbol, await words(symbol))).toEqual(canonical(symbol, goldenWords(golden[symbol])));
  });
});
