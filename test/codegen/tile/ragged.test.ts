import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { SizeRule } from '../../../dsl/definition.js';
import { dot, input, map, reduce } from '../../../dsl/ops.js';
import { binary, lit, pos, select, size } from '../../../dsl/scalar.js';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import { printTile } from '../../../codegen/tile/print.js';
import { runTile } from '../../kit/tileInterpreter.js';
import { noise } from './agreement.js';
import { at, dynamic, fixed, launchOf, mul, named, x0 } from './programs.js';

const ragged = (by: string): SizeRule => ({ kind: 'ragged', by });
const d = 3;
/** o[c, q] = Σ over k ≤ q of (Σ_d q·k) · size of k, with chunks of their own lengths packed one behind the other. */
const q = input('q', 'f32', ['c', 'q', 'd'], at);
const k = input('k', 'f32', ['c', 'k', 'd'], at);
const seen = map(select(binary('le', pos('k'), pos('q')), mul(x0, size('k')), lit(0)), [dot(q, k, 'd', named('s'))], named('seen'), ['c', 'q', 'k']);
const def = launchOf('packed', { c: dynamic, q: ragged('c'), k: ragged('c'), d: fixed(d) }, [['o', ['c', 'q'], reduce('sum', seen, 'k', named('o'))]], [q, k]).def;

const kernel = compileKernel(def, { ...targets.cpu, tileLimit: 300 }).launches[0]?.kernel;
function starts(lengths: readonly number[]): readonly number[] {
  const sums = [0];
  for (const n of lengths) sums.push((sums.at(-1) ?? 0) + n);
  return sums;
}

describe('ragged axes', () => {
  test('blocks beyond the end of a short row do nothing, and offsets are an argument', () => {
    expect(kernel?.body.map((s) => s.kind)).toEqual(['when']);
    expect(kernel?.args.filter((a) => a.kind === 'offsets').map((a) => (a.kind === 'offsets' ? a.axis : ''))).toEqual(['q', 'k']);
    expect(kernel && printTile(kernel)).toContain('when at.q < size.q');
  });

  property.prop([fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 1, maxLength: 4 }), fc.nat()])(
    'every row equals the kernel on that row alone', (rows, seed) => {
      if (!kernel) return;
      const qOffsets = starts(rows.map(([n]) => n));
      const kOffsets = starts(rows.map(([, n]) => n));
      const memory = { q: noise(seed, (qOffsets.at(-1) ?? 0) * d), k: noise(seed + 1, (kOffsets.at(-1) ?? 0) * d), o: new Float64Array(qOffsets.at(-1) ?? 0).fill(NaN) };
      const sizes = { c: rows.length, q: Math.max(...rows.map(([n]) => n)), k: Math.max(...rows.map(([, n]) => n)), d };
      runTile(kernel, memory, { sizes, offsets: { q: qOffsets, k: kOffsets } });
      rows.forEach(([nQ, nK], c) => {
        const part = (x: Float64Array, offsets: readonly number[]): Float64Array => x.slice((offsets[c] ?? 0) * d, (offsets[c + 1] ?? 0) * d);
        const want = evaluate(def, { q: part(memory.q, qOffsets), k: part(memory.k, kOffsets) }, { c: 1, q: nQ, k: nK, d }).o;
        for (const [i, w] of want?.entries() ?? []) expect(memory.o[(qOffsets[c] ?? 0) + i]).toBeCloseTo(w, 9);
      });
    },
  );
});
