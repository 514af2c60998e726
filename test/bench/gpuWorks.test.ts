import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifest } from '../../kernels-generated/manifest.js';
import { root } from '../gpu/open.js';
import { goals } from './gpuGoals.js';
import { gpuWorks } from './gpuWorks.js';

const works = gpuWorks(false);

/** Functions of peers.py, with the names of their parameters. */
const functions = new Map([...readFileSync(join(root, 'test/bench/peers.py'), 'utf8').matchAll(/^def (\w+)\(([^)]*)\):/gm)].map(([, name = '', params = '']) => [name, params.split(',').map((p) => p.trim())]));

describe('works of the benchmark', () => {
  test.each(works.map((w) => [w.id, w] as const))('%s: its peer takes what it is given', (_, { peer: { kind, ...sizes } }) => {
    expect(Object.keys(sizes).sort()).toEqual([...(functions.get(kind) ?? [])].sort());
  });

  test('have a name each, and call kernels that there are', () => {
    expect(new Set(works.map((w) => w.id)).size).toBe(works.length);
    const called = new Set<string>();
    const tensor = { dtype: 'f32', shape: [1], byteLength: 4, slice: () => tensor, reshape: () => tensor, [Symbol.dispose]: () => {} } as const;
    for (const work of works.filter((w) => w.kernels === 'shipped')) work.prepare({ launch: (name) => { called.add(name); }, normal: () => tensor, empty: () => tensor, whole: () => tensor, single: () => tensor })();
    expect([...called].filter((name) => !(name in manifest.kernels))).toEqual([]);
  });

  test('count the scores that a mask leaves: of a causal window of all keys as many as of causal rows, of documents those of each', () => {
    const flops = (id: string): number => works.find((w) => w.id === `${id}, d128 B4 H16 4096`)?.flops ?? Number.NaN;
    const each = 4 * 4 * 16 * 128;
    expect(flops('causal, ALiBi') / each).toBe((4096 * 4097) / 2);
    // Row i sees min(i + 1, 1024) keys, of a prefix of 1024 max(i + 1, 1024).
    const rows = Array.from({ length: 4096 }, (_, i) => i + 1);
    expect(flops('window 1024') / each).toBe(rows.reduce((n, i) => n + Math.min(i, 1024), 0));
    expect(flops('prefix 1024') / each).toBe(rows.reduce((n, i) => n + Math.max(i, 1024), 0));
    expect(flops('documents packed') / each).toBe([256, 768, 512, 1536, 1024].reduce((n, d) => n + (d * (d + 1)) / 2, 0));
    expect(flops('documents by ids')).toBe(flops('documents packed'));
  });

  test('have goals where the acceptance names them', () => {
    const measured = works.map((w) => ({ id: w.id, group: w.group, flops: w.flops, bytes: w.bytes, ours: { median: 1, low: 1, high: 1, calls: 1 }, peers: { fa2: 1, cudnn: 1, flex: 1, cublas: 1, eager: 1 } }));
    const said = goals([{ group: 'attention', date: '', command: '', device: '', peers: '', copyRate: 1, ownCopyRate: 1, rows: measured }]);
    const count = (group: string): number => works.filter((w) => w.group === group && said.includes(`| ${w.id} |`)).length;
    expect(Object.fromEntries(['attention', 'mods', 'decode', 'columns', 'matmul'].map((group) => [group, count(group)]))).toEqual({ attention: 8, mods: 12, decode: 6, columns: 2, matmul: 5 });
  });
});
