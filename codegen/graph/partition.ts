import type { KernelDef, ParamDef, ResultDef } from '../../dsl/definition.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, Fold, Input, TensorExpr } from '../../dsl/expr.js';
import { input } from '../../dsl/ops.js';
import { nodesOf, rebuilder } from '../../dsl/walk.js';
import { axisKinds } from './axes.js';
import { type Columns, columnsOf, stepsOf } from './columns.js';
import type { Machine } from './cost.js';
import { freeOf } from './free.js';
import type { Launch } from './launch.js';
import { inMemory } from './memoryOrder.js';

/**
 * A kernel as launches in the order they run. One, unless something must be whole in memory before the rest can begin;
 * that goes to scratch, and a scratch that grows with the product of two sequences is refused (L101). What one launch's
 * loop makes and a later launch needs as well is kept or made again, whichever costs less on the machine. `def` is free
 * of rename, split and merge.
 */
export function partition(def: KernelDef, on: Machine): readonly Launch[] {
  const outputs = columnsOf(def, on).reduce(apart(def), def.results.map((r): Output => ({ ...r, scratch: false, kept: false })));
  for (let cut = nextCut(outputs, def); cut; cut = nextCut(outputs, def)) {
    refuseInsideFold(cut, def);
    refuseQuadratic(cut, def);
    const stored = scratchOf(cut, inMemory(cut.axes, def), outputs, def);
    const replace = replacing(cut, stored);
    outputs.forEach((o, i) => { outputs[i] = { ...o, value: replace(o.value) }; });
    outputs.push(stored);
  }
  const groups = grouped(inDependencyOrder(outputs), def);
  return groups.map((group, i) => launch(def, group, outputs, groups.length > 1 ? i : undefined));
}

/** `kept`: stored by the loop that makes it. */
interface Output extends ResultDef { readonly scratch: boolean; readonly kept: boolean }

const scratchOf = (value: TensorExpr, order: readonly Axis[], outputs: readonly Output[], def: KernelDef, kept = false): Output =>
  ({ name: scratchName(value, [...def.params, ...outputs]), dtype: value.dtype, order, value, span: value.span, scratch: true, kept });

const replacing = (value: TensorExpr, by: Output): ((e: TensorExpr) => TensorExpr) => {
  const memory = input(by.name, by.dtype, by.order, by.span);
  return rebuilder((e) => (e === value ? memory : e));
};

/** Sums per key over few rows apart from the walk that finishes the rows' references: they read those from memory, and what the walk made where it is kept. */
const apart = (def: KernelDef) => (outputs: readonly Output[], { result, rows, keys, loop, shared, plan }: Columns): Output[] => {
  const sums = outputs.find((o) => o.name === result);
  if (!sums || shared.length === 0 || !sums.order.includes(keys) || rows.some((a) => def.sizes[a]?.kind !== 'fixed')) return [...outputs];
  const references = nodesOf([sums.value]).filter((e) => e.kind === 'fold' && e.loop === loop);
  const values = [...references, ...(plan === 'R' ? [] : shared)];
  return values.reduce<Output[]>((all, value) => {
    const isKept = value.kind !== 'fold';
    const stored = scratchOf(value, isKept ? keysLast(value.axes, keys, def) : inMemory(value.axes, def), all, def, isKept);
    const replace = replacing(value, stored);
    return [...all.map((o) => (o.name === result ? { ...o, value: replace(o.value) } : o)), stored];
  }, [...outputs]);
};

/** Neighbours along the keys side by side, whatever parameters look like: both launches have many of them in a block. */
function keysLast(axes: readonly Axis[], keys: Axis, def: KernelDef): readonly Axis[] {
  const rule = def.sizes[keys];
  const last = rule?.kind === 'ragged' ? [rule.by, keys] : [keys];
  return [...inMemory(axes.filter((a) => !last.includes(a)), def), ...last];
}

/** A value that must stand in memory before the output that reads it can be computed; undefined when there is none left. */
function nextCut(outputs: readonly Output[], def: KernelDef): TensorExpr | undefined {
  for (const o of outputs) {
    const nodes = nodesOf([o.value]);
    const cut = nodes.map((e) => memoryOperand(e, o.value, def)).find((e) => e !== undefined) ?? statistics(o, nodes, def);
    if (cut) return cut;
  }
  return undefined;
}

