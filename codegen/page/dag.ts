import type { KernelDef } from '../../dsl/definition.js';
import type { Carry, FoldLoop, TensorExpr } from '../../dsl/expr.js';
import { printedLines, printScalar } from '../../dsl/print.js';
import { reads } from '../../dsl/walk.js';
import type { LinkKey, Links } from './links.js';

/** What a node of a picture is: memory read or written, an operation, a value from outside a box, an old or a last value of a loop, a loop with its steps inside. */
export type DagKind = 'input' | 'result' | 'node' | 'port' | 'carry' | 'state' | 'loop';
/** `lines`: what stands in it, its head first. `key`: its place in the source. `inner`: the steps of a loop. */
export interface DagNode { readonly id: string; readonly kind: DagKind; readonly lines: readonly string[]; readonly tip: string; readonly key: LinkKey | undefined; readonly inner: Dag | undefined }
/** Ports are nodes inside a loop's box at which an edge from or to outside ends. */
export interface DagEdge { readonly from: string; readonly to: string; readonly fromPort: string | undefined; readonly toPort: string | undefined }
/** A graph to draw: operands before readers. */
export interface Dag { readonly nodes: readonly DagNode[]; readonly edges: readonly DagEdge[] }

/** A kernel's graph as its reader sees it: inputs on top, results at the bottom, each derived loop one box around its steps. */
export function dagOf(def: KernelDef, links: Links): Dag {
  const names: Names = new Map(printedLines(def).flatMap((l) => (l.node === undefined || l.name === undefined ? [] : [[l.node, l.name] as const])));
  const drawing: Drawing = { names, links, ids: idsOf() };
  const top = levelOf(def.results.map((r) => r.value), undefined, drawing);
  const results = def.results.map((r): DagNode => ({ id: `result ${r.name}`, kind: 'result', lines: [r.name, `${r.dtype}[${r.order.join(' ')}]`], tip: `result ${r.name}, in the order ${r.order.join(', ')}`, key: links.keyOf(r.span), inner: undefined }));
  return { nodes: [...top.nodes, ...results], edges: [...top.edges, ...def.results.map((r) => edge(top.from(r.value), `result ${r.name}`))] };
}

type Names = ReadonlyMap<TensorExpr, string>;
interface Drawing { readonly names: Names; readonly links: Links; readonly ids: (x: TensorExpr | FoldLoop) => string }
type Start = Pick<DagEdge, 'from' | 'fromPort'>;
/** `needs`: values from outside, once each. `from`: where a value of this level comes from. */
interface Level extends Dag { readonly needs: readonly TensorExpr[]; readonly from: (e: TensorExpr) => Start }

const edge = (start: Start, to: string, toPort?: string): DagEdge => ({ ...start, to, toPort });

/** All that is computed for `roots` at one level: in the kernel, or anew for every block of `loop`. */
function levelOf(roots: readonly TensorExpr[], loop: FoldLoop | undefined, drawing: Drawing): Level {
  const { ids, names, links } = drawing;
  const isInside = loop === undefined ? () => true : variesIn(loop);
  const nodes: DagNode[] = [];
  const edges: DagEdge[] = [];
  const needs: TensorExpr[] = [];
  const loops: FoldLoop[] = [];
  const seen = new Set<TensorExpr>();
  const prefix = loop === undefined ? '' : ids(loop);

  const from = (e: TensorExpr): Start => {
    if (e.kind === 'fold' && !needs.includes(e)) return from(e.result);
    const made = e.kind === 'carry' ? loops.find((l) => carriesOf(l).some((c) => c.carry.name === e.name)) : undefined;
    if (made !== undefined && e.kind === 'carry') return { from: ids(made), fromPort: stateId(ids(made), e.name) };
    if (e.kind === 'carry' && loop !== undefined && isOwn(e, loop)) return { from: carryId(prefix, e.name), fromPort: undefined };
    return { from: needs.includes(e) ? portId(prefix, ids(e)) : ids(e), fromPort: undefined };
  };
  const need = (e: TensorExpr): void => {
    needs.push(e);
    const name = nameOf(e, names);
    nodes.push({ id: portId(prefix, ids(e)), kind: 'port', lines: [name], tip: `${name}, from outside the loop`, key: links.keyOf(e.span), inner: undefined });
  };
  const visit = (e: TensorExpr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.kind === 'carry') {
      if (loop !== undefined && isOwn(e, loop)) nodes.push({ id: carryId(prefix, e.name), kind: 'carry', lines: [e.name], tip: `${e.name} so far`, key: links.keyOf(e.span), inner: undefined });
      else if (!loops.some((l) => isOwn(e, l))) need(e);
    } else if (loop !== undefined && (e.kind === 'input' || !isInside(e))) need(e);
    else if (e.kind === 'fold') {
      visitLoop(e.loop);
      visit(e.result);
    } else {
      nodes.push(nodeOf(e, drawing));
      for (const r of new Set(reads(e))) {
        visit(r);
        edges.push(edge(from(r), ids(e)));
      }
    }
  };
  const visitLoop = (inner: FoldLoop): void => {
    if (loops.includes(inner)) return;
    const level = levelOf(stepsOf(inner), inner, drawing);
    for (const n of level.needs) visit(n);
    loops.push(inner);
    nodes.push({ id: ids(inner), kind: 'loop', lines: [`fold over ${inner.axis}`], tip: `one walk over ${inner.axis}, block by block`, key: undefined, inner: withStates(level, inner, drawing) });
    for (const n of level.needs) edges.push(edge(from(n), ids(inner), portId(ids(inner), ids(n))));
  };
  for (const r of roots) visit(r);
  return { nodes, edges, needs, from };
}

