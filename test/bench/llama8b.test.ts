import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../runtime/model/safetensors.js';
import { makeTokenizer } from '../../runtime/model/tokenizer.js';
import { weightElements } from '../../runtime/model/weights.js';
import { draw, normalTable, stateOf } from './llama8b/draw.js';
import { lineThrough } from './llama8b/fit.js';
import { eightBOptions } from './llama8b/options.js';
import { peers } from './llama8b/peers.js';
import { type AskRow, type EightBReport, joined, type Reader, withRow } from './llama8b/report.js';
import { configOf, drawnTensors, tokenizerJson } from './llama8b/shape.js';
import { markdown } from './llama8b/table.js';
import { traceVerdict } from './llama8b/trace.js';

const folder = mkdtempSync(join(tmpdir(), 'warpfold-8b-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A script of the benchmark, as a GPU machine runs it. */
function run(...args: readonly string[]): { readonly code: number | null; readonly said: string } {
  const script = fileURLToPath(new URL('../../build/ts/test/bench/llama8b/run.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--device', 'cpu', '--quick', '--model', join(folder, 'model'), '--out', join(folder, 'out'), ...args], { encoding: 'utf8' });
  return { code: status, said: `${stdout}${stderr}` };
}

describe('the model', () => {
  const config = configOf({ layers: 32, quick: false });

  test('has the shapes of Llama-3-8B: 8.03 billion weights', () => {
    expect(weightElements(config)).toBe(8_030_261_248);
    expect(drawnTensors(config).reduce((n, t) => n + t.elements, 0)).toBe(8_030_261_248);
  });

  test('has a tokenizer with as many tokens, each of which is text', () => {
    const tokenizer = makeTokenizer(tokenizerJson(config.vocabSize), { add_bos_token: true, bos_token: '<|begin_of_text|>' });
    for (const text of ['It was a fine day; naïve “cafés” 🙂 1812.', 'theandtheand']) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect([0, 1].map((i) => tokenizer.decode([config.vocabSize - 1 - i]).length > 0)).toEqual([true, true]);
    expect(tokenizer.bosId).toBe(0);
  });

  property.prop([fc.string(), fc.integer({ min: -3, max: 3 }), fc.double({ min: 0.01, max: 3, noNaN: true })], { numRuns: 10 })('has weights of the mean and the spread that are asked for', (name, mean, spread) => {
    const bits = new Uint16Array(2 ** 17);
    draw(bits, normalTable(mean, spread), stateOf(name));
    const values = new Float32Array(Uint32Array.from(bits, (b) => b << 16).buffer);
    const average = values.reduce((n, x) => n + x, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((n, x) => n + (x - average) ** 2, 0) / values.length);
    // Six deviations of a mean of 2¹⁷ draws, and half an ulp of bf16.
    expect(Math.abs(average - mean)).toBeLessThan(6 * spread / Math.sqrt(2 ** 17) + Math.abs(mean) / 256);
    expect(deviation / spread).toBeGreaterThan(0.98 - Math.abs(mean / spread) / 256);
    expect(deviation / spread).toBeLessThan(1.02 + Math.abs(mean / spread) / 256);
  });
});

property.prop([fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 1e-6, max: 1e-4, noNaN: true }), fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 2, maxLength: 6 })])('a line through points of a line is that line', (fixed, slope, xs) => {
  const line = lineThrough(xs.map((x) => [x, fixed + slope * x]));
  expect(line.slope / slope).toBeCloseTo(1, 5);
  expect(line.off).toBeLessThan(1e-6);
});

describe('peers', () => {
  /** A Python that prints what peers.py would of the first of two lengths, and is gone. */
  function deadPython(): string {
    const path = join(folder, 'dead-python');
    writeFileSync(path, `#!/bin/sh\necho 'Loading weights'\necho '{"tokens": 1000, "first": 0.5, "step": 0.01, "peak": 7, "kept": [0]}'\nexit 137\n`, { mode: 0o755 });
    return path;
  }

  test('what a peer said before it ended stays, and what it did not say has its reason', async () => {
    const model = join(folder, 'peered');
    expect(run('weights', '--layers', '1', '--model', model).code).toBe(0);
    const rows: AskRow[] = [];
    await peers({ ...eightBOptions(['--device', 'cpu', '--quick', '--lengths', '1000,2000', '--model', model, '--python', deadPython()]) }, (row) => rows.push(row));
    const readers = ['transformers, dense', 'PyTorch ParallelComp', 'PyTorch ParallelComp, eager'];
    expect(rows).toMatchObject(readers.flatMap((reader) => [{ kind: 'asked', reader, tokens: 1000, first: 0.5 }, { kind: 'failed', reader, tokens: 2000, why: expect.stringContaining('dead-python ended with 137') }]));
  });

  test('a section without any figure is no success', async () => {
    await expect(peers({ ...eightBOptions(['--device', 'cpu', '--quick', '--lengths', '1000', '--model', join(folder, 'peered'), '--python', 'absent-python']) }, () => {})).rejects.toThrow('absent-python');
  });
});