/** What `e` can only read from memory: the rows a topk sorts, the topk itself, a computed tensor gathered along an axis of unknown length. */
function memoryOperand(e: TensorExpr, root: TensorExpr, def: KernelDef): TensorExpr | undefined {
  if (e.kind === 'topk') return e.arg.kind !== 'input' ? e.arg : e !== root ? e : undefined;
  if (e.kind === 'gather' && e.from.kind !== 'input') {
    const whole = def.sizes[e.axis]?.kind === 'fixed' && e.from.axes.includes(e.axis) && !walkedIn(e.from).has(e.axis);
    return whole ? undefined : e.from;
  }
  return undefined;
}

const foldsIn = (nodes: readonly TensorExpr[]): readonly Fold[] => nodes.filter((e): e is Fold => e.kind === 'fold');
const walkedIn = (e: TensorExpr): ReadonlySet<Axis> => new Set(foldsIn(nodesOf([e])).map((f) => f.loop.axis));

/**
 * A fold that every block of some result axis would repeat, when repeating it would dominate (it has a product inside,
 * or nothing else in the launch walks an axis for every result element) and it is small enough to keep. Also all folds
 * but those over the last walked axis of a result, since one block walks one of its axes; and folds that would walk an
 * axis again inside its own walk.
 */
function statistics(o: Output, nodes: readonly TensorExpr[], def: KernelDef): TensorExpr | undefined {
  const free = freeOf();
  const folds = foldsIn(nodes);
  const walked = o.order.filter((a) => folds.some((f) => f.loop.axis === a));
  const kept = walked.at(-1);
  const isSingle = (a: Axis): boolean => def.sizes[a]?.kind === 'fixed' && def.sizes[a].size === 1;
  const grid = o.order.filter((a) => a !== kept && !isSingle(a));
  const outermost = folds.filter((f) => f !== o.value && ![...free.expr(f)].some((n) => n.startsWith('carry ')));
  const missing = (f: Fold): boolean => grid.some((a) => !free.expr(f).has(`axis ${a}`));
  const others = outermost.some((f) => !missing(f));
  return outermost.find((f) => {
    if (grid.includes(f.loop.axis) || reopens(f, o, folds)) return true;
    if (!missing(f)) return false;
    return (hasProduct(f) || !others) && quadraticIn(f, def) === undefined;
  });
}

/** Whether `f` must run inside another loop, itself inside a walk over the axis of `f`: per-row statistics inside sums over rows. */
function reopens(f: Fold, o: Output, folds: readonly Fold[]): boolean {
  const free = freeOf().expr(f);
  const around = folds.filter((g) => g.loop !== f.loop && stepsOf(g.loop).includes(f));
  const walkedAround = o.order.includes(f.loop.axis) || around.some((g) => g.loop.axis === f.loop.axis);
  return walkedAround && around.some((g) => g.loop.axis !== f.loop.axis && free.has(`axis ${g.loop.axis}`));
}

const hasProduct = (f: Fold): boolean => nodesOf([f]).some((e) => e.kind === 'dot');

/** Two axes of a value that each head some parameter's memory and never meet in one: their product is that of two sequences. */
function quadraticIn(e: TensorExpr, def: KernelDef): readonly [Axis, Axis] | undefined {
  const memory = [...def.params, ...def.results];
  const long = e.axes.filter((a) => def.sizes[a]?.kind === 'ragged' || (def.sizes[a]?.kind === 'dynamic' && memory.some((p) => p.order[0] === a)));
  for (const a of long) {
    const b = long.find((x) => x !== a && !memory.some((p) => p.order.includes(a) && p.order.includes(x)));
    if (b !== undefined) return [a, b];
  }
  return undefined;
}

function refuseQuadratic(e: TensorExpr, def: KernelDef): void {
  const pair = quadraticIn(e, def);
  if (!pair) return;
  const name = e.span.binding ?? e.span.text;
  throw new CompileError('L101', `\`${name}\` [${e.axes.join(', ')}] would have to stand in memory whole, '${pair[0]}' times '${pair[1]}' large; return what is reduced from it and take that as an input of a second kernel`, e.span, notes(e, def));
}

/** A result that has an axis which is also contracted inside would walk it twice; as a short fixed axis it stands in one tile. */
function notes(e: TensorExpr, def: KernelDef): readonly string[] {
  const axis = e.kind === 'fold' && def.results.some((r) => r.order.includes(e.loop.axis)) ? e.loop.axis : undefined;
  return axis === undefined ? [] : [`'${axis}' is an axis of the result and is contracted on the way to it; with a fixed size of at most 256 for '${axis}' nothing need stand in memory`];
}

