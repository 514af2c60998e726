import { afterAll, expect, test } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { narrow, widen } from '../../codegen/commands/tensors.js';
import { fusedBound, mismatches } from '../kit/tolerance.js';
import { values } from '../kit/values.js';
import { openFixtures } from './fixture.js';

const d = 64;
const device = await openFixtures('attention.cu', [{
  symbol: 'attention', threads: 128, sharedBytes: 5 * 64 * 72 * 2,
  inputs: ['q', 'k', 'v'].map((name) => ({ name, dtype: 'bf16' as const, axis: name })), scalars: ['scale'], output: { dtype: 'f32', axis: 'o' },
}]);
afterAll(() => device[Symbol.asyncDispose]());

/** Rows of attention in float64; weights rounded to bf16 as the tensor core takes them, or not. */
function attended(q: Float64Array, k: Float64Array, v: Float64Array, keys: number, rounds: boolean): Float64Array {
  const row = (x: Float64Array, i: number): Float64Array => x.subarray(i * d, (i + 1) * d);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
  return Float64Array.from(Array.from({ length: q.length / d }, (_, i) => {
    const s = Array.from({ length: keys }, (_, j) => dot(row(q, i), row(k, j)) / 8);
    const p = s.map((x) => Math.exp(x - Math.max(...s)));
    const sum = p.reduce((a, b) => a + b, 0);
    return Array.from({ length: d }, (_, c) => p.reduce((a, w, j) => a + (rounds ? roundTo.bf16(w) : w) * (row(v, j)[c] ?? 0), 0) / sum);
  }).flat());
}

test('attention with copies ahead, matrix loads and tensor cores agrees with float64, under every policy', async () => {
  const keys = 192;
  const draw = (seed: number): Float64Array => values(seed, keys * d, { min: -2, max: 2, dtype: 'bf16' });
  const [q, k, v] = [draw(1), draw(2), draw(3)];
  const tensors = [q, k, v].map((data) => {
    const t = device.alloc('bf16', [keys * d]);
    device.write(t, narrow('bf16', data));
    return t;
  });
  const exact = attended(q, k, v, keys, false);
  const bound = fusedBound(exact, attended(q, k, v, keys, true), 'f32');
  for (let policy = 0; policy < 3; policy++) {
    const out = device.alloc('f32', [keys * d]);
    device.launch('attention', { q: tensors[0] ?? out, k: tensors[1] ?? out, v: tensors[2] ?? out, scale: Math.LOG2E / 8 }, { out }, { n: keys, b: keys / 64 });
    await device.sync();
    expect(mismatches(widen('f32', new Uint8Array((await device.read(out)).buffer)), exact, bound)).toEqual([]);
    out[Symbol.dispose]();
  }
  for (const t of tensors) t[Symbol.dispose]();
});
