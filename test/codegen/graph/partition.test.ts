import { describe, expect, test } from 'vitest';
import { axisKinds } from '../../../codegen/graph/axes.js';
import { partition as partitionOn } from '../../../codegen/graph/partition.js';
import type { Launch } from '../../../codegen/graph/launch.js';
import { cores } from '../../../codegen/schedule/machine.js';
import { lower } from '../../../codegen/tile/lower.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { CompileError } from '../../../dsl/diagnostic.js';
import type { Fold, FoldLoop, TensorExpr } from '../../../dsl/expr.js';
import { gather, input, map, reduce, topk } from '../../../dsl/ops.js';
import { lit, pos, size } from '../../../dsl/scalar.js';
import { at, carry, cascade, dynamic, launchOf, mul, named, sumFold, x0, x1 } from '../tile/programs.js';

const partition = (def: KernelDef): readonly Launch[] => partitionOn(def, { machine: cores, serves: [] });
const x = input('x', 'f32', ['t', 'e'], at);
const doubled = map(mul(x0, lit(2)), [x], named('doubled'));
const sizes = { t: dynamic, e: dynamic, n: dynamic };
const refused = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('partition', () => {
  test('one launch bears the kernel’s name, several are numbered steps', () => {
    expect(partition(cascade(true).def).map((l) => [l.symbol, l.what])).toEqual([['cascade', '']]);
    const { def } = launchOf('best', sizes, [['out', ['t', 'n'], topk(doubled, 'e', size('n'), 'n', named('out'))]], [x]);
    expect(partition(def).map((l) => [l.symbol, l.what])).toEqual([['best_step1', 'step 1: doubledMemory'], ['best_step2', 'step 2: out']]);
  });

  test('scratch is written by one launch and read by the next, in the order of the results', () => {
    const { def } = launchOf('best', sizes, [['out', ['t', 'n'], topk(doubled, 'e', size('n'), 'n', named('out'))]], [x]);
    const [first, second] = partition(def);
    expect([...(first?.scratch ?? [])]).toEqual(['doubledMemory']);
    expect(first?.def.results.map((r) => [r.name, r.order])).toEqual([['doubledMemory', ['t', 'e']]]);
    expect(second?.def.params.map((p) => p.name)).toEqual(['doubledMemory']);
  });

  test('what is needed twice stands in memory once', () => {
    const sum = sumFold('total', 'e', reduce('sum', x, 'e', named('sum')));
    const picked = gather(sum, 't', map(pos('n'), [], at, ['n']), 0, named('picked'));
    const { def } = launchOf('twice', sizes, [['a', ['n'], picked], ['b', ['n'], map(mul(x0, x0), [picked], named('b'))]], [x]);
    expect(partition(def).map((l) => l.def.results.map((r) => r.name))).toEqual([['totalMemory'], ['a', 'b']]);
  });
});

const certificate: FoldLoop['certificate'] = { axis: 'e', atoms: [], references: [], blocks: [], epilogue: [] };
function foldOver(block: (c: TensorExpr) => TensorExpr, monoid: 'sum' | 'topk' = 'sum'): Fold {
  const c = carry('c', ['t']);
  return { kind: 'fold', loop: { axis: 'e', references: [], states: [{ carry: c, monoid, init: 0, moved: c, block: block(c) }], certificate }, result: c, dtype: 'f32', axes: ['t'], span: named('c') };
}

describe('refusals', () => {
  test('L104: an axis of unknown length that nothing streams over', () => {
    const { def } = launchOf('whole', sizes, [['out', ['t'], reduce('sum', x, 'e', named('out'))]], [x]);
    expect(refused(() => axisKinds(def))).toMatchInlineSnapshot(`"<built>:0:0  error L104: 'e' has no fixed size and must be whole here, but nothing streams over it"`);
  });

  test('L105: a gather from what is still being reduced', () => {
    const fold = foldOver((c) => reduce('sum', map(mul(x0, x1), [x, gather(map(mul(x0, lit(2)), [c], named('half')), 't', map(pos('t'), [], at, ['t']), 0, at)], at), 'e', at));
    expect(refused(() => partition(launchOf('running', sizes, [['out', ['t'], fold]], [x]).def))).toMatchInlineSnapshot(`"<built>:0:0  error L105: \`half\` [t] is needed whole while it is still being reduced; return it from one kernel and take it as an input of the next"`);
  });

  test('L108: a fold that carries a list of positions', () => {
    const launch = launchOf('list', sizes, [['out', ['t'], foldOver(() => reduce('max', x, 'e', at), 'topk')]], [x]);
    const schedule = { block: { t: 2, e: 2 }, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false } as const;
    expect(refused(() => lower(launch, schedule))).toMatchInlineSnapshot(`"<built>:0:0  error L108: a fold whose state is a list of positions ('c') cannot be launched yet; return it as a topk"`);
  });
});