/** What a loop carries: how an old value and a block make the next one, and from what it starts. */
function carriesOf(loop: FoldLoop): readonly { readonly carry: Carry; readonly sign: string; readonly start: number; readonly steps: readonly TensorExpr[] }[] {
  return [
    ...loop.references.map((r) => ({ carry: r.carry, sign: '', start: r.start, steps: [r.next] })),
    ...loop.states.map((s) => ({ carry: s.carry, sign: s.monoid === 'sum' ? ' +' : ` ${s.monoid}`, start: s.init, steps: [s.moved, s.block] })),
  ];
}

/** The inside of a loop with, at its bottom, what it hands to the next block. */
function withStates(level: Level, loop: FoldLoop, { ids, links }: Drawing): Dag {
  const carries = carriesOf(loop);
  const states = carries.map(({ carry, sign, start, steps }): DagNode => ({ id: stateId(ids(loop), carry.name), kind: 'state', lines: [`${carry.name} ←${sign}`], tip: `${carry.name}: ${carry.dtype}[${carry.axes.join(', ')}], from ${String(start)}`, key: links.keyOf(steps.at(-1)?.span), inner: undefined }));
  return { nodes: [...level.nodes, ...states], edges: [...level.edges, ...carries.flatMap(({ carry, steps }) => [...new Set(steps)].map((e) => edge(level.from(e), stateId(ids(loop), carry.name))))] };
}

const portId = (loop: string, value: string): string => `${loop} port ${value}`;
const carryId = (loop: string, name: string): string => `${loop} carry ${name}`;
const stateId = (loop: string, name: string): string => `${loop} state ${name}`;
const isOwn = (e: Carry, loop: FoldLoop): boolean => carriesOf(loop).some((c) => c.carry.name === e.name);
const stepsOf = (loop: FoldLoop): readonly TensorExpr[] => carriesOf(loop).flatMap((c) => c.steps);

/** Whether a value is another one in every block of a loop: it has the loop's axis, or is made of what has or of what is carried. */
function variesIn(loop: FoldLoop): (e: TensorExpr) => boolean {
  const memo = new Map<TensorExpr, boolean>();
  const varies = (e: TensorExpr): boolean => {
    const known = memo.get(e) ?? (e.kind === 'carry' ? isOwn(e, loop) : e.axes.includes(loop.axis) || reads(e).some(varies));
    memo.set(e, known);
    return known;
  };
  return varies;
}

/** Short names for nodes and loops, the same for the same one. */
function idsOf(): (x: TensorExpr | FoldLoop) => string {
  const ids = new Map<TensorExpr | FoldLoop, string>();
  return (x) => {
    const known = ids.get(x) ?? `n${ids.size}`;
    ids.set(x, known);
    return known;
  };
}

const nameOf = (e: TensorExpr, names: Names): string => (e.kind === 'input' || e.kind === 'carry' ? e.name : e.kind === 'fold' ? nameOf(e.result, names) : (names.get(e) ?? e.span.binding ?? e.kind));

function nodeOf(e: Exclude<TensorExpr, { kind: 'carry' | 'fold' }>, { ids, names, links }: Drawing): DagNode {
  const named = names.get(e);
  const what = e.kind === 'input' ? [] : [operationText(e, reads(e).map((r) => nameOf(r, names)))];
  const type = `${e.dtype}[${e.axes.join(' ')}]`;
  const head = e.kind === 'input' ? e.name : named;
  return { id: ids(e), kind: e.kind === 'input' ? 'input' : 'node', lines: [...(head === undefined ? [] : [head]), ...what, type], tip: `${head ?? ''} ${what.join('')} : ${type}`.trim(), key: links.keyOf(e.span), inner: undefined };
}

function operationText(e: Exclude<TensorExpr, { kind: 'input' | 'carry' | 'fold' }>, args: readonly string[]): string {
  switch (e.kind) {
    case 'map': return printScalar(e.fn, args).replace(/\d+\.\d{6,}/g, (n) => String(Number(Number(n).toPrecision(6))));
    case 'reduce': return `${e.op} over ${e.axis}`;
    case 'dot': return `${args.join(' · ')} over ${e.over}`;
    case 'gather': return `${args[0] ?? ''} at ${args[1] ?? ''}`;
    case 'topk': return `top ${printScalar(e.count)} over ${e.axis}`;
    case 'cast': return `cast to ${e.dtype}`;
    case 'reaxis': return e.how.kind === 'rename' ? `rename ${e.how.from} → ${e.how.to}` : `${e.how.kind} axes`;
    default: return e satisfies never;
  }
}