describe('a report', () => {
  const settings = { chunkTokens: 800, keepChunks: 3, capacity: 400 };
  const bare: EightBReport = { date: '2027-01-02', command: 'a', device: 'NVIDIA H100', peers: 'none', layers: 2, weightBytes: 1, settings };
  const asked = (reader: Reader, first: number): AskRow => ({ kind: 'asked', reader, tokens: 1000, chunks: 2, kept: [], first, encode: 0, flops: 100, step: 1, stepBytes: 10, peak: 5 });
  const rates = { matmul: 100, copy: 10, upload: 1 };

  test('of several runs keeps the peers\' machine, all devices, and for each row the rates of its own run', () => {
    const first = withRow({ ...bare, peers: 'PyTorch', rates }, asked('ours', 2));
    const second = withRow({ ...bare, command: 'b', device: 'NVIDIA H200', rates: { ...rates, matmul: 200 } }, asked('transformers, dense', 1));
    const all = joined([first, second, { ...bare, command: 'c' }]);
    expect([all.peers, all.device, all.command]).toEqual(['PyTorch', 'NVIDIA H100; NVIDIA H200', 'a; b; c']);
    // 100 operations in 2 s of 100 per second, and in 1 s of 200 per second.
    expect(markdown(all)).toMatch(/\| ours \| 1000 \| 2\.00 \|.*\| 500 \| 0\.50 \|[\s\S]*\| transformers, dense \| 1000 \| 1\.00 \|.*\| 1000 \| 0\.50 \|/);
  });

  test.each([[0.0299, 'passed'], [0.0301, 'failed']] as const)('a gap of %f of the reading: %s', (share, kind) => {
    expect(traceVerdict({ tokens: 1, read: 2, idle: 1, largest: 2 * share, between: 'x' }).kind).toBe(kind);
  });
});

test('options are the scripts\' own and those of the other GPU scripts; lengths must be whole numbers', () => {
  expect(eightBOptions(['lengths', '--quick', '--layers=2', '--model', 'm', '--lengths', '10,20', '--device', 'cpu'])).toMatchObject({ names: ['lengths'], quick: true, layers: 2, model: 'm', lengths: [10, 20], device: 'cpu' });
  expect(() => eightBOptions(['--lengths', 'long'])).toThrow('write whole numbers from 1');
  expect(() => eightBOptions(['--nonsense'])).toThrow('--nonsense');
});

test('sections run on a processor, write a model that opens, and leave one table', () => {
  const { code, said } = run('weights', 'load', 'rates', 'lengths', 'peers', 'table7', 'trace', '--layers', '2', '--lengths', '1500,2500,3500', '--python', 'absent-python');
  expect(said).toMatch(/^SKIPPED rates: .*absent-python.*\nSKIPPED peers: .*absent-python.*\n5 passed, 0 failed, 2 skipped$/m);
  expect(code).toBe(0);
  for (const words of ['| ours | 1500 |', '| ours, dense | 3500 |', 'Time to first token of ours: ', '| files in memory |', '| 2 | no |', 'eviction against none, each at its best: ', 'in which the device did nothing for', '3 % are allowed']) expect(said).toContain(words);
  expect(readdirSync(join(folder, 'out')).map((file) => file.replace(/\d{4}-\d\d-\d\d/, 'DATE')).sort()).toEqual(['llama8b-DATE.json', 'llama8b-DATE.md', 'llama8b-trace.json']);
  const checkpoint = openCheckpoint(join(folder, 'model'));
  expect(checkpoint.tensors.size).toBe(3 + 2 * 9);
  const again = join(folder, 'again');
  run('weights', '--layers', '2', '--model', again);
  for (const file of readdirSync(again)) expect(readFileSync(join(again, file)).equals(readFileSync(join(folder, 'model', file)))).toBe(true);
}, 300_000);
