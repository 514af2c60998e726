import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { check } from '../../../codegen/graph/check.js';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import { stream } from '../../../codegen/stream/derive.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { FoldLoop, TensorExpr } from '../../../dsl/expr.js';
import { printKernel } from '../../../dsl/print.js';
import { nodesOf, reads } from '../../../dsl/walk.js';
import { caseOf, distance, programs, randomBlocks } from './programs.js';

/** Loops of a streamed kernel, inner ones first. */
const loopsOf = (def: KernelDef): readonly FoldLoop[] => [...new Set(nodesOf(def.results.map((r) => r.value)).flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])))];

/** "k: m author | l 1, o 1": per loop its axis, references with their origin, states with the dimension of their closure. */
const summary = (def: KernelDef): string => loopsOf(def).map((l) => {
  const c = l.certificate;
  const references = c.references.map((r) => `${r.rule} ${r.origin}`).join(', ');
  return `${l.axis}: ${references === '' ? '' : `${references} | `}${c.blocks.map((b) => `${b.monoid} ${b.basis.length}`).join(', ')}`;
}).join(' / ');

const online = 'k: max author | sum 1, sum 1';
/** What every program of the suite is derived as: loops, inner first; references; monoid and p of each block of states. */
const expected: Readonly<Record<string, string>> = {
  full: online, causalMask: online, window: online, prefixMask: online, document: online, dilatedMask: online,
  alibi: online, softcap: online, relativeBias: online, headBias: online, decode: online,
  unsafe: 'k: max introduced | sum 1, sum 1',
  plain: 'k: max author | max 1, sum 1, sum 1',
  throughLse: online, maskedAfter: online, evoformer: online, sink: online, temperature: online, rounded: online,
  differential: 'k: max author, max author | sum 1, sum 1, sum 1, sum 1',
  rectified: 'k: sum 1, sum 1',
  twoValues: 'k: max author | sum 1, sum 1, sum 1',
  sigmoid: 'k: sum 1',
  linearScores: 'k: sum 1, sum 1',
  entropy: 'k: max author | sum 2',
  entropyOfShares: 'k: max author | sum 2',
  divergence: 'k: max author, max author | sum 3, sum 1',
  meanScore: 'k: max author | sum 2',
  variance: 'k: mean introduced | sum 3',
  thirdMoment: 'k: mean introduced | sum 4',
  covariance: 'k: mean introduced, mean introduced | sum 4',
  layerNormed: 'e: mean introduced | sum 3',
  layerNormLinear: 'e: mean introduced | sum 3, sum 2, sum 1',
  rmsNormLinear: 'e: sum 1, sum 1',
  splitNormLinear: '',
  absMaxLinear: 'e: max 1, sum 1',
  topShares: '',
  maxShare: 'k: max author | sum 1, max 1',
  expert: 'e: sum 1',
  nll: 'e: sum 1 / t: max author | sum 1',
  argmax: 'e: sum 1 / t: max introduced | min 1',
  headMean: 'k: max author | sum 1',
  maxPlus: 'k: max author | sum 1, max 1',
  swigluSums: 'e: sum 1, sum 1',
  meanAndSquares: 'k: sum 1, sum 1',
  lastRow: 'k: max author | sum 1',
  eightRows: 'k: max author | sum 1',
  eightRowsOfGroup: 'k: max author | sum 1 / r: sum 1',
  eightRowsBeside: 'k: max author | sum 1, sum 1',
  bestOfEight: 'k: max author | sum 1',
  zonesOfEight: 'k: max author | sum 1',
  differenceOfEight: 'k: max author, max author | sum 1, sum 1',
  shortHeads: 'k: max author | sum 1',
  givenRows: 'k: max author | sum 1',
  window64: 'k: max author | sum 1',
  allRows: 'k: max author | sum 1 / q: sum 1',
  columnMax: 'k: max author | sum 1 / q: max 1',
  secondMoment: 'k: max author | sum 1 / q: sum 1',
  zoneSums: 'k: max author | sum 1 / q: sum 1, sum 1',
  scaleOutside: 'k: max introduced | sum 1, sum 1',
  baseTwo: online,
  collision: 'k: max author | sum 1, sum 1, sum 1',
  sharedMax: 'k: max author | max 1, sum 1, sum 1',
  softmin: 'k: max introduced | sum 1, sum 1',
  plainExponentials: 'k: sum 1',
  rotated: 'e: sum 1, sum 1',
  mixedHeads: online,
  averagedShares: 'k: max author | sum 1 / k: sum 1',
  twoLayers: 'k: max author | sum 1, sum 1 / q: max author | sum 1, sum 1',
  logShares: 'k: max author | max 1, sum 1',
  integers: 'k: sum 1, max 1',
  renamed: 'k: max author | sum 1',
  smallestShare: 'k: max author | sum 1, max 1',
  topOfScaled: '',
  largestOfRow: 'k: max introduced | min 1',
  rounded16: 'k: max introduced | sum 1, sum 1',
  weighted: 'k: max author | sum 1 / q: sum 1 / k: sum 1',
};

