import type { KernelDef, ParamDef, ResultDef } from '../../dsl/definition.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import type { ArgRef, GridAxis } from '../../dsl/manifest.js';
import { binary, pos, size } from '../../dsl/scalar.js';
import { freeOf } from '../graph/free.js';
import { inlinedMaps } from '../graph/fusion.js';
import type { Launch } from '../graph/launch.js';
import type { Schedule } from '../schedule/schedule.js';
import { axesUsed, axisKinds, type AxisKind } from '../graph/axes.js';
import type { Param, Tile, TileKernel, TileStmt, TileTopK } from './ir.js';
import { loopOver } from './lowerFold.js';
import { tileOf } from './lowerNode.js';
import { tileOrders } from './order.js';
import { into, newScope, type Context, type Scope, type Stack } from './scopes.js';

/**
 * A launch as a tile program under a schedule: every value becomes a tile over its axes' windows, every fold a loop,
 * every result a store. No cleverness; the passes behind it only change how the same values are reached.
 */
export function lower(launch: Launch, schedule: Schedule, operands: Context['operands'] = 'asMultiplied'): TileKernel {
  const { def } = launch;
  const kinds = axisKinds(def);
  // Views stand behind the parameter they show, under its name: the first of a name is the parameter itself.
  const params = new Map([...def.params, ...def.results].reverse().map((p) => [p.name, paramOf(p, launch)]));
  const head = {
    name: launch.symbol, file: def.file, summary: launch.what === '' ? [] : [launch.what], params: [...params.values()].reverse(),
    args: argsOf(launch), sizes: def.sizes, grid: inOrder(gridOf(launch, kinds, schedule), def, operands), pipes: [], frame: undefined, schedule,
  };
  const topk = topkBody(launch, params);
  // A block writes a whole row of positions: their axis is not on the grid.
  if (topk) {
    const grid = head.grid.filter((g) => g.axis !== topk.as).map((g) => ({ ...g, block: 1 }));
    return { ...head, grid, schedule: { ...schedule, warps: schedule.warps * 8, block: Object.fromEntries(grid.map((g) => [g.axis, 1])) }, tiles: [], body: [topk] };
  }
  const tiles: Tile[] = [];
  const windows = windowsOf(launch, kinds, schedule);
  const context: Context = {
    launch, free: freeOf(), inlined: inlinedMaps(def.results.map(stored)), windows, orderOf: tileOrders(def, windows), operands, params, tiles, carries: new Map(),
  };
  const root = newScope(undefined);
  for (const group of byWalkedAxes(def.results, kinds)) writeResults(group, kinds, root, context);
  return { ...head, tiles, body: insideRaggedAxes(root.stmts, launch, kinds, schedule) };
}

/** What a store of a result takes: stores round, so a last rounding to the result's own dtype is not done twice. */
export const stored = (r: ResultDef): TensorExpr => (r.value.kind === 'cast' && r.dtype !== 'i32' && r.value.arg.dtype !== 'i32' ? r.value.arg : r.value);

function paramOf(p: ParamDef | ResultDef, launch: Launch): Param {
  return { name: p.name, dtype: p.dtype, order: p.order, at: {}, role: launch.scratch.has(p.name) ? 'scratch' : launch.results.has(p.name) ? 'result' : 'param' };
}

/** Parameters of the compiled function: params, results, scratch, offsets, sizes. */
function argsOf(launch: Launch): readonly ArgRef[] {
  const names = [...new Set([...launch.def.params, ...launch.def.results].map((p) => p.name))];
  const of = (kind: 'param' | 'result' | 'scratch'): readonly ArgRef[] =>
    names.filter((n) => kind === (launch.scratch.has(n) ? 'scratch' : launch.results.has(n) ? 'result' : 'param')).map((name) => ({ kind, name }));
  const axes = [...axesUsed(launch.def)];
  const rule = (a: Axis): string | undefined => launch.def.sizes[a]?.kind;
  return [
    ...of('param'), ...of('result'), ...of('scratch'),
    ...axes.filter((a) => rule(a) === 'ragged').map((axis) => ({ kind: 'offsets' as const, axis })),
    ...axes.filter((a) => rule(a) === 'dynamic' || rule(a) === 'ragged').map((axis) => ({ kind: 'size' as const, axis })),
  ];
}

function gridOf(launch: Launch, kinds: ReadonlyMap<Axis, AxisKind>, schedule: Schedule): readonly GridAxis[] {
  const axes = [...new Set(launch.def.results.flatMap((r) => r.order))].filter((a) => kinds.get(a) === 'grid');
  return axes.map((axis) => ({ axis, block: blockOf(axis, launch, schedule) }));
}

