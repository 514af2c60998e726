import type { KernelDef, ParamDef } from '../../dsl/definition.js';
import type { Input, TensorExpr } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import { axisKinds } from './axes.js';
import { type Expected, stepsOf } from './columns.js';
import { foldsIn, type Output, outputsOf } from './cuts.js';
import type { Launch } from './launch.js';

/**
 * A kernel as launches in the order they run. One, unless something must be whole in memory before the rest can begin;
 * that goes to scratch, and a scratch that grows with the product of two sequences is refused (L101). What one launch's
 * loop makes and a later launch needs as well is kept or made again, whichever costs less where it is expected to run. `def` is free
 * of rename, split and merge.
 */
export function partition(def: KernelDef, expected: Expected): readonly Launch[] {
  const outputs = outputsOf(def, expected);
  const groups = grouped(inDependencyOrder(outputs), def);
  return groups.map((group, i) => launch(def, group, outputs, groups.length > 1 ? i : undefined));
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

