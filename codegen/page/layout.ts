import type { Dag, DagEdge, DagNode } from './dag.js';

/** A point of the picture, in pixels from its upper left corner. */
export type Point = readonly [x: number, y: number];
/** A node at its place: upper left corner and size; inside it the steps of a loop, relative to it. */
export interface PlacedNode { readonly node: DagNode; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly inner: PlacedDag | undefined }
/** `points`: from the lower border of one node to the upper one of the other, through the layers between. */
export interface PlacedEdge { readonly edge: DagEdge; readonly points: readonly Point[] }
export interface PlacedDag { readonly width: number; readonly height: number; readonly nodes: readonly PlacedNode[]; readonly edges: readonly PlacedEdge[] }

/** Sizes of the letters that nodes are written in, and the room around things. */
export const metrics = { letter: 6.65, line: 15, padX: 9, padY: 6, gapX: 18, gapY: 26, head: 24, widest: 34 } as const;

/** A box, or one bend of an edge that passes a layer. */
interface Slot { readonly id: string; readonly width: number; readonly height: number; readonly layer: number; x: number }

/** Layers from top to bottom, each node below all that it reads, with few crossings; what a loop contains is laid out first. */
export function layoutOf(dag: Dag): PlacedDag {
  const inner = new Map(dag.nodes.flatMap((n) => (n.inner === undefined ? [] : [[n.id, layoutOf(n.inner)] as const])));
  const layers = layersOf(dag);
  const slots = new Map<string, Slot>();
  for (const n of dag.nodes) slots.set(n.id, { id: n.id, ...sizeOf(n, inner.get(n.id)), layer: layers.get(n.id) ?? 0, x: 0 });
  const chains = dag.edges.map((edge) => ({ edge, ids: bendsOf(edge, layers, slots) }));
  const rows = rowsOf([...slots.values()]);
  const neighbours = neighboursOf(chains.map((c) => c.ids));
  order(rows, neighbours);
  spread(rows, neighbours);

  const tops: number[] = [];
  let height = 0;
  for (const row of rows) {
    tops.push(height);
    height += Math.max(0, ...row.map((s) => s.height)) + metrics.gapY;
  }
  const at = (id: string): Slot & { readonly y: number; readonly tall: number } => {
    const slot = slots.get(id);
    if (slot === undefined) throw new Error(`layout: no node ${id}`);
    return { ...slot, y: tops[slot.layer] ?? 0, tall: Math.max(0, ...(rows[slot.layer] ?? []).map((s) => s.height)) };
  };
  const place = (n: DagNode): PlacedNode => {
    const { x, y, width, height: own, tall } = at(n.id);
    // Values from outside sit at the lower border of the first layer, results of a row at its upper one.
    return { node: n, x, y: n.kind === 'port' || n.kind === 'carry' || n.kind === 'input' ? y + tall - own : y, width, height: own, inner: inner.get(n.id) };
  };
  const nodes = dag.nodes.map(place);
  const placed = new Map(nodes.map((p) => [p.node.id, p]));
  const edges = chains.map(({ edge, ids }): PlacedEdge => ({ edge, points: pointsOf(edge, ids, placed, at) }));
  return { width: Math.max(0, ...[...slots.values()].map((s) => s.x + s.width)), height: Math.max(0, height - metrics.gapY), nodes, edges };
}

function sizeOf(n: DagNode, inner: PlacedDag | undefined): { readonly width: number; readonly height: number } {
  const letters = Math.max(...n.lines.map((l) => Math.min(l.length, metrics.widest)));
  const own = { width: Math.ceil(letters * metrics.letter) + 2 * metrics.padX, height: n.lines.length * metrics.line + 2 * metrics.padY };
  return inner === undefined ? own : { width: Math.max(own.width, inner.width + 28), height: inner.height + metrics.head + 24 };
}

/** The longest way from a source; sources move down to their first reader, what comes from outside a box stays on top and what leaves it below all. */
function layersOf({ nodes, edges }: Dag): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const into = groupBy(edges, (e) => e.to);
  const outOf = groupBy(edges, (e) => e.from);
  const depth = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    const own = Math.max(-1, ...(into.get(id) ?? []).map((e) => depth(e.from))) + 1;
    layers.set(id, own);
    return own;
  };
  for (const n of nodes) depth(n.id);
  const last = Math.max(0, ...nodes.filter((n) => n.kind !== 'state' && n.kind !== 'result').map((n) => depth(n.id)));
  for (const n of nodes) {
    if (n.kind === 'state') layers.set(n.id, last + 1);
    if (n.kind === 'input' && !into.has(n.id)) layers.set(n.id, Math.max(0, Math.min(...(outOf.get(n.id) ?? []).map((e) => depth(e.to))) - 1));
  }
  return layers;
}

/** The way of an edge: its ends and, on every layer between, a place of its own. */
function bendsOf(edge: DagEdge, layers: ReadonlyMap<string, number>, slots: Map<string, Slot>): readonly string[] {
  const [a, b] = [layers.get(edge.from) ?? 0, layers.get(edge.to) ?? 0];
  const between = Array.from({ length: Math.max(0, b - a - 1) }, (_, i) => {
    const id = `${edge.from}|${edge.fromPort ?? ''}>${edge.to}|${edge.toPort ?? ''}@${a + 1 + i}`;
    slots.set(id, { id, width: 6, height: 0, layer: a + 1 + i, x: 0 });
    return id;
  });
  return [edge.from, ...between, edge.to];
}

function rowsOf(slots: readonly Slot[]): Slot[][] {
  const count = Math.max(0, ...slots.map((s) => s.layer)) + 1;
  return Array.from({ length: count }, (_, layer) => slots.filter((s) => s.layer === layer));
}

