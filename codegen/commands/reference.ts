import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';
import { evaluate } from '../graph/evaluate.js';
import { CommandError } from './failure.js';
import type { Lengths } from './shapes.js';

type Values = Readonly<Record<string, Float64Array>>;

/** Results of a kernel in float64, straight from its source's graph. Ragged kernels run once per part. */
export function runReference(def: KernelDef, inputs: Values, lengths: Lengths): Values {
  const [ragged] = Object.entries(def.sizes).flatMap(([, rule]) => (rule.kind === 'ragged' ? [rule.by] : []));
  if (ragged === undefined) return evaluate(def, inputs, lengths.sizes);
  for (const t of [...def.params, ...def.results]) {
    if (t.order.indexOf(ragged) > 0) throw new CommandError(`'${t.name}' [${t.order.join(', ')}]: --device reference needs '${ragged}' outermost`);
  }
  const parts = Array.from({ length: lengths.sizes[ragged] ?? 0 }, (_, c) => {
    const sizes = { ...lengths.sizes, [ragged]: 1, ...Object.fromEntries(Object.entries(lengths.offsets).map(([axis, o]) => [axis, (o[c + 1] ?? 0) - (o[c] ?? 0)])) };
    const slices = def.params.map((p) => [p.name, p.order[0] === ragged ? slice(inputs[p.name] ?? new Float64Array(), p.order, c, lengths) : inputs[p.name]] as const);
    return evaluate(def, Object.fromEntries(slices.map(([name, data]) => [name, data ?? new Float64Array()])), sizes);
  });
  return Object.fromEntries(def.results.map((r) => [r.name, joined(parts.map((p) => p[r.name] ?? new Float64Array()))]));
}

/** Part c of a tensor whose outermost axis is the one others depend on. */
function slice(data: Float64Array, order: readonly Axis[], c: number, lengths: Lengths): Float64Array {
  const offsets = lengths.offsets[order[1] ?? ''];
  const rest = order.slice(offsets === undefined ? 1 : 2).reduce((n, axis) => n * (lengths.sizes[axis] ?? 1), 1);
  return offsets === undefined ? data.slice(c * rest, (c + 1) * rest) : data.slice((offsets[c] ?? 0) * rest, (offsets[c + 1] ?? 0) * rest);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}