const suite = programs('masks', 'variants', 'statistics', 'columns', 'general');

describe('programs that must stream', () => {
  test('the suite holds every program of the table, and the table every program', () => {
    expect([...suite.keys()].sort()).toEqual(Object.keys(expected).sort());
  });

  describe.each([...suite])('%s', (name, def) => {
    const streamed = stream(def);

    test('is derived as the table says, and is a legal graph', () => {
      check(streamed, 'stream');
      expect(summary(streamed)).toBe(expected[name]);
    });

    test('walks every streamed axis in folds: no reduction over one is left outside', () => {
      const walked = new Set(loopsOf(streamed).map((l) => l.axis));
      const outside = outsideFolds(streamed);
      expect(outside.filter((axis) => walked.has(axis))).toEqual([]);
    });

    property.prop([fc.integer({ min: 0, max: 10_000 })], { numRuns: 12 })('means the same under any partition and order', (seed) => {
      // Float64 leaves 1e-16 per operation; a dozen elements and a few exponentials of moderate size leave far less than this.
      expect(distance(def, streamed, caseOf(def, seed), seed)).toBeLessThan(1e-11);
    });
  });
});

test.each(['full', 'causalMask', 'alibi', 'relativeBias', 'headBias'])('a scale of scores becomes one for powers of 2, and so does what is added: %s', (name) => {
  const text = printKernel(stream(get(name)));
  expect(text).toContain('exp2(');
  expect(text).not.toMatch(/\bexp\(/);
});

/** Axes of reductions that stand outside every fold. */
function outsideFolds(def: KernelDef): readonly string[] {
  const found: string[] = [];
  const seen = new Set<unknown>();
  const visit = (e: TensorExpr): void => {
    if (seen.has(e) || e.kind === 'fold') return;
    seen.add(e);
    if (e.kind === 'reduce') found.push(e.axis);
    if (e.kind === 'dot') found.push(e.over);
    for (const x of reads(e)) visit(x);
  };
  for (const r of def.results) visit(r.value);
  return found;
}

const get = (name: string): KernelDef => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return def;
};

