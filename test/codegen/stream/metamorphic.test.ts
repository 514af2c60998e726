import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { uniform, values } from '../../kit/values.js';
import { programs, randomBlocks } from './programs.js';

const suite = programs('variants', 'masks', 'columns', 'statistics');
const streamed = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return stream(def);
};
const safe = streamed('plain');
const unsafe = streamed('unsafe');
const heads = streamed('full');

type Rows = Readonly<Record<string, Float64Array>>;
const shape = fc.record({ q: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 1, max: 9 }), seed: fc.integer({ min: 0, max: 10_000 }) });
const d = 4;
interface Shape { readonly q: number; readonly k: number; readonly seed: number }
const scores = ({ q, k, seed }: Shape): Float64Array => values(seed, q * k);
const rows = ({ k, seed }: Shape): Float64Array => values(seed + 1, k * d);
const run = (s: Float64Array, v: Float64Array, { q, seed }: Shape, k: number, def = safe): Rows => evaluate(def, { s, v }, { q, k, d }, { blocks: randomBlocks(seed) });
const close = (a: Float64Array | undefined, b: ArrayLike<number> | undefined, bound = 1e-12): void => expect([...(a ?? [])]).toBeWithin(bound, b ?? []);

/** Row-major [rows, k]-matrix with its columns taken at `at`. */
const columns = (x: Float64Array, k: number, at: readonly number[]): Float64Array => Float64Array.from({ length: (x.length / k) * at.length }, (_, i) => x[Math.floor(i / at.length) * k + (at[i % at.length] ?? 0)] ?? NaN);
const rowsAt = (x: Float64Array, at: readonly number[]): Float64Array => Float64Array.from(at.flatMap((i) => [...x.slice(i * d, (i + 1) * d)]));

describe('laws of a streamed cascade', () => {
  property.prop([shape])('permuting keys with their values leaves the output', (c) => {
    const order = Array.from({ length: c.k }, (_, i) => i).sort((a, b) => uniform(c.seed, a) - uniform(c.seed, b));
    const [s, v] = [scores(c), rows(c)];
    const [a, b] = [run(s, v, c, c.k), run(columns(s, c.k, order), rowsAt(v, order), c, c.k)];
    close(b.o, a.o);
    close(b.lse, a.lse);
  });

  property.prop([shape, fc.integer({ min: 1, max: 4 })])('appending masked keys changes nothing, bit for bit', (c, more) => {
    const [s, v] = [scores(c), rows(c)];
    const longer = Float64Array.from({ length: c.q * (c.k + more) }, (_, i) => (i % (c.k + more) < c.k ? (s[Math.floor(i / (c.k + more)) * c.k + (i % (c.k + more))] ?? NaN) : -Infinity));
    const each = (k: number) => ({ blocks: (_: string, size: number) => Array.from({ length: size }, (_x, from) => ({ from, size: 1 })).slice(0, k + more) });
    const a = evaluate(safe, { s, v }, { q: c.q, k: c.k, d }, each(c.k));
    const b = evaluate(safe, { s: longer, v: Float64Array.from([...v, ...values(c.seed + 9, more * d)]) }, { q: c.q, k: c.k + more, d }, each(c.k));
    expect(b).toEqual(a);
  });

  property.prop([shape, fc.double({ min: -50, max: 50, noNaN: true })])('a constant added to a row of scores leaves its output and joins its LSE', (c, shift) => {
    const [s, v] = [scores(c), rows(c)];
    const [a, b] = [run(s, v, c, c.k), run(s.map((x) => x + shift), v, c, c.k)];
    close(b.o, a.o, 1e-10);
    close(b.lse, a.lse?.map((x) => x + shift), 1e-10);
  });

  property.prop([shape, fc.double({ min: -4, max: 4, noNaN: true })])('the output is linear in the values, and 1 for values 1', (c, factor) => {
    const [s, v, u] = [scores(c), rows(c), values(c.seed + 5, c.k * d)];
    const [a, b, both] = [run(s, v, c, c.k), run(s, u, c, c.k), run(s, v.map((x, i) => factor * x + (u[i] ?? NaN)), c, c.k)];
    close(both.o, a.o?.map((x, i) => factor * x + (b.o?.[i] ?? NaN)), 1e-11);
    close(run(s, v.map(() => 1), c, c.k).o, Array.from({ length: c.q * d }, () => 1));
  });

  property.prop([shape])('any reference gives the same: the unsafe form equals the safe one', (c) => {
    const [s, v] = [scores(c), rows(c)];
    const [a, b] = [run(s, v, c, c.k), run(s, v, c, c.k, unsafe)];
    close(b.o, a.o);
    close(b.lse, a.lse);
  });

  property.prop([shape])('every key twice leaves the output and adds ln 2 to the LSE', (c) => {
    const [s, v] = [scores(c), rows(c)];
    const twice = Array.from({ length: 2 * c.k }, (_, i) => i % c.k);
    const [a, b] = [run(s, v, c, c.k), run(columns(s, c.k, twice), rowsAt(v, twice), c, 2 * c.k)];
    close(b.o, a.o);
    close(b.lse, a.lse?.map((x) => x + Math.LN2));
  });

  property.prop([shape])('grouped heads equal repeated KV heads', ({ q, k, seed }) => {
    const [g, r] = [2, 3];
    const inputs = { q: values(seed, q * g * r * d, { min: -2, max: 2 }), k: values(seed + 1, k * g * d, { min: -2, max: 2 }), v: values(seed + 2, k * g * d), scale: Float64Array.of(0.5) };
    const repeated = (x: Float64Array): Float64Array => Float64Array.from({ length: k * g * r * d }, (_, i) => x[Math.floor(i / (r * d)) * d + (i % d)] ?? NaN);
    const grouped = evaluate(heads, inputs, { q, k, g, r, d }, { blocks: randomBlocks(seed) });
    const alone = evaluate(heads, { ...inputs, k: repeated(inputs.k), v: repeated(inputs.v) }, { q, k, g: g * r, r: 1, d }, { blocks: randomBlocks(seed + 1) });
    close(grouped.o, alone.o);
  });

  property.prop([shape])('per-key scores of all rows sum to the number of rows, and from LSE equal those from shares', (c) => {
    const s = scores(c);
    const sizes = { q: c.q, k: c.k, d };
    const fromShares = evaluate(streamed('allRows'), { s }, sizes, { blocks: randomBlocks(c.seed) }).out;
    expect([...(fromShares ?? [])].reduce((a, b) => a + b, 0)).toBeCloseTo(c.q, 10);
    const lse = evaluate(safe, { s, v: rows(c) }, sizes).lse ?? new Float64Array();
    close(fromShares, Array.from({ length: c.k }, (_, k) => Array.from({ length: c.q }, (_x, q) => Math.exp((s[q * c.k + k] ?? NaN) - (lse[q] ?? NaN))).reduce((a, b) => a + b, 0)));
  });

  property.prop([shape])('causal: values of later keys do not matter, bit for bit', ({ q, k, seed }) => {
    const causal = streamed('causalMask');
    const inputs = { q: values(seed, q * d), k: values(seed + 1, k * d), v: values(seed + 2, k * d), scale: Float64Array.of(0.5) };
    const sizes = { q, k, g: 1, r: 1, d };
    const changed = inputs.v.map((x, i) => (Math.floor(i / d) >= q ? x + 1e6 : x));
    expect(evaluate(causal, { ...inputs, v: changed }, sizes)).toEqual(evaluate(causal, inputs, sizes));
  });
});
