import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { array, entropy, type In, kernel, layerNorm, logSumExp, map, maxPool, max, type Out, rename, rmsNorm, rope, silu, softmax, sum, swiglu, gelu, denseOf } from '../../dsl/index.js';
import { values } from '../kit/values.js';

type Rows = In<'f32', ['q', 'k']>;
const rows = (data: ArrayLike<number>, k: number): Rows => array(data, { axes: ['q', 'k'], shape: [data.length / k, k] });
const vector = (data: ArrayLike<number>): In<'f32', ['k']> => array(data, { axes: ['k'], shape: [data.length] });
const numbers = (x: Parameters<typeof denseOf>[0]): readonly number[] => [...denseOf(x).data];
const spread = (k: number, value: number): In<'f32', ['k']> => vector(Float64Array.from({ length: k }, () => value));

/** A matrix of multiples of 1/8, some −∞: their sums and differences are exact. */
const matrix = fc.record({ q: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 1, max: 9 }), seed: fc.nat(), masked: fc.constantFrom(0, 0, 0.3) });
const filled = ({ q, k, seed, masked }: { readonly q: number; readonly k: number; readonly seed: number; readonly masked: number }): Rows =>
  rows(values(seed, q * k, { min: -64, max: 64, dtype: 'i32' }).map((v, i) => (masked > 0 && i % 3 === seed % 3 ? -Infinity : v / 8)), k);
/** What n float64 operations on numbers of this size may err by, each by half a unit. */
const slack = (operations: number, size: number): number => operations * 2 ** -52 * Math.max(1, size);

describe('softmax', () => {
  test.prop([matrix])('gives rows that sum to 1, and to 0 where everything is masked', (m) => {
    const x = filled(m);
    const open = numbers(max(x, 'k')).map((v) => v > -Infinity);
    for (const [i, total] of numbers(sum(softmax(x, 'k'), 'k')).entries()) expect(Math.abs(total - Number(open[i]))).toBeLessThanOrEqual(slack(2 * m.k, 1));
  });

  test.prop([matrix, fc.integer({ min: -1000, max: 1000 })])('does not see a constant added to a row, to the last bit', (m, c) => {
    const x = filled(m);
    expect(numbers(softmax(map(x, (x) => x + c), 'k'))).toEqual(numbers(softmax(x, 'k')));
  });

  test.prop([matrix])('is the plain quotient where that is finite', (m) => {
    const x = filled({ ...m, masked: 0 });
    const e = map(x, Math.exp);
    const plain = map(e, sum(e, 'k'), (e, l) => e / l);
    expect(numbers(softmax(x, 'k'))).toBeWithin(slack(2 * m.k + 32, 1), numbers(plain));
  });

  example('survives scores whose exponentials do not fit', () => {
    expect(numbers(softmax(vector([1000, 1000, -1000]), 'k'))).toEqual([0.5, 0.5, 0]);
  });

  example('of a fully masked row is 0, and its log-sum-exp −∞', () => {
    const masked = vector([-Infinity, -Infinity]);
    expect([numbers(softmax(masked, 'k')), numbers(logSumExp(masked, 'k'))]).toEqual([[0, 0], [-Infinity]]);
  });
});

describe('logSumExp', () => {
  test.prop([matrix, fc.integer({ min: -1000, max: 1000 })])('grows by what is added to the row', (m, c) => {
    const x = filled(m);
    const grown = numbers(logSumExp(map(x, (x) => x + c), 'k'));
    expect(grown).toBeWithin(slack(4, Math.abs(c) + 20), numbers(logSumExp(x, 'k')).map((v) => v + c));
  });

  test.prop([matrix])('is what turns scores into shares', (m) => {
    const x = filled({ ...m, masked: 0 });
    const shares = map(x, logSumExp(x, 'k'), (x, lse) => Math.exp(x - lse));
    expect(numbers(shares)).toBeWithin(slack(2 * m.k + 64, 1), numbers(softmax(x, 'k')));
  });
});

