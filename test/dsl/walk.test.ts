import { describe, expect, test } from 'vitest';
import { readKernels } from '../../codegen/frontend/project.js';
import { stream } from '../../codegen/stream/derive.js';
import type { TensorExpr } from '../../dsl/expr.js';
import { input, map, reduce } from '../../dsl/ops.js';
import { arg, binary } from '../../dsl/scalar.js';
import { nowhere } from '../../dsl/span.js';
import { nodesOf, reads, rebuilder, same } from '../../dsl/walk.js';

const source = readKernels(['test/dsl/averaged.ts', 'test/codegen/frontend/libraryKernels.ts']).flatMap((s) => s.variants);
/** Graphs with every kind of node, before and after loops are derived. */
const graphs = source.flatMap((def) => [def, stream(def)]).map((def, i) => [`${def.name} ${def.variant} ${i % 2 === 0 ? 'as written' : 'in loops'}`, def.results.map((r) => r.value)] as const);

describe.each(graphs)('of %s', (_, roots) => {
  test('every node comes once, after its operands', () => {
    const nodes = nodesOf(roots);
    expect(new Set(nodes).size).toBe(nodes.length);
    for (const [i, e] of nodes.entries()) for (const operand of reads(e)) expect(nodes.indexOf(operand)).toBeLessThan(i);
    expect(roots.every((r) => nodes.includes(r))).toBe(true);
  });

  test('a rebuilding that changes nothing gives the same objects', () => {
    const rebuild = rebuilder((e) => e);
    expect(roots.every((r) => rebuild(r) === r)).toBe(true);
  });

  test('what is shared stays shared, loops included, and what does not read a changed node stays itself', () => {
    const [x] = nodesOf(roots).filter((e) => e.kind === 'input');
    if (!x) throw new Error('the graph reads no parameter');
    const seen: TensorExpr[] = [];
    const rebuild = rebuilder((e) => { seen.push(e); return e === x ? { ...e, name: 'other' } : e; });
    const made = roots.map(rebuild);
    expect(seen.length).toBe(nodesOf(roots).length);
    const loops = (es: readonly TensorExpr[]): number => new Set(nodesOf(es).flatMap((e) => (e.kind === 'fold' ? [e.loop] : []))).size;
    expect([nodesOf(made).length, loops(made)]).toEqual([nodesOf(roots).length, loops(roots)]);
    const readsX = (e: TensorExpr): boolean => e === x || reads(e).some(readsX);
    for (const e of nodesOf(roots)) expect(rebuild(e) === e).toBe(!readsX(e));
  });
});

test('the graphs have every kind of node', () => {
  expect([...new Set(graphs.flatMap(([, roots]) => nodesOf(roots).map((e) => e.kind)))].sort()).toEqual(['carry', 'cast', 'dot', 'fold', 'gather', 'input', 'map', 'reaxis', 'reduce', 'topk']);
});

test('operands are rebuilt before the node that reads them', () => {
  const x = input('x', 'f32', ['k'], nowhere);
  const twice = map(binary('add', arg(0), arg(1)), [x, x], nowhere);
  const order: string[] = [];
  rebuilder((e) => { order.push(e.kind); return e; })(reduce('sum', twice, 'k', nowhere));
  expect(order).toEqual(['input', 'map', 'reduce']);
});

test('same gives the list itself when no item changed', () => {
  const items = [1, 2];
  expect([same(items, (n) => n) === items, same(items, (n) => n + 1)]).toEqual([true, [2, 3]]);
});