/**
 * Blocks that run at the same time should read neighbouring memory: on warps, the grid follows the largest tensor that has
 * all of its axes. Cores walk the grid in the order of the results.
 */
function inOrder(grid: readonly GridAxis[], def: KernelDef, operands: Context['operands']): readonly GridAxis[] {
  const whole = def.params.filter((p) => grid.every((g) => p.order.includes(g.axis))).sort((a, b) => b.order.length - a.order.length)[0];
  const longest = Math.max(...def.results.map((r) => r.order.length));
  if (operands === 'asMultiplied' || !whole || whole.order.length < longest) return grid;
  return [...grid].sort((a, b) => whole.order.indexOf(a.axis) - whole.order.indexOf(b.axis));
}

function blockOf(axis: Axis, launch: Launch, schedule: Schedule): number {
  const rule = launch.def.sizes[axis];
  const block = schedule.block[axis] ?? 1;
  return rule?.kind === 'fixed' ? Math.min(block, Math.max(1, rule.size)) : block;
}

function windowsOf(launch: Launch, kinds: ReadonlyMap<Axis, AxisKind>, schedule: Schedule): ReadonlyMap<Axis, number> {
  const windows = new Map<Axis, number>();
  for (const [axis, kind] of kinds) {
    const rule = launch.def.sizes[axis];
    const block = blockOf(axis, launch, schedule);
    if (kind === 'tile' && rule?.kind === 'fixed') windows.set(axis, rule.size);
    else if (kind === 'loop' || block > 1) windows.set(axis, block);
  }
  return windows;
}

/** Results that are written inside the same loops: those that walk the same axes. */
function byWalkedAxes(results: readonly ResultDef[], kinds: ReadonlyMap<Axis, AxisKind>): readonly (readonly ResultDef[])[] {
  const groups = new Map<string, ResultDef[]>();
  for (const r of results) {
    const key = walked(r, kinds).join();
    groups.set(key, [...(groups.get(key) ?? []), r]);
  }
  return [...groups.values()];
}

const walked = (r: ResultDef, kinds: ReadonlyMap<Axis, AxisKind>): readonly Axis[] => r.order.filter((a) => kinds.get(a) === 'loop');

/** Opens the loops that these results walk, writes and stores them, and closes the loops. */
function writeResults(results: readonly ResultDef[], kinds: ReadonlyMap<Axis, AxisKind>, root: Scope, ctx: Context): void {
  const [first] = results;
  if (!first) return;
  const loops = walked(first, kinds).map((axis) => newScope(axis));
  const stack = loops.reduce<Stack>(into, [root]);
  const inner = stack.at(-1) ?? root;
  const put = (r: ResultDef, src: Tile): void => { inner.stmts.push({ kind: 'store', dst: paramOf(r, ctx.launch), src, span: r.value.span }); };
  // Warps have the loads of all results under way before the first store waits for its own.
  if (ctx.operands === 'asStored') results.map((r) => [r, tileOf(stored(r), stack, ctx)] as const).forEach(([r, src]) => put(r, src));
  else for (const r of results) put(r, tileOf(stored(r), stack, ctx));
  for (const [i, loop] of [...loops.entries()].reverse()) {
    const outer = stack[i] ?? root;
    if (loop.axis !== undefined) outer.stmts.push(loopOver({ axis: loop.axis }, loop.stmts, first.value.span, ctx));
  }
}

/** A row of a ragged axis may be shorter than the grid's longest: its blocks beyond the end do nothing. */
function insideRaggedAxes(body: readonly TileStmt[], launch: Launch, kinds: ReadonlyMap<Axis, AxisKind>, schedule: Schedule): readonly TileStmt[] {
  return gridOf(launch, kinds, schedule).reduceRight<readonly TileStmt[]>((inner, { axis }) => {
    if (launch.def.sizes[axis]?.kind !== 'ragged') return inner;
    const span = launch.def.span;
    return [{ kind: 'when', cond: binary('lt', pos(axis, span), size(axis, span), span), args: [], body: inner, otherwise: [], span }];
  }, body);
}

/** Memory to memory: a launch whose only value is a topk of one of its parameters. */
function topkBody(launch: Launch, params: ReadonlyMap<string, Param>): TileTopK | undefined {
  const [result, more] = launch.def.results;
  if (!result || more || result.value.kind !== 'topk' || result.value.arg.kind !== 'input') return undefined;
  const { arg, axis, as, span } = result.value;
  const src = params.get(arg.name);
  return src && { kind: 'topk', dst: paramOf(result, launch), src: { ...src, order: arg.axes }, axis, as, span };
}
