import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Dag, DagEdge, DagNode } from '../../../codegen/page/dag.js';
import { layoutOf, type PlacedDag, type PlacedNode } from '../../../codegen/page/layout.js';

const node = (id: string, width: number, height: number, inner?: Dag): DagNode => ({ id, kind: inner ? 'loop' : 'node', lines: Array.from({ length: height }, () => 'x'.repeat(width)), tip: id, key: undefined, inner });

/** Graphs whose edges lead from earlier nodes to later ones; some nodes are boxes around a graph of their own. */
const dags: fc.Arbitrary<Dag> = fc.letrec<{ dag: Dag }>((tie) => ({
  dag: fc.record({
    nodes: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 }), fc.option(tie('dag'), { depthSize: 'small', maxDepth: 2, freq: 6, nil: undefined })), { minLength: 1, maxLength: 9 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 14 }),
  }).map(({ nodes, pairs }): Dag => {
    const edges = pairs.flatMap(([a, b]): DagEdge[] => {
      const [from, to] = [a % nodes.length, b % nodes.length];
      return from < to ? [{ from: `n${from}`, to: `n${to}`, fromPort: undefined, toPort: undefined }] : [];
    });
    const once = edges.filter((e, i) => edges.findIndex((o) => o.from === e.from && o.to === e.to) === i);
    return { nodes: nodes.map(([width, height, inner], i) => node(`n${i}`, width, height, inner)), edges: once };
  }),
})).dag;

const apart = (a: PlacedNode, b: PlacedNode): boolean => a.x + a.width <= b.x + 1e-6 || b.x + b.width <= a.x + 1e-6 || a.y + a.height <= b.y + 1e-6 || b.y + b.height <= a.y + 1e-6;

/** A picture and those inside its boxes. */
const everyLevel = (placed: PlacedDag): readonly PlacedDag[] => [placed, ...placed.nodes.flatMap((n) => (n.inner ? everyLevel(n.inner) : []))];

describe('layoutOf', () => {
  test.prop([dags])('no two nodes overlap, and all lie within the picture', (dag) => {
    for (const { nodes, width, height } of everyLevel(layoutOf(dag))) {
      for (const [i, a] of nodes.entries()) {
        for (const b of nodes.slice(i + 1)) expect(apart(a, b), `${a.node.id} and ${b.node.id}`).toBe(true);
        expect(a.x).toBeGreaterThanOrEqual(-1e-6);
        expect([a.x + a.width <= width + 1e-6, a.y + a.height <= height + 1e-6]).toEqual([true, true]);
      }
    }
  });

  test.prop([dags])('every edge leads down, from the border of one node to that of the other', (dag) => {
    for (const { nodes, edges } of everyLevel(layoutOf(dag))) {
      const byId = new Map(nodes.map((n) => [n.node.id, n]));
      for (const { edge, points } of edges) {
        const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
        expect(points[0]?.[1]).toBeCloseTo((from?.y ?? NaN) + (from?.height ?? NaN));
        expect(points.at(-1)?.[1]).toBeCloseTo(to?.y ?? NaN);
        for (const [i, [, y]] of points.entries()) expect(y).toBeGreaterThanOrEqual(points[i - 1]?.[1] ?? -Infinity);
      }
    }
  });

  test.prop([dags])('a box holds what is inside it', (dag) => {
    for (const { nodes } of everyLevel(layoutOf(dag))) for (const n of nodes) if (n.inner) expect([n.width >= n.inner.width, n.height >= n.inner.height]).toEqual([true, true]);
  });
});
