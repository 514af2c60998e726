import type { KernelDef, ResultDef } from '../../dsl/definition.js';
import { CompileError } from '../../dsl/diagnostic.js';
import type { Axis, Fold, TensorExpr } from '../../dsl/expr.js';
import { input } from '../../dsl/ops.js';
import { nodesOf, reads, rebuilder } from '../../dsl/walk.js';
import { type Columns, columnsOf, type Expected, stepsOf } from './columns.js';
import { freeOf } from './free.js';
import { inMemory } from './memoryOrder.js';

/** What some launch writes: a result of the kernel, or scratch. `kept`: stored by the loop that makes it. */
export interface Output extends ResultDef { readonly scratch: boolean; readonly kept: boolean }

/** The results of a kernel and all that has to stand in memory on the way to them. Throws L101 and L105. */
export function outputsOf(def: KernelDef, expected: Expected): readonly Output[] {
  const whole = standing(def);
  return cutWhile((all) => first(all.map((o) => statistics(o, def))), (e, all) => walkedLast(e, all, def), columnsOf({ ...def, results: whole }, expected).reduce(apart(def), whole), def);
}

/** The sums per key over rows of a kernel, in its results and in what has to stand in memory for them, each with its plan. */
export const columnPlans = (def: KernelDef, expected: Expected): readonly Columns[] => columnsOf({ ...def, results: standing(def) }, expected);

/** Results, and what they can only read from memory. */
function standing(def: KernelDef): readonly Output[] {
  const operand = (o: Output): TensorExpr | undefined => first(nodesOf([o.value]).map((e) => memoryOperand(e, o.value, def)));
  return cutWhile((all) => first(all.map(operand)), (e) => inMemory(e.axes, def), def.results.map((r): Output => ({ ...r, scratch: false, kept: false })), def);
}

const first = <T>(found: readonly (T | undefined)[]): T | undefined => found.find((x) => x !== undefined);

/** Every cut that `next` finds becomes an output of its own, read from memory by all others, where its axes stand in `order`. */
function cutWhile(next: (outputs: readonly Output[]) => TensorExpr | undefined, order: (cut: TensorExpr, outputs: readonly Output[]) => readonly Axis[], from: readonly Output[], def: KernelDef): readonly Output[] {
  let outputs = from;
  for (let cut = next(outputs); cut; cut = next(outputs)) {
    refuseInsideFold(cut, def);
    refuseQuadratic(cut, def);
    const stored = scratchOf(cut, order(cut, outputs), outputs, def);
    const replace = replacing(cut, stored);
    outputs = [...outputs.map((o) => ({ ...o, value: replace(o.value) })), stored];
  }
  return outputs;
}

const scratchOf = (value: TensorExpr, order: readonly Axis[], outputs: readonly Output[], def: KernelDef, kept = false): Output =>
  ({ name: scratchName(value, [...def.params, ...outputs]), dtype: value.dtype, order, value, span: value.span, scratch: true, kept });

const replacing = (value: TensorExpr, by: Output): ((e: TensorExpr) => TensorExpr) => {
  const memory = input(by.name, by.dtype, by.order, by.span);
  return rebuilder((e) => (e === value ? memory : e));
};

/** Sums per key over few rows apart from the walk that finishes the rows' references: they read those from memory, and what the walk made where it is kept. */
const apart = (def: KernelDef) => (outputs: readonly Output[], { result, keys, loop, shared, plan, costs }: Columns): readonly Output[] => {
  const sums = outputs.find((o) => o.name === result);
  if (!sums || !costs) return outputs;
  const references = [...new Set(foldsIn(nodesOf([sums.value])).filter((e) => e.loop === loop).map((f) => finished(f, sums)))];
  const values = [...references, ...(plan === 'R' ? [] : shared)];
  return values.reduce<readonly Output[]>((all, value) => {
    const isKept = !references.includes(value);
    // Another result's sums may have asked for it before.
    const known = all.find((o) => o.scratch && o.value === value);
    const stored = known ?? scratchOf(value, isKept ? lastInMemory(value.axes, keys, def) : inMemory(value.axes, def), all, def, isKept);
    const replace = replacing(value, stored);
    return [...all.map((o) => (o.name === result ? { ...o, value: replace(o.value) } : o)), ...(known ? [] : [stored])];
  }, outputs);
};

/** Neighbours along one axis side by side, whatever parameters look like: launches have many of them in a block. */
function lastInMemory(axes: readonly Axis[], keys: Axis, def: KernelDef): readonly Axis[] {
  const rule = def.sizes[keys];
  const last = rule?.kind === 'ragged' ? [rule.by, keys] : [keys];
  return [...inMemory(axes.filter((a) => !last.includes(a)), def), ...last];
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

export const foldsIn = (nodes: readonly TensorExpr[]): readonly Fold[] => nodes.filter((e): e is Fold => e.kind === 'fold');
const walkedIn = (e: TensorExpr): ReadonlySet<Axis> => new Set(foldsIn(nodesOf([e])).map((f) => f.loop.axis));

/**
 * A fold that every block of some result axis would repeat, when repeating it would dominate (it has a product inside,
 * or nothing else in the launch walks an axis for every result element) and it is small enough to keep. Also all folds
 * but those over the last walked axis of a result, since one block walks one of its axes; and folds that would walk an
 * axis again inside its own walk.
 */
function statistics(o: Output, def: KernelDef): TensorExpr | undefined {
  const free = freeOf();
  const folds = foldsIn(nodesOf([o.value]));
  const walked = o.order.filter((a) => folds.some((f) => f.loop.axis === a));
  const kept = walked.at(-1);
  const isSingle = (a: Axis): boolean => def.sizes[a]?.kind === 'fixed' && def.sizes[a].size === 1;
  const grid = o.order.filter((a) => a !== kept && !isSingle(a));
  const outermost = folds.filter((f) => f !== o.value && ![...free.expr(f)].some((n) => n.startsWith('carry ')));
  const missing = (f: Fold): boolean => grid.some((a) => !free.expr(f).has(`axis ${a}`));
  const others = outermost.some((f) => !missing(f));
  const cut = outermost.find((f) => {
    if (grid.includes(f.loop.axis) || reopens(f, o, folds)) return true;
    if (!missing(f)) return false;
    return (hasProduct(f) || !others) && quadraticIn(f, def) === undefined;
  });
  return cut && finished(cut, o);
}

/** What an output makes of a fold before anything varies along further axes: several numbers of a row may come together in one. */
function finished(e: TensorExpr, o: Output): TensorExpr {
  const [reader, more] = nodesOf([o.value]).filter((x) => reads(x).includes(e));
  const isRowwise = reader?.kind === 'map' && reader !== o.value && reader.axes.length === e.axes.length && foldsIn(reads(reader)).length > 1;
  return isRowwise && more === undefined && ![...freeOf().expr(reader)].some((n) => n.startsWith('carry ')) ? finished(reader, o) : e;
}

/** Neighbours along the axis that readers walk side by side: a window of them is a few lines of memory. */
function walkedLast(e: TensorExpr, outputs: readonly Output[], def: KernelDef): readonly Axis[] {
  const walks = foldsIn(nodesOf(outputs.map((o) => o.value))).map((f) => f.loop).find((l) => e.axes.includes(l.axis) && nodesOf(stepsOf(l)).includes(e));
  return walks ? lastInMemory(e.axes, walks.axis, def) : inMemory(e.axes, def);
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