describe('entropy', () => {
  test.prop([matrix])('is −Σ p log p', (m) => {
    const x = filled(m);
    const p = softmax(x, 'k');
    const open = numbers(max(x, 'k')).map((v) => v > -Infinity);
    const plain = numbers(sum(map(p, (p) => (p === 0 ? 0 : -p * Math.log(p))), 'k')).map((h, i) => (open[i] ? h : -Infinity));
    expect(numbers(entropy(x, 'k'))).toBeWithin(slack(4 * m.k + 32, 16), plain);
  });

  test.prop([fc.integer({ min: 1, max: 30 }), fc.integer({ min: -8, max: 8 })])('of n equal scores is log n', (n, score) => {
    expect(numbers(entropy(spread(n, score), 'k'))).toBeWithin(slack(2 * n, 16), [Math.log(n)]);
  });
});

// Lengths are asked for inside, so the norms run in kernels.
const rms = kernel('rms', { q: 'dynamic', k: 'dynamic' }, (x: Rows, gain: In<'f32', ['k']>): Out<'f32', ['q', 'k']> => rmsNorm(x, gain, 'k', 0));
const layer = kernel('layer', { q: 'dynamic', k: 'dynamic' }, (x: Rows, gain: In<'f32', ['k']>, bias: In<'f32', ['k']>): Out<'f32', ['q', 'k']> => layerNorm(x, gain, bias, 'k', 0));
const turn = kernel('turn', { d: 'dynamic' }, (x: In<'f32', ['d']>, cos: In<'f32', ['d']>, sin: In<'f32', ['d']>): Out<'f32', ['d']> => rope(x, cos, sin, 'd'));
const pool = kernel('pool', { k: 'dynamic', j: [1, 3, 5] }, (x: In<'f32', ['k']>): Out<'f32', ['k']> => maxPool(x, 'k', 'j', 3));

const varied = matrix.map((m) => ({ ...m, k: m.k + 1, masked: 0 })).filter((m) => numbers(filled(m)).some((v, i, all) => v !== all[i - (i % m.k)]));
const isFlat = (row: readonly number[]): boolean => row.every((v) => v === row[0]);
const rowsOf = (x: Rows): readonly (readonly number[])[] => { const { data, shape: [q = 0, k = 0] } = denseOf(x); return Array.from({ length: q }, (_, i) => [...data.slice(i * k, (i + 1) * k)]); };
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

describe('rmsNorm', () => {
  test.prop([varied])('makes the mean square 1', (m) => {
    for (const row of rowsOf(rms.reference([filled(m), spread(m.k, 1)]))) if (row.some((v) => v !== 0 && !Number.isNaN(v))) expect(mean(row.map((v) => v * v))).toBeCloseTo(1, 12);
  });

  test.prop([varied, fc.integer({ min: -9, max: 9 })])('does not see a power of two before it, and passes its gain on, to the last bit', (m, e) => {
    const x = filled(m);
    const plain = numbers(rms.reference([x, spread(m.k, 1)]));
    expect(numbers(rms.reference([map(x, (x) => x * 4 ** e), spread(m.k, 1)]))).toEqual(plain);
    expect(numbers(rms.reference([x, spread(m.k, 2 ** e)]))).toEqual(plain.map((v) => v * 2 ** e));
  });
});

describe('layerNorm', () => {
  test.prop([varied])('makes the mean 0 and the variance 1', (m) => {
    const x = filled(m);
    for (const [i, row] of rowsOf(layer.reference([x, spread(m.k, 1), spread(m.k, 0)])).entries()) {
      if (isFlat(rowsOf(x)[i] ?? [])) continue;
      expect([mean(row), mean(row.map((v) => v * v))]).toBeWithin(slack(64 * m.k, 64), [0, 1]);
    }
  });

  test.prop([varied])('is rmsNorm of what is centred', (m) => {
    fc.pre(rowsOf(filled(m)).every((r) => !isFlat(r)));
    const x = filled(m);
    const centred = map(x, map(sum(x, 'k'), (s) => s / m.k), (x, mean) => x - mean);
    expect(numbers(layer.reference([x, spread(m.k, 1), spread(m.k, 0)]))).toBeWithin(slack(16 * m.k, 16), numbers(rms.reference([centred, spread(m.k, 1)])));
  });
});