describe('safety', () => {
  const wide = { q: 5, k: 9, g: 2, r: 2 };

  test('exp(s) / Σ exp(s) without a max is right where the author\'s own overflows', () => {
    const def = get('unsafe');
    const c = caseOf(def, 3, wide);
    const shifted = { ...c, inputs: { ...c.inputs, s: (c.inputs.s ?? new Float64Array()).map((x) => x + 2000) } };
    const o = evaluate(stream(def), shifted.inputs, shifted.sizes, { blocks: randomBlocks(1) });
    const plain = evaluate(def, c.inputs, c.sizes);
    expect(o.o).toBeWithin(1e-9, plain.o ?? []);
    expect(o.lse?.map((x) => x - 2000)).toBeWithin(1e-9, plain.lse ?? []);
  });

  test('rows without any key give 0 and −∞, whatever block comes first', () => {
    const def = get('document');
    const c = caseOf(def, 5, wide);
    const masked = { ...c, inputs: { ...c.inputs, ofQuery: new Float64Array(5).fill(7) } };
    const out = evaluate(stream(def), masked.inputs, masked.sizes, { blocks: randomBlocks(2) });
    expect([...(out.o ?? [])].every((x) => x === 0)).toBe(true);
    expect([...(out.lse ?? [])].every((x) => x === -Infinity)).toBe(true);
  });

  test('an axis without positions gives what the author\'s program gives', () => {
    for (const name of ['full', 'plain', 'variance']) {
      const def = get(name);
      const c = caseOf(def, 5, { ...wide, k: 0 });
      expect(evaluate(stream(def), c.inputs, c.sizes), name).toEqual(evaluate(def, c.inputs, c.sizes));
    }
  });

  test('a single key far below all others\' usual range keeps weight 1', () => {
    const def = get('plain');
    const c = caseOf(def, 5, { q: 1, k: 4 });
    for (const score of [-1e4, -1e29]) {
      const s = Float64Array.of(-Infinity, score, -Infinity, -Infinity);
      const out = evaluate(stream(def), { ...c.inputs, s }, c.sizes, { blocks: () => [0, 1, 2, 3].map((from) => ({ from, size: 1 })) });
      expect(out.o).toEqual(c.inputs.v?.slice(4, 8));
      expect(out.m?.[0]).toBe(score);
    }
  });

  test('a NaN score makes its own row NaN and no other', () => {
    const def = get('plain');
    const c = caseOf(def, 6, wide);
    const s = (c.inputs.s ?? new Float64Array()).map((x, i) => (i === 9 ? NaN : x));
    const [clean, out] = [c.inputs, { ...c.inputs, s }].map((inputs) => evaluate(stream(def), inputs, c.sizes, { blocks: randomBlocks(4) }).o);
    expect([...(out ?? [])].map(Number.isNaN)).toEqual(Array.from({ length: 20 }, (_, i) => i >= 4 && i < 8));
    expect([...(out ?? [])].filter((_, i) => i < 4 || i >= 8)).toEqual([...(clean ?? [])].filter((_, i) => i < 4 || i >= 8));
  });

  test('a variance survives a mean a million times larger than it', () => {
    const def = get('variance');
    const c = caseOf(def, 8, { q: 3, k: 9 });
    const x = (c.inputs.x ?? new Float64Array()).map((v) => v + 1e7);
    const [direct, out] = [def, stream(def)].map((d) => evaluate(d, { ...c.inputs, x }, c.sizes, { blocks: randomBlocks(3) }).variance ?? []);
    expect(out).toBeWithin(1e-6, direct ?? []);
  });
});

describe('the largest element', () => {
  property.prop([fc.array(fc.constantFrom(-1, 0, 1, -Infinity, NaN), { minLength: 1, maxLength: 7 }), fc.nat(1000)])('is the first of equals, NaN after everything but NaN', (row, seed) => {
    const def = get('largestOfRow');
    const s = Float64Array.from(row);
    const sizes = { q: 1, k: row.length, n: 1 };
    const expected = row.some((x) => x > -Infinity) ? row.indexOf(Math.max(...row.filter((x) => !Number.isNaN(x)))) : 0;
    expect(evaluate(stream(def), { s }, sizes, { blocks: randomBlocks(seed) }).out).toEqual(Float64Array.of(expected));
  });
  test('of nothing has position −1', () => {
    expect(evaluate(stream(get('largestOfRow')), { s: new Float64Array() }, { q: 1, k: 0, n: 1 }).out).toEqual(Float64Array.of(-1));
  });
});

describe('what the graph looks like', () => {
  test('results of one cascade share one loop', () => {
    expect(loopsOf(stream(get('full'))).length).toBe(1);
  });

  test('the weights of a contraction keep the dtype of its operands, the division comes after', () => {
    const [loop] = loopsOf(stream(get('rounded')));
    const blocks = loop?.states.map((s) => s.block) ?? [];
    expect(blocks.some((b) => b.kind === 'dot' && b.lhs.kind === 'cast' && b.lhs.dtype === 'bf16')).toBe(true);
  });

  test('reductions over a fixed axis of at most 256 stay in place', () => {
    expect(stream(get('splitNormLinear'))).toEqual(stream(stream(get('splitNormLinear'))));
  });

  test('streaming is deterministic', () => {
    expect(stream(get('layerNormLinear'))).toEqual(stream(get('layerNormLinear')));
  });
});
