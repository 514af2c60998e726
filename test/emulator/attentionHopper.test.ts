import { afterAll, expect, test } from 'vitest';
import { roundTo } from '../../dsl/dtype.js';
import { narrow, widen } from '../../codegen/commands/tensors.js';
import { fusedBound, mismatches } from '../kit/tolerance.js';
import { values } from '../kit/values.js';
import { openFixtures } from './fixture.js';

const d = 128;
const device = await openFixtures('attentionHopper.cu', [{
  symbol: 'attentionHopper', threads: 384, sharedBytes: 32768 + 4 * 16384 + 192,
  inputs: ['q', 'k', 'v'].map((name) => ({ name, dtype: 'bf16' as const, axis: name })), scalars: ['scale'], output: { dtype: 'f32', axis: 'o' },
}]);
afterAll(() => device[Symbol.asyncDispose]());

/** Rows of attention in float64; weights rounded to bf16 as the tensor core takes them, or not. */
function attended(q: Float64Array, k: Float64Array, v: Float64Array, rounds: boolean): Float64Array {
  const row = (x: Float64Array, i: number): Float64Array => x.subarray(i * d, (i + 1) * d);
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
  const keys = k.length / d;
  return Float64Array.from(Array.from({ length: q.length / d }, (_, i) => {
    const s = Array.from({ length: keys }, (_, j) => dot(row(q, i), row(k, j)) / 8);
    const p = s.map((x) => Math.exp(x - Math.max(...s)));
    const sum = p.reduce((a, b) => a + b, 0);
    const o = new Float64Array(d);
    p.forEach((w, j) => { for (let c = 0; c < d; c++) o[c] = (o[c] ?? 0) + (rounds ? roundTo.bf16(w) : w) * (v[j * d + c] ?? 0) / sum; });
    return [...o];
  }).flat());
}

test('boxes sent ahead, products of warpgroups and registers handed over agree with float64, under every policy', async () => {
  const draw = (seed: number, rows: number): Float64Array => values(seed, rows * d, { min: -1, max: 1, dtype: 'bf16' });
  const [q, k, v] = [draw(1, 256), draw(2, 320), draw(3, 320)];
  const tensors = [q, k, v].map((data) => {
    const t = device.alloc('bf16', [data.length]);
    device.write(t, narrow('bf16', data));
    return t;
  });
  const exact = attended(q, k, v, false);
  const bound = fusedBound(exact, attended(q, k, v, true), 'f32');
  for (let time = 0; time < 6; time++) {
    const out = device.alloc('f32', [q.length]);
    const before = performance.now();
    device.launch('attentionHopper', { q: tensors[0] ?? out, k: tensors[1] ?? out, v: tensors[2] ?? out, scale: Math.LOG2E / 8 }, { out }, { n: 320, b: 2 });
    await device.sync();
    console.log(performance.now() - before);
    expect(mismatches(widen('f32', new Uint8Array((await device.read(out)).buffer)), exact, bound)).toEqual([]);
    out[Symbol.dispose]();
  }
  for (const t of tensors) t[Symbol.dispose]();
});
