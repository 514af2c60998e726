import type { KernelDef, ResultDef } from '../../dsl/definition.js';
import type { Axis, Carry, Fold, FoldLoop, TensorExpr } from '../../dsl/expr.js';
import { nodesOf, rebuilder } from '../../dsl/walk.js';
import { mergeOf } from './merge.js';
import { axesUsed } from '../graph/axes.js';
import { hoistInvariant } from '../graph/fusion.js';
import type { Launch } from '../graph/launch.js';
import { inMemory } from '../graph/memoryOrder.js';

type Split = NonNullable<Launch['split']>;

/**
 * A launch as two: the first walks a part of axis `of` per block and keeps what its loops carry, the second joins the
 * parts by the loops' own transport and goes on from there. What loops store of their windows, each part stores of its own. Both read lengths as the launch did.
 */
export function splitLaunch(launch: Launch, of: Axis): { readonly launches: readonly [Launch, Launch]; readonly split: Split } {
  const split: Split = { axis: freshAxis(`${of}Parts`, launch.def), of };
  const loops = outermost(launch.def, of);
  const names = new Set([...launch.def.params, ...launch.def.results].map((p) => p.name));
  const memoryOf = new Map<Carry, string>();
  const nameOf = (c: Carry): string => {
    const known = memoryOf.get(c);
    if (known !== undefined) return known;
    const base = `${c.name.replace(/\W/g, '_')}Parts`;
    let name = base;
    for (let i = 2; names.has(name); i++) name = `${base}${i}`;
    names.add(name);
    memoryOf.set(c, name);
    return name;
  };
  const order = (c: Carry): readonly Axis[] => [split.axis, ...inMemory(c.axes, launch.def)];
  const merges = new Map(loops.map((loop) => [loop, mergeOf(loop, split.axis, nameOf, order)] as const));
  const partial = (loop: FoldLoop, c: Carry): ResultDef => ({ name: nameOf(c), dtype: c.dtype, order: order(c), value: { kind: 'fold', loop, result: c, axes: c.axes, dtype: c.dtype, span: c.span }, span: c.span });
  const parts = loops.flatMap((loop) => [...loop.references, ...loop.states].map((r) => partial(loop, r.carry)));
  const join = rebuilder((e) => (e.kind === 'fold' && merges.has(e.loop) ? { ...e, loop: merges.get(e.loop)?.loop ?? e.loop } : e));
  const sizes = { ...launch.def.sizes, [split.axis]: { kind: 'dynamic' } as const };
  const scratch = new Set([...launch.scratch, ...parts.map((p) => p.name)]);
  const memory = [...launch.def.params, ...parts];
  const kept = launch.def.results.filter((r) => launch.kept.has(r.name));
  const make = (step: string, results: readonly ResultDef[]): Launch => {
    const read = new Set(nodesOf(results.map((r) => r.value)).flatMap((e) => (e.kind === 'input' ? [e.name] : [])));
    const def = { ...launch.def, sizes, params: memory.filter((p) => read.has(p.name)), results };
    const what = [launch.what, results.map((r) => r.name).join(', ')].filter((t) => t !== '').join(': ');
    return { symbol: `${launch.symbol}_${step}`, what: `${step}: ${what}`, def: { ...def, sizes: onlyUsed(def) }, scratch, results: launch.results, kept: new Set(results.filter((r) => kept.includes(r)).map((r) => r.name)) };
  };
  const first = make('part', [...parts, ...kept]);
  const second = make('join', launch.def.results.filter((r) => !kept.includes(r)).map((r) => ({ ...r, value: join(r.value) })));
  return { launches: [{ ...first, split }, { ...second, joins: { axis: split.axis, rows: rowsOf(launch.def, loops, of) }, def: hoistInvariant(second.def) }], split };
}

/** The outermost axis in memory of what loops carry that nothing which they walk along `of` has. */
function rowsOf(def: KernelDef, loops: readonly FoldLoop[], of: Axis): Axis | undefined {
  const walked = new Set(def.params.filter((p) => p.order.includes(of)).flatMap((p) => p.order));
  const carried = inMemory([...new Set(loops.flatMap((l) => [...l.references, ...l.states]).flatMap((r) => r.carry.axes))], def);
  return carried.find((a) => !walked.has(a) && def.sizes[a]?.kind !== 'fixed');
}

const onlyUsed = (def: KernelDef): KernelDef['sizes'] => {
  const used = axesUsed(def);
  return Object.fromEntries(Object.entries(def.sizes).filter(([axis, rule]) => used.has(axis) || rule.kind !== 'dynamic'));
};

/** The loops over `of` that no other loop contains. */
function outermost(def: KernelDef, of: Axis): readonly FoldLoop[] {
  const folds = nodesOf(def.results.map((r) => r.value)).filter((e): e is Fold => e.kind === 'fold');
  const inside = new Set(folds.flatMap((f) => nodesOf(steps(f.loop)).filter((e): e is Fold => e.kind === 'fold').map((e) => e.loop)));
  return [...new Set(folds.map((f) => f.loop))].filter((l) => l.axis === of && !inside.has(l));
}

const steps = (l: FoldLoop): readonly TensorExpr[] => [...l.references.map((r) => r.next), ...l.states.flatMap((s) => [s.moved, s.block])];

/**
 * The axis of a launch that is worth sharing among blocks when the grid is small: every result folds over it, of unknown
 * length, and its loop holds products one inside or behind another. Undefined where there is none.
 */
export function sharedAxis(launch: Launch): Axis | undefined {
  const { def } = launch;
  const folds = nodesOf(def.results.map((r) => r.value)).filter((e): e is Fold => e.kind === 'fold');
  const results = def.results.filter((r) => !launch.kept.has(r.name));
  const candidates = [...new Set(folds.map((f) => f.loop.axis))].filter((a) => def.sizes[a]?.kind !== 'fixed' && !results.some((r) => r.order.includes(a)));
  return candidates.find((a) => {
    const loops = outermost(def, a);
    return loops.length > 0 && results.every((r) => nodesOf([r.value]).some((e) => e.kind === 'fold' && loops.includes(e.loop))) && loops.some(isLongWork);
  });
}

/** Whether products follow each other inside a loop, or it contains another loop that is one. */
function isLongWork(l: FoldLoop): boolean {
  const nodes = nodesOf(steps(l));
  return nodes.some((e) => (e.kind === 'dot' && nodesOf([e.lhs, e.rhs]).some((x) => x.kind === 'dot')) || (e.kind === 'fold' && nodesOf(steps(e.loop)).some((x) => x.kind === 'dot' && x.over === e.loop.axis)));
}

function freshAxis(wanted: string, def: KernelDef): Axis {
  const taken = new Set([...Object.keys(def.sizes), ...def.params.flatMap((p) => p.order)]);
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
  return name;
}
