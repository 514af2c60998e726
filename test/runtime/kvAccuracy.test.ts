import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, test as example } from 'vitest';
import { examplePath, hideFact } from '../../examples/haystack.js';
import { f8e4m3Value } from '../../dsl/f8e4m3.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { loadModel, openCpuDevice } from '../../runtime/load.js';
import type { Model } from '../../runtime/model.js';
import { scaleOf } from '../../runtime/model/kvScales.js';
import { values } from '../kit/values.js';

// How far 8 bits carry what is computed, with the kernels of the processor.

const cpu = openCpuDevice();
afterAll(() => cpu[Symbol.asyncDispose]());
const d = 64;

function tensor(device: Device, data: Float64Array, shape: readonly number[]): DeviceTensor<'f32'> {
  const t = device.alloc('f32', shape);
  device.write(t, Float32Array.from(data));
  return t;
}

/** Attention of one query in float64. */
function attended(q: Float64Array, k: Float64Array, v: Float64Array) {
  const scores = Array.from({ length: k.length / d }, (_, j) => q.reduce((sum, x, i) => sum + x * (k[j * d + i] ?? 0), 0) / Math.sqrt(d));
  const most = Math.max(...scores);
  const weights = scores.map((s) => Math.exp(s - most));
  const total = weights.reduce((a, b) => a + b, 0);
  const p = weights.map((w) => w / total);
  const column = (of: (x: number) => number) => Float64Array.from({ length: d }, (_, c) => p.reduce((sum, w, j) => sum + w * of(v[j * d + c] ?? 0), 0));
  // How far rounding may move a score: 2⁻⁴ of each term of its sum.
  const shift = Math.max(...Array.from({ length: k.length / d }, (_, j) => q.reduce((sum, x, i) => sum + Math.abs(x * (k[j * d + i] ?? 0)), 0))) * 2 ** -4 / Math.sqrt(d);
  return { out: column((x) => x), magnitude: column(Math.abs), shift };
}

describe('attention over K and V in 8 bits', () => {
  test.prop([fc.integer({ min: 1, max: 300 }), fc.integer({ min: -12, max: 12 }), fc.nat(1e6)], { numRuns: 20 })('is off by no more than 2⁻⁴ of each number explains, at any scale, and by something', async (rows, exponent, seed) => {
    // Normal numbers of 8 bits reach from 2⁻⁶ to 448 units: what is smaller than 2⁻¹³ of the largest is rounded more coarsely, and drawn less than once.
    const size = 2 ** exponent;
    const [q, k, v] = [values(seed, d, { min: -1, max: 1 }).map((x) => x / size), values(seed + 1, rows * d, { min: 0.001, max: 1 }).map((x, i) => (i % 3 === 0 ? -x : x) * size), values(seed + 2, rows * d, { min: 0.001, max: 1 }).map((x, i) => (i % 5 < 2 ? -x : x) * size)];
    const scale = tensor(cpu, Float64Array.of(scaleOf(size)), [1]);
    const [query, keys, vals] = [tensor(cpu, q, [1, 1, 1, d]), tensor(cpu, k, [rows, 1, d]), tensor(cpu, v, [rows, 1, d])];
    const [k8, v8] = [cpu.alloc('f8e4m3', [rows, 1, d]), cpu.alloc('f8e4m3', [rows, 1, d])];
    const [o, lse, offsets] = [cpu.alloc('f32', [1, 1, 1, d]), cpu.alloc('f32', [1, 1, 1]), cpu.alloc('i32', [4])];
    cpu.write(offsets, Int32Array.of(0, 1, 0, rows));
    cpu.launch('narrowRows', { k: keys, v: vals, kScale: scale, vScale: scale }, { keys: k8, values: v8 });
    cpu.launch('chunkAttentionScaled', { q: query, k: k8, v: v8, kScale: scale, vScale: scale, scale: 1 / Math.sqrt(d), 'offsets.q': offsets.slice(0, 2), 'offsets.k': offsets.slice(2, 4) }, { o, lse });
    const got = await cpu.read(o);
    const { out, magnitude, shift } = attended(q, k, v);
    // Scores off by `shift` at most change each weight by a factor of at most e^(2·shift); arithmetic in f32 adds 2⁻¹² of the sum.
    const factor = Math.exp(2 * shift) * (1 + 2 ** -4) - 1 + 2 ** -12;
    out.forEach((want, i) => { expect(Math.abs((got[i] ?? NaN) - want)).toBeLessThanOrEqual(factor * (magnitude[i] ?? 0)); });
    expect(out.some((want, i) => Math.abs((got[i] ?? NaN) - want) > 2 ** -12 * size)).toBe(rows > 0);
    for (const t of [scale, query, keys, vals, k8, v8, o, lse, offsets]) t[Symbol.dispose]();
  });

  test.prop([fc.integer({ min: 1, max: 40 }), fc.nat(1e6)], { numRuns: 10 })('rounds what it stores to half of the last of four bits, and saturates', async (rows, seed) => {
    const x = values(seed, rows * d, { min: -900, max: 900 });
    const one = tensor(cpu, Float64Array.of(1), [1]);
    const [rowsIn, k8, v8] = [tensor(cpu, x, [rows, 1, d]), cpu.alloc('f8e4m3', [rows, 1, d]), cpu.alloc('f8e4m3', [rows, 1, d])];
    cpu.launch('narrowRows', { k: rowsIn, v: rowsIn, kScale: one, vScale: one }, { keys: k8, values: v8 });
    const got = Array.from(await cpu.read(k8), f8e4m3Value);
    got.forEach((y, i) => {
      const want = Math.max(-448, Math.min(448, x[i] ?? NaN));
      expect(Math.abs(y - want)).toBeLessThanOrEqual(Math.max(2 ** -4 * Math.abs(want), 2 ** -10));
    });
    for (const t of [one, rowsIn, k8, v8]) t[Symbol.dispose]();
  });
});

describe('a model with K and V in 8 bits', () => {
  const key = '14177';
  const answer = async (model: Model, tokens: number): Promise<string> => {
    const { text, question } = hideFact(model.tokenizer, 'pride-and-prejudice', tokens, 0.4, key);
    for await (const event of model.generate({ document: text, question, maxTokens: 8, parallelComp: { chunkTokens: 900, capacity: 450, keepChunks: 2 } })) if (event.type === 'done') return `${event.method}: ${event.text.trim().slice(0, key.length)}`;
    throw new Error('no account');
  };

  example('finds what a model without finds, says what it stores, and stores a quarter of it', async () => {
    await using whole = await loadModel(examplePath('bookworm'), { device: cpu });
    const before = cpu.stats().allocatedBytes;
    {
      await using model = await loadModel(examplePath('bookworm'), { device: cpu, kvDtype: 'f8e4m3' });
      expect([model.dtype, model.kvDtype, whole.kvDtype]).toEqual(['f32', 'f8e4m3', 'f32']);
      expect([await answer(model, 700), await answer(model, 3000)]).toEqual([`full: ${key}`, `parallelcomp: ${key}`]);
      const contexts = 'It is a truth universally acknowledged.';
      await using small = await model.prefill({ contexts });
      await using large = await whole.prefill({ contexts });
      expect(small.bytes).toBe(large.bytes / 4);
    }
    expect(cpu.stats().allocatedBytes).toBe(before);
  });

  example('is refused where the name is none, before anything is read', async () => {
    await expect(loadModel('/nowhere', { kvDtype: 'fp8' as never })).rejects.toThrow('kvDtype is fp8, it must be auto or f8e4m3');
  });
});
