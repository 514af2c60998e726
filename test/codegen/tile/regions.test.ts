import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { input } from '../../../dsl/ops.js';
import { binary, lit, pos, unary, type Scalar } from '../../../dsl/scalar.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { printTile } from '../../../codegen/tile/print.js';
import { splitRegions } from '../../../codegen/tile/regions.js';
import { statements } from '../../../codegen/tile/walk.js';
import { expectAgreement } from './agreement.js';
import { at, cascadeWhere, x2 as first } from './programs.js';

const schedule = (q: number, k: number): Schedule => ({ block: { q, k }, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false });
const shift = input('first', 'i32', [], at);
const split = (cond: Scalar, bq: number, bk: number, mask: 'shown' | 'hidden' = 'shown'): { readonly k: TileKernel; readonly launch: ReturnType<typeof cascadeWhere> } => {
  const launch = cascadeWhere(cond, [shift], mask);
  return { launch, k: splitRegions(accumulateInPlace(lower(launch, schedule(bq, bk)))) };
};
const loops = (k: TileKernel): readonly string[] => printTile(k).split('\n').filter((l) => l.startsWith('for'));

const causal = binary('le', pos('k'), binary('add', pos('q'), first));
const recent = binary('lt', binary('sub', pos('q'), pos('k')), lit(5));
/** Conditions as authors write them; arg 2 is the i32 parameter `first`. */
const masks: readonly (readonly [string, Scalar])[] = [
  ['causal', causal],
  ['causal, as a negation', unary('not', binary('lt', binary('add', pos('q'), first), pos('k')))],
  ['window', binary('and', causal, recent)],
  ['prefix or causal', binary('or', binary('lt', pos('k'), first), binary('le', pos('k'), pos('q')))],
  ['dilated: not affine', binary('and', causal, binary('eq', binary('rem', pos('k'), lit(2)), lit(0)))],
  ['later keys only', binary('lt', pos('q'), pos('k'))],
];

describe('regions', () => {
  test('a causal loop visits whole windows without mask code, then the windows on the diagonal, then nothing', () => {
    const { k } = split(causal, 4, 8);
    expect(loops(k)).toMatchInlineSnapshot(`
      [
        "for k in 0 .. kRest by 8 full",
        "for k in kRest .. kEnd by 8",
      ]
    `);
    const inFull = statements(k.body).filter((s) => s.kind === 'loop' && s.full).flatMap((s) => (s.kind === 'loop' ? s.body : []));
    expect(inFull.some((s) => s.kind === 'map' && s.fn.kind === 'select')).toBe(false);
  });

  test('a sliding window begins behind the last hidden window', () => {
    expect(loops(split(binary('and', causal, recent), 4, 8).k)).toMatchInlineSnapshot(`
      [
        "for k in kFirst .. kFull by 8",
        "for k in kFull .. kRest by 8 full",
        "for k in kRest .. kEnd by 8",
      ]
    `);
  });

  test('a condition on more than positions and whole numbers is left alone', () => {
    const launch = cascadeWhere(binary('lt', pos('k'), first), [input('first', 'f32', [], at)], 'shown');
    const k = lower(launch, schedule(4, 8));
    expect(splitRegions(k)).toBe(k);
  });

  test.each(masks)('%s: the program stays legal', (_name, cond) => {
    checkTile(split(cond, 3, 4).k, 'regions');
    checkTile(split(cond, 3, 4, 'hidden').k, 'regions');
  });

  property.prop([fc.constantFrom(...masks), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom('shown' as const, 'hidden' as const), fc.nat()])(
    'equal the evaluated graph under any mask, sizes and blocks', ([, cond], q, k, bq, bk, mask, seed) => {
      const { launch, k: t } = split(cond, bq, bk, mask);
      expectAgreement(launch.def, [t], { q, k, d: 8 }, seed);
    },
  );
});