/** Refuses scratch for a value that exists only while a fold runs. */
function refuseInsideFold(e: TensorExpr, def: KernelDef): void {
  const partial = [...freeOf().expr(e)].some((n) => n.startsWith('carry ') || !e.axes.some((a) => n === `axis ${a}`) && def.sizes[n.slice('axis '.length)]?.kind !== 'fixed');
  if (!partial) return;
  const name = e.span.binding ?? e.span.text;
  throw new CompileError('L105', `\`${name}\` [${e.axes.join(', ')}] is needed whole while it is still being reduced; return it from one kernel and take it as an input of the next`, e.span);
}

function scratchName(e: TensorExpr, taken: readonly { readonly name: string }[]): string {
  const base = (e.span.binding ?? e.kind).replace(/\W/g, '_');
  const names = new Set(taken.map((t) => t.name));
  for (let i = 0; ; i++) {
    const name = i === 0 ? `${base}Memory` : `${base}Memory${i + 1}`;
    if (!names.has(name)) return name;
  }
}

/** Outputs such that each stands behind the scratch it reads. */
function inDependencyOrder(outputs: readonly Output[]): readonly Output[] {
  const done: Output[] = [];
  const visit = (o: Output): void => {
    if (done.includes(o)) return;
    outputs.filter((p) => p.scratch && p !== o && readsMemory(o, p.name)).forEach(visit);
    done.push(o);
  };
  outputs.forEach(visit);
  return done;
}

const inputsOf = (o: Output): readonly Input[] => nodesOf([o.value]).filter((e): e is Input => e.kind === 'input');
const readsMemory = (o: Output, name: string): boolean => inputsOf(o).some((i) => i.name === name);

/** Neighbours that run on one grid and do not read each other are one launch. */
function grouped(outputs: readonly Output[], def: KernelDef): readonly (readonly Output[])[] {
  const groups: Output[][] = [];
  for (const o of outputs) {
    const fitting = groups.findIndex((g, i) => {
      const [first] = g;
      const later = groups.slice(i).flat();
      return first !== undefined && (!o.kept || g.some((p) => makes(p, o.value))) && sameGrid([...g, o], def) && !later.some((p) => p.scratch && readsMemory(o, p.name));
    });
    if (fitting >= 0) groups[fitting]?.push(o);
    else groups.push([o]);
  }
  return groups;
}

/** Whether a loop of an output makes `value` on its way. */
const makes = (o: Output, value: TensorExpr): boolean => foldsIn(nodesOf([o.value])).some((f) => stepsOf(f.loop).includes(value));

/** Whether one grid serves all outputs, and none is walked by one block where it could be spread over the grid alone. */
function sameGrid(outputs: readonly Output[], def: KernelDef): boolean {
  if (outputs.some((o) => o.value.kind === 'topk')) return false;
  const together = axisKinds({ ...def, results: outputs });
  const gridAxes = (o: Output): string => o.order.filter((a) => together.get(a) === 'grid').sort().join();
  const walkedAlike = (o: Output): boolean => {
    if (o.kept) return true;
    const alone = axisKinds({ ...def, results: [o] });
    return o.order.every((a) => (together.get(a) === 'loop') === (alone.get(a) === 'loop'));
  };
  return new Set(outputs.map(gridAxes)).size === 1 && outputs.every(walkedAlike);
}

function launch(def: KernelDef, group: readonly Output[], all: readonly Output[], step: number | undefined): Launch {
  const scratch = new Set(all.filter((o) => o.scratch).map((o) => o.name));
  const memory: readonly ParamDef[] = [...def.params, ...all.filter((o) => o.scratch)].map(({ name, dtype, order, span }) => ({ name, dtype, order, span }));
  const inputs = group.flatMap(inputsOf);
  const read = new Set(inputs.map((i) => i.name));
  // A view needs the parameter it shows in front of it, so all orders of a name come along.
  const params = memory.filter((p) => read.has(p.name));
  const results = group.map(({ name, dtype, order, value, span }) => ({ name, dtype, order, value, span }));
  const symbol = [def.name, def.variant, ...(step === undefined ? [] : [`step${step + 1}`])].filter((s) => s !== '').join('_');
  const what = group.some((o) => o.scratch) || step !== undefined ? `step ${(step ?? 0) + 1}: ${results.map((r) => r.name).join(', ')}` : '';
  return { symbol, what, def: { ...def, params, results }, scratch, results: new Set(all.filter((o) => !o.scratch).map((o) => o.name)), kept: new Set(group.filter((o) => o.kept && group.some((p) => makes(p, o.value))).map((o) => o.name)) };
}

