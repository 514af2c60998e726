import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { type AnyTensor, array, causal, denseOf, dot, type In, kernel, logSumExp, map, type Out, ragged, sizeOf, softmax, sum, topk } from '../../dsl/index.js';
import { raggedLengths } from '../kit/shapes.js';
import { values } from '../kit/values.js';
import { refusal } from './refusal.js';

const D = 2;
const attend = (q: In<'f32', ['c', 'q', 'd']>, k: In<'f32', ['c', 'k', 'd']>): { o: Out<'f32', ['c', 'q', 'd']>; lse: Out<'f32', ['c', 'q']>; mean: Out<'f32', ['c', 'd']> } => {
  const s = map(dot(q, k, 'd'), (s, at) => (causal(at.q, at.k) ? s : -Infinity));
  return { o: dot(softmax(s, 'k'), k, 'k'), lse: logSumExp(s, 'k'), mean: map(sum(k, 'k'), (x, at) => x / sizeOf('k') + at.c / sizeOf('c')) };
};
const packed = kernel('packed', { c: 'dynamic', q: ragged('c'), k: ragged('c'), d: D }, attend);
const alone = kernel('alone', { c: 1, q: 'dynamic', k: 'dynamic', d: D }, attend);

const offsetsOf = (lengths: readonly number[]): readonly number[] => [0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))];
const numbers = (x: AnyTensor): readonly number[] => [...denseOf(x).data];
/** Rows of a table, packed under `axis`. */
const rows = <A extends string>(axis: A, seed: number, from: number, to: number): AnyTensor => array(values(seed, to * D).slice(from * D), { axes: [axis, 'd'], shape: [to - from, D] });
const withChunk = (x: AnyTensor): AnyTensor => { const { axes, shape, data } = denseOf(x); return array(data, { axes: ['c', ...axes], shape: [1, ...shape] }); };

describe('a kernel with ragged axes', () => {
  test.prop([raggedLengths({ min: 0, max: 5 }), fc.nat()])('gives for each part what the part gives alone', (lengths, seed) => {
    const offsets = offsetsOf(lengths);
    const total = offsets.at(-1) ?? 0;
    const ran = packed.reference({ q: rows('q', seed, 0, total), k: rows('k', seed + 1, 0, total) }, { offsets: { q: offsets, k: offsets } });
    const parts = lengths.map((n, c) => {
      const [from = 0, to = 0] = [offsets[c], offsets[c + 1]];
      return { ...alone.reference({ q: withChunk(rows('q', seed, from, to)), k: withChunk(rows('k', seed + 1, from, to)) }), n, c };
    });
    expect(numbers(ran.o)).toEqual(parts.flatMap((p) => numbers(p.o)));
    expect(numbers(ran.lse)).toEqual(parts.flatMap((p) => numbers(p.lse)));
    // A part alone stands at position 0 of one; in the packed call it knows its place.
    expect(numbers(ran.mean)).toEqual(parts.flatMap((p) => numbers(p.mean).map((x) => x + p.c / lengths.length)));
  });

  test.prop([raggedLengths({ min: 0, max: 5 }), fc.nat(4), fc.nat(4), fc.nat()])('reads no row outside of its parts, and gives none', (lengths, before, behind, seed) => {
    const offsets = offsetsOf(lengths);
    const total = offsets.at(-1) ?? 0;
    const inside = packed.reference({ q: rows('q', seed, before, before + total), k: rows('k', seed + 1, 0, total) }, { offsets: { q: offsets, k: offsets } });
    const later = packed.reference({ q: rows('q', seed, 0, before + total + behind), k: rows('k', seed + 1, 0, total) }, { offsets: { q: offsets.map((n) => n + before), k: offsets } });
    for (const name of ['o', 'lse', 'mean'] as const) expect(numbers(later[name])).toEqual(numbers(inside[name]));
  });

  example('has packed axes on the results, and c alone where nothing is packed', () => {
    const ran = packed.reference({ q: rows('q', 1, 0, 3), k: rows('k', 2, 0, 3) }, { offsets: { q: [0, 1, 3], k: [0, 2, 3] } });
    expect([ran.o, ran.lse, ran.mean].map((x) => { const { axes, shape } = denseOf(x); return axes.map((a, i) => `${a} ${shape[i]}`).join(', '); })).toEqual(['q 3, d 2', 'q 3', 'c 2, d 2']);
  });

  example('knows from the offsets how long an axis is that only a result has', () => {
    const best = kernel('best', { c: 'dynamic', k: ragged('c'), n: ragged('c') }, (x: In<'f32', ['c', 'k']>): Out<'i32', ['c', 'n']> => topk(x, 'k', sizeOf('n'), 'n'));
    const x = array([3, 1, 2, 5, 4], { axes: ['k'], shape: [5] });
    expect(numbers(best.reference([x], { offsets: { k: [0, 3, 5], n: [0, 2, 3] } }))).toEqual([0, 2, 0]);
  });

  const call = (offsets: Readonly<Record<string, readonly number[]>>) => () => packed.reference({ q: rows('q', 1, 0, 3), k: rows('k', 2, 0, 3) }, { offsets });
  example.each<[string, () => unknown, string]>([
    ['no offsets', call({ q: [0, 3] }), "kernel packed: options.offsets needs rising row numbers from 0 for the ragged axis 'k', one more than 'k' has parts"],
    ['falling offsets', call({ q: [0, 3], k: [0, 4, 3] }), "kernel packed: options.offsets needs rising row numbers from 0 for the ragged axis 'k', one more than 'k' has parts"],
    ['different numbers of parts', call({ q: [0, 3], k: [0, 2, 3] }), "kernel packed: options.offsets of 'k' and 'q' must describe the same positions of 'c'"],
    ['offsets past the rows', call({ q: [0, 3], k: [0, 4] }), "kernel packed: axis 'k' is 3 long, options.offsets say 4"],
    ['a c axis beside the packed one', () => packed.reference({ q: withChunk(rows('q', 1, 0, 3)), k: rows('k', 2, 0, 3) }, { offsets: { q: [0, 3], k: [0, 3] } }), "kernel packed: a tensor with axes [c, q, d] has 'c' beside the packed axis 'q'; leave it out"],
    ['a result without c', () => kernel('lost', { c: 'dynamic', k: ragged('c') }, (): Out<'f32', []> => array([1], { axes: [], shape: [] })).reference([], { offsets: { k: [0, 1] } }), "kernel lost: result out lacks axis 'c': it would differ from one position to the next"],
  ])('refuses %s', (_, wrong, text) => {
    expect(refusal(wrong)).toBe(`R510 ${text}`);
  });
});
