import { afterAll, expect, test } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { narrow, widen } from '../../codegen/commands/tensors.js';
import type { Device } from '../../runtime/device.js';
import { fusedBound, mismatches } from '../kit/tolerance.js';
import { values } from '../kit/values.js';
import { type Fixture, openFixtures } from './fixture.js';

/** One head of attention: out[q, d] of rows of q, k and v. */
const head = (symbol: string, threads: number, sharedBytes: number): Fixture => ({
  symbol, threads, sharedBytes, inputs: ['q', 'k', 'v'].map((name) => ({ name, dtype: 'bf16', axis: name })), scalars: ['scale'], output: { dtype: 'f32', axis: 'o' },
});
const ampere = await openFixtures('attention.cu', [head('attention', 128, 5 * 64 * 72 * 2)]);
const hopper = await openFixtures('attentionHopper.cu', [head('attentionHopper', 384, 32768 + 4 * 16384 + 192)]);
afterAll(async () => { for (const device of [ampere, hopper]) await device[Symbol.asyncDispose](); });

interface Case { readonly device: Device; readonly symbol: string; readonly d: number; readonly queries: number; readonly keys: number; readonly blockRows: number }

/** Rows of attention in float64; weights rounded to bf16 as the tensor core takes them, or not. */
function attended([q, k, v]: readonly [Float64Array, Float64Array, Float64Array], d: number, rounds: boolean): Float64Array {
  const row = (x: Float64Array, i: number): Float64Array => x.subarray(i * d, (i + 1) * d);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
  const columns = Array.from({ length: d }, (_, c) => v.filter((_, i) => i % d === c));
  return Float64Array.from(Array.from({ length: q.length / d }, (_, i) => {
    const s = Array.from({ length: k.length / d }, (_, j) => dot(row(q, i), row(k, j)) / 8);
    const most = Math.max(...s);
    const p = Float64Array.from(s, (x) => Math.exp(x - most));
    const sum = p.reduce((a, b) => a + b, 0);
    return columns.map((column) => dot(rounds ? p.map(roundTo.bf16) : p, column) / sum);
  }).flat());
}

test.each<[string, Case]>([
  ['copies ahead, matrix loads and tensor cores', { device: ampere, symbol: 'attention', d: 64, queries: 192, keys: 192, blockRows: 64 }],
  ['boxes sent ahead, products of warpgroups and registers handed over', { device: hopper, symbol: 'attentionHopper', d: 128, queries: 256, keys: 320, blockRows: 128 }],
])('attention with %s agrees with float64, under every policy', async (_, { device, symbol, d, queries, keys, blockRows }) => {
  const draw = (seed: number, rows: number): Float64Array => values(seed, rows * d, { min: -2, max: 2, dtype: 'bf16' });
  const inputs = [draw(1, queries), draw(2, keys), draw(3, keys)] as const;
  const tensors = inputs.map((data) => {
    const t = device.alloc('bf16', [data.length]);
    device.write(t, narrow('bf16', data));
    return t;
  });
  const exact = attended(inputs, d, false);
  const bound = fusedBound(exact, attended(inputs, d, true), 'f32');
  for (let time = 0; time < 6; time++) {
    const out = device.alloc('f32', [queries * d]);
    device.launch(symbol, { q: tensors[0] ?? out, k: tensors[1] ?? out, v: tensors[2] ?? out, scale: Math.LOG2E / 8 }, { out }, { n: keys, b: queries / blockRows });
    await device.sync();
    expect(mismatches(widen('f32', new Uint8Array((await device.read(out)).buffer)), exact, bound)).toEqual([]);
    out[Symbol.dispose]();
  }
  for (const t of tensors) t[Symbol.dispose]();
});
