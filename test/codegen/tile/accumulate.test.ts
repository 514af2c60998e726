import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import { lower } from '../../../codegen/tile/lower.js';
import { printTile } from '../../../codegen/tile/print.js';
import type { Fold, FoldLoop, TensorExpr } from '../../../dsl/expr.js';
import { input, map, reduce } from '../../../dsl/ops.js';
import { binary, lit } from '../../../dsl/scalar.js';
import { expectAgreement } from './agreement.js';
import { at, carry, cascade, dynamic, launchOf, mul, named, norm, x0, x1 } from './programs.js';

const plain = (block: Schedule['block']): Schedule => ({ block, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false });
const loopLines = (text: string): readonly string[] => text.split('\n').filter((l) => l.startsWith('  '));

/** Two sums over e; the second one's step reads the first one's old value, before or behind the place where that changes. */
function entangled(order: 'reader first' | 'reader last') {
  const x = input('x', 'f32', ['t', 'e'], at);
  const a = carry('a', ['t']);
  const b = carry('b', ['t']);
  const sum = reduce('sum', x, 'e', named('sum'));
  const plainState = { carry: a, monoid: 'sum', init: 0, moved: a, block: sum } as const;
  const reader = { carry: b, monoid: 'sum', init: 1, moved: map(binary('add', mul(x0, lit(2)), x1), [b, a], named('moved')), block: sum } as const;
  const loop: FoldLoop = {
    axis: 'e', references: [], states: order === 'reader first' ? [reader, plainState] : [plainState, reader],
    certificate: { axis: 'e', atoms: [], references: [], blocks: [], epilogue: [] },
  };
  const fold = (result: TensorExpr): Fold => ({ kind: 'fold', loop, result, dtype: 'f32', axes: ['t'], span: at });
  return launchOf('entangled', { t: dynamic, e: dynamic }, [['a', ['t'], fold(a)], ['b', ['t'], fold(b)]], [x]);
}

describe('accumulation in place', () => {
  test('a product and a sum add to the state they belong to, scaled first', () => {
    const k = accumulateInPlace(lower(cascade(false), plain({ q: 2, k: 2 })));
    const lines = loopLines(printTile(k));
    expect(lines).toContain('  reduce l sum= p over k');
    expect(lines).toContain('  mma oTile += p * vTile over k');
    expect(lines.findIndex((l) => l.startsWith('  map oTile'))).toBeLessThan(lines.findIndex((l) => l.startsWith('  mma oTile')));
    expect(lines.filter((l) => l.startsWith('  copy'))).toEqual(['  copy m <- mNext']);
  });

  test('a state without references needs no scaling', () => {
    expect(loopLines(printTile(accumulateInPlace(lower(norm(), plain({ q: 2, e: 2 }))))).slice(0, 3)).toEqual(['  load xTile2 <- x[q, e]', '  map x2 <- xTile2 * xTile2', '  reduce squares sum= x2 over e']);
  });

  test.each(['reader first', 'reader last'] as const)('no state changes while another still needs its old value: %s', (order) => {
    const launch = entangled(order);
    const k = accumulateInPlace(lower(launch, plain({ t: 2, e: 8 })));
    checkTile(k, 'accumulate');
    // One block, so that the graph evaluated in one block means the same.
    expectAgreement(launch.def, [k], { t: 5, e: 8 }, 1);
  });

  test('a program without loops stays the same object', () => {
    const x = input('x', 'f32', ['t'], at);
    const k = lower(launchOf('twice', { t: dynamic }, [['out', ['t'], map(mul(x0, lit(2)), [x], at)]], [x]), plain({ t: 4 }));
    expect(accumulateInPlace(k)).toBe(k);
  });
});