describe('gates', () => {
  test.prop([fc.double({ min: -30, max: 30, noNaN: true })])('f(x) − f(−x) = x for silu and gelu, and they fade to 0 on the left', (x) => {
    expect([silu(x) - silu(-x), gelu(x) - gelu(-x)]).toBeWithin(slack(8, Math.abs(x)), [x, x]);
    expect([silu(-1000), gelu(-1000)].map(Math.abs)).toEqual([0, 0]);
  });

  test.prop([fc.double({ min: -30, max: 30, noNaN: true }), fc.double({ min: -30, max: 30, noNaN: true })])('swiglu is silu times the other', (gate, up) => {
    expect(swiglu(gate, up)).toBe(silu(gate) * up);
  });

  example('gelu is the tanh form', () => {
    expect([gelu(1), gelu(-0.5), gelu(3)]).toBeWithin(2 ** -20, [0.841192, -0.154286, 2.996363]);
  });
});

describe('rope', () => {
  const angles = (half: number, angle: number): readonly [In<'f32', ['d']>, In<'f32', ['d']>] => {
    const table = (f: (x: number) => number): In<'f32', ['d']> => array(Float64Array.from({ length: 2 * half }, (_, i) => f(angle * (1 + (i % half)))), { axes: ['d'], shape: [2 * half] });
    return [table(Math.cos), table(Math.sin)];
  };
  const drawn = fc.record({ half: fc.integer({ min: 1, max: 4 }), seed: fc.nat() });
  const head = ({ half, seed }: { readonly half: number; readonly seed: number }): In<'f32', ['d']> => array(values(seed, 2 * half), { axes: ['d'], shape: [2 * half] });
  const angle = fc.double({ min: -4, max: 4, noNaN: true });

  test.prop([drawn])('by no angle changes nothing', (h) => {
    expect(numbers(turn.reference([head(h), ...angles(h.half, 0)])).map((v) => v + 0)).toEqual(numbers(head(h)).map((v) => v + 0));
  });

  test.prop([drawn, angle])('keeps the length of each pair', (h, a) => {
    const lengths = (x: readonly number[]): readonly number[] => x.slice(0, h.half).map((v, i) => v ** 2 + (x[i + h.half] ?? NaN) ** 2);
    expect(lengths(numbers(turn.reference([head(h), ...angles(h.half, a)])))).toBeWithin(slack(8, 128), lengths(numbers(head(h))));
  });

  test.prop([drawn, angle, angle])('by two angles is by their sum', (h, a, b) => {
    const twice = turn.reference([turn.reference([head(h), ...angles(h.half, a)]), ...angles(h.half, b)]);
    expect(numbers(twice)).toBeWithin(slack(64, 16), numbers(turn.reference([head(h), ...angles(h.half, a + b)])));
  });
});

describe('maxPool', () => {
  test.prop([fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 12 })])('is the largest of each element and its neighbours', (x) => {
    expect(numbers(pool.reference([vector(x)], { sizes: { j: 3 } }))).toEqual(x.map((v, i) => Math.max(x[i - 1] ?? -Infinity, v, x[i + 1] ?? -Infinity)));
  });
});

example('the laws of softmax reject one over the wrong axis', () => {
  const x = rows([1, 2, 3, 4], 2);
  const wrong = rename(rename(softmax(rename(rename(x, 'q', 'a'), 'k', 'q'), 'q'), 'q', 'k'), 'a', 'q');
  const across = softmax(x, 'q');
  expect(numbers(sum(wrong, 'k'))).toBeWithin(slack(4, 1), [1, 1]);
  expect(Math.abs((numbers(sum(across, 'k'))[0] ?? 1) - 1)).toBeGreaterThan(0.1);
});