interface Neighbours { readonly above: ReadonlyMap<string, readonly string[]>; readonly below: ReadonlyMap<string, readonly string[]> }
function neighboursOf(chains: readonly (readonly string[])[]): Neighbours {
  const pairs = chains.flatMap((ids) => ids.slice(1).map((to, i) => ({ from: ids[i] ?? '', to })));
  const side = (by: 'from' | 'to', other: 'from' | 'to'): ReadonlyMap<string, readonly string[]> => new Map([...groupBy(pairs, (p) => p[by])].map(([id, ps]) => [id, ps.map((p) => p[other])]));
  return { above: side('to', 'from'), below: side('from', 'to') };
}

/** Sweeps down and up, each row by the mean place of its neighbours in the row before. */
function order(rows: Slot[][], { above, below }: Neighbours): void {
  const place = new Map<string, number>();
  const number = (row: readonly Slot[]): void => row.forEach((s, i) => place.set(s.id, i / Math.max(1, row.length - 1)));
  rows.forEach(number);
  const sweep = (row: Slot[], near: ReadonlyMap<string, readonly string[]>): void => {
    const wanted = new Map(row.map((s) => [s.id, mean((near.get(s.id) ?? []).map((id) => place.get(id) ?? 0)) ?? place.get(s.id) ?? 0]));
    row.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
    number(row);
  };
  for (let pass = 0; pass < 6; pass++) {
    for (const row of rows) sweep(row, above);
    for (const row of rows.toReversed()) sweep(row, below);
  }
  for (const row of rows) sweep(row, above);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const mean = (xs: readonly number[]): number | undefined => (xs.length === 0 ? undefined : xs.reduce((a, b) => a + b, 0) / xs.length);

/** Places along each row: side by side, then drawn towards the middle of their neighbours as far as those beside them allow. */
function spread(rows: readonly (readonly Slot[])[], { above, below }: Neighbours): void {
  const byId = new Map(rows.flat().map((s) => [s.id, s]));
  const middle = (id: string): number => { const s = byId.get(id); return s === undefined ? 0 : s.x + s.width / 2; };
  for (const row of rows) row.reduce((x, s) => { s.x = x; return x + s.width + metrics.gapX; }, 0);
  const widest = Math.max(0, ...rows.map((row) => { const s = row.at(-1); return s === undefined ? 0 : s.x + s.width; }));
  for (const row of rows) { const s = row.at(-1); const shift = s === undefined ? 0 : (widest - s.x - s.width) / 2; for (const each of row) each.x += shift; }
  for (let pass = 0; pass < 12; pass++) {
    for (const row of pass % 2 === 0 ? rows : rows.toReversed()) {
      const wanted = row.map((s) => (mean([...(above.get(s.id) ?? []), ...(below.get(s.id) ?? [])].map(middle)) ?? s.x + s.width / 2) - s.width / 2);
      settle(row, wanted);
    }
  }
  const left = Math.min(...rows.flat().map((s) => s.x));
  for (const s of byId.values()) s.x -= left;
}

/** As near to what they want as their order and the gaps allow: the mean of pushing from the left and from the right. */
function settle(row: readonly Slot[], wanted: readonly number[]): void {
  const fromLeft: number[] = [];
  row.forEach((s, i) => { const before = row[i - 1]; fromLeft.push(before === undefined ? wanted[i] ?? s.x : Math.max(wanted[i] ?? s.x, (fromLeft[i - 1] ?? 0) + before.width + metrics.gapX)); });
  const fromRight: number[] = new Array<number>(row.length).fill(0);
  for (let i = row.length - 1; i >= 0; i--) {
    const s = row[i];
    const next = fromRight[i + 1];
    if (s !== undefined) fromRight[i] = next === undefined ? wanted[i] ?? s.x : Math.min(wanted[i] ?? s.x, next - s.width - metrics.gapX);
  }
  row.forEach((s, i) => { s.x = ((fromLeft[i] ?? 0) + (fromRight[i] ?? 0)) / 2; });
}

/** Where an edge begins and ends: at the middle of a node's border, or at a port of a loop's box. */
function pointsOf(edge: DagEdge, ids: readonly string[], placed: ReadonlyMap<string, PlacedNode>, at: (id: string) => Slot & { readonly y: number; readonly tall: number }): readonly Point[] {
  const end = (id: string, port: string | undefined, side: 'top' | 'bottom'): Point => {
    const p = placed.get(id);
    if (p === undefined) throw new Error(`layout: no node ${id}`);
    const inside = port === undefined ? undefined : p.inner?.nodes.find((n) => n.node.id === port);
    const x = inside === undefined ? p.x + p.width / 2 : p.x + innerOffset(p)[0] + inside.x + inside.width / 2;
    return [x, side === 'top' ? p.y : p.y + p.height];
  };
  const bends = ids.slice(1, -1).flatMap((id): readonly Point[] => { const s = at(id); return [[s.x + s.width / 2, s.y], [s.x + s.width / 2, s.y + s.tall]]; });
  // Beside a taller node an edge goes straight down first, so that it does not cross it.
  const start = end(edge.from, edge.fromPort, 'bottom');
  const layer = at(edge.from);
  return [start, ...(layer.y + layer.tall > start[1] ? [[start[0], layer.y + layer.tall] as const] : []), ...bends, end(edge.to, edge.toPort, 'top')];
}

/** Where the inside of a loop's box begins. */
export const innerOffset = (p: PlacedNode): Point => [(p.width - (p.inner?.width ?? 0)) / 2, metrics.head + 4];
