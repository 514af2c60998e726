import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { input, map } from '../../../dsl/ops.js';
import { arg, binary, lit, pos, select, unary, type Scalar } from '../../../dsl/scalar.js';
import { separateConditions } from '../../../codegen/graph/conditions.js';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import type { Launch } from '../../../codegen/graph/launch.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { lower } from '../../../codegen/tile/lower.js';
import { printTile } from '../../../codegen/tile/print.js';
import { splitRegions } from '../../../codegen/tile/regions.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { expectAgreement, inputsOf } from '../tile/agreement.js';
import { at, cascadeWhere, dynamic, launchOf } from '../tile/programs.js';

// What masks of documents and strides read: arg 2 is a whole number for all, 3 and 4 are ids by query and by key.
const extra = [input('stride', 'i32', [], at), input('ofQuery', 'i32', ['q'], at), input('ofKey', 'i32', ['k'], at)];
const causal = binary('le', pos('k'), pos('q'));
const near = binary('lt', binary('sub', pos('q'), pos('k')), arg(2));
const sameId = binary('eq', arg(3), arg(4));
const third = binary('eq', binary('rem', binary('sub', pos('q'), pos('k')), lit(3)), lit(0));
const both = (a: Scalar, b: Scalar): Scalar => binary('and', a, b);
const either = (a: Scalar, b: Scalar): Scalar => binary('or', a, b);
const not = (a: Scalar): Scalar => unary('not', a);

const separate = (l: Launch): Launch => ({ ...l, def: separateConditions(l.def) });
const tile = (l: Launch, q: number, k: number): TileKernel => {
  const schedule: Schedule = { block: { q, k }, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false };
  return splitRegions(accumulateInPlace(lower(separate(l), schedule)));
};
const loops = (k: TileKernel): readonly string[] => printTile(k).split('\n').filter((l) => l.startsWith('for'));
const anyMask = fc.letrec<{ mask: Scalar }>((tie) => ({
  mask: fc.oneof({ maxDepth: 3 }, fc.constantFrom(causal, near, sameId, third), fc.tuple(tie('mask'), tie('mask')).map(([a, b]) => both(a, b)), fc.tuple(tie('mask'), tie('mask')).map(([a, b]) => either(a, b)), tie('mask').map(not)),
})).mask;
const kinds = fc.constantFrom('shown' as const, 'hidden' as const);

describe('a mask that joins bounds with other conditions', () => {
  test.each([
    ['documents', both(sameId, causal), 'shown'],
    ['every third', both(causal, third), 'shown'],
    ['hidden, as a negation', not(both(causal, third)), 'hidden'],
    ['hidden where either says so', either(not(causal), not(sameId)), 'hidden'],
  ] as const)('%s: keeps its bounds, and whole windows their shorter mask', (_, cond, kind) => {
    expect(loops(tile(cascadeWhere(cond, extra, kind), 4, 8))).toEqual(['for k in 0 .. kRest by 8 full', 'for k in kRest .. kEnd by 8']);
  });

  test('a window within a document begins behind what it hides', () => {
    expect(loops(tile(cascadeWhere(both(both(causal, sameId), near), extra), 4, 8))).toEqual(['for k in kFirst .. kFull by 8', 'for k in kFull .. kRest by 8 full', 'for k in kRest .. kEnd by 8']);
  });

  test.each([['bounds alone', both(causal, near)], ['none', both(sameId, third)], ['bounds beside, not with, another', either(causal, sameId)]])('%s: stays as it is', (_, cond) => {
    const { def } = cascadeWhere(cond, extra);
    expect(separateConditions(def)).toBe(def);
  });

  property.prop([anyMask, kinds])('is taken apart once', (cond, kind) => {
    const { def } = separate(cascadeWhere(cond, extra, kind));
    expect(separateConditions(def)).toBe(def);
  });

  property.prop([anyMask, kinds, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat()], { numRuns: 60 })('chooses the same elements, bit for bit', (cond, kind, q, k, seed) => {
    const { def } = cascadeWhere(cond, extra, kind);
    const sizes = { q, k, d: 8 };
    const inputs = inputsOf(def, { sizes, offsets: {} }, seed);
    expect(evaluate(separateConditions(def), inputs, sizes)).toEqual(evaluate(def, inputs, sizes));
  });

  property.prop([anyMask, kinds, fc.nat(13), fc.nat(13), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.nat()], { numRuns: 60 })('skips nothing that counts, at any sizes and blocks', (cond, kind, q, k, bq, bk, seed) => {
    const launch = cascadeWhere(cond, extra, kind);
    expectAgreement(launch.def, [tile(launch, bq, bk)], { q, k, d: 8 }, seed);
  });
});

test('a choice between two computed values is not written twice', () => {
  const x = input('x', 'f32', ['k'], at);
  const ids = input('ids', 'i32', ['k'], at);
  const value = map(select(both(binary('lt', pos('k'), lit(3)), binary('eq', arg(1), lit(0))), arg(0), unary('exp', arg(0))), [x, ids], at);
  const { def } = launchOf('chosen', { k: dynamic }, [['out', ['k'], value]], [x, ids]);
  expect(separateConditions(def)).toBe(def);
});
