import { describe, expect, test } from 'vitest';
import { targets } from '../../../codegen/compile.js';
import { type Explanation, explanationOf } from '../../../codegen/explain.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { type Dag, dagOf, type DagNode } from '../../../codegen/page/dag.js';
import { linksTo } from '../../../codegen/page/links.js';
import { reads } from '../../../dsl/walk.js';
import type { TensorExpr } from '../../../dsl/expr.js';

function explained(file: string, name: string): Explanation {
  const kernel = readKernels([file]).find((k) => k.name === name);
  if (kernel === undefined) throw new Error(`${file} has no kernel ${name}`);
  return explanationOf(kernel, targets.cpu);
}
const dagsOf = (e: Explanation): readonly [written: Dag, derived: Dag] => {
  const links = linksTo(e.file, []);
  return [dagOf(e.written, links), dagOf(e.derived, links)];
};
const all = (dag: Dag): readonly DagNode[] => dag.nodes.flatMap((n) => [n, ...(n.inner ? all(n.inner) : [])]);
const loops = (dag: Dag): readonly DagNode[] => all(dag).filter((n) => n.kind === 'loop');
const ends = (dag: Dag): readonly string[] => [...dag.edges.flatMap((e) => [e.from, e.to]), ...dag.nodes.flatMap((n) => (n.inner ? ends(n.inner) : []))];

const cases = [['examples/attention.ts', 'grouped'], ['examples/matmul.ts', 'projected'], ['examples/eviction.ts', 'received'], ['examples/eviction.ts', 'keep'], ['runtime/kernels/queryNll.ts', 'queryNll'], ['runtime/kernels/hotKeys.ts', 'hotKeys']] as const;

describe.each(cases)('the graph of %s, %s', (file, name) => {
  const e = explained(file, name);
  const [written, derived] = dagsOf(e);

  test('as written has a node for each of its nodes and one for each result', () => {
    const seen = new Set<TensorExpr>();
    const visit = (x: TensorExpr): void => { if (!seen.has(x)) { seen.add(x); reads(x).forEach(visit); } };
    for (const r of e.written.results) visit(r.value);
    expect(written.nodes.length).toBe(seen.size + e.written.results.length);
    expect(loops(written)).toEqual([]);
  });

  test('as derived has one box for each loop, with what it carries at its bottom', () => {
    expect(loops(derived).length).toBe(e.proofs.length);
    const carried = e.proofs.flatMap(({ loop }) => [...loop.references, ...loop.states].map((s) => s.carry.name));
    expect(all(derived).filter((n) => n.kind === 'state').map((n) => n.lines[0]?.split(' ')[0]).sort()).toEqual([...carried].sort());
  });

  test.each([['written', written], ['derived', derived]] as const)('as %s has edges between its own nodes alone, and ports where they enter a box', (_, dag) => {
    const ids = all(dag).map((n) => n.id);
    expect(ends(dag).filter((id) => !ids.includes(id))).toEqual([]);
    expect(new Set(dag.nodes.map((n) => n.id)).size).toBe(dag.nodes.length);
    const check = (d: Dag): void => {
      for (const { from, fromPort, to, toPort } of d.edges) {
        const [a, b] = [d.nodes.find((n) => n.id === from), d.nodes.find((n) => n.id === to)];
        if (fromPort !== undefined) expect(a?.inner?.nodes.map((n) => n.id)).toContain(fromPort);
        if (toPort !== undefined) expect(b?.inner?.nodes.map((n) => n.id)).toContain(toPort);
      }
      for (const n of d.nodes) if (n.inner) check(n.inner);
    };
    check(dag);
  });
});
