import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import { lower } from '../../../codegen/tile/lower.js';
import { printTile } from '../../../codegen/tile/print.js';
import { expectAgreement } from './agreement.js';
import { cascade, matmul, norm } from './programs.js';

const plain = (block: Schedule['block']): Schedule => ({ block, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false });
const size = fc.integer({ min: 0, max: 11 });
const block = fc.integer({ min: 1, max: 7 });

describe('lowering', () => {
  test.each([
    ['a contraction', matmul(), { t: 4, f: 8, e: 16 }],
    ['the online cascade', cascade(true), { q: 4, k: 8 }],
    ['a norm that walks the axis it sums', norm(), { q: 4, e: 16 }],
  ] as const)('%s becomes fills, one loop and stores', (_name, launch, blocks) => {
    const k = lower(launch, plain(blocks));
    checkTile(k, 'lower');
    expect(printTile(k)).toMatchSnapshot();
    const a = accumulateInPlace(k);
    checkTile(a, 'accumulate');
    expect(printTile(a)).toMatchSnapshot();
  });

  property.prop([size, size, size, block, block, block, fc.nat()])('a contraction equals the evaluated graph at any sizes and blocks', (t, f, e, bt, bf, be, seed) => {
    const launch = matmul();
    const k = lower(launch, plain({ t: bt, f: bf, e: be }));
    expectAgreement(launch.def, [k], { t, f, e }, seed);
    expectAgreement(launch.def, [accumulateInPlace(k)], { t, f, e }, seed);
  });

  property.prop([size, size, block, block, fc.boolean(), fc.nat()])('the online cascade equals the evaluated graph at any sizes and blocks', (q, k, bq, bk, causal, seed) => {
    const launch = cascade(causal);
    const t = lower(launch, plain({ q: bq, k: bk }));
    expectAgreement(launch.def, [t], { q, k, d: 8 }, seed);
    expectAgreement(launch.def, [accumulateInPlace(t)], { q, k, d: 8 }, seed);
  });

  property.prop([size, size, block, block, fc.nat()])('a walked result equals the evaluated graph at any sizes and blocks', (q, e, bq, be, seed) => {
    const launch = norm();
    expectAgreement(launch.def, [lower(launch, plain({ q: bq, e: be }))], { q, e }, seed);
  });
});
