import type { KernelDef } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, MapExpr, TensorExpr } from '../../dsl/expr.js';
import { evalScalar, type Scalar, scalarChildren } from '../../dsl/scalar.js';
import { nodesOf } from '../../dsl/walk.js';
import { flopsOf } from './cost.js';

/**
 * What a kernel has to do at some lengths, whatever its schedule. `halves`: operations of products of 16-bit numbers; `products`:
 * of other products; `elements`: of element-wise code and reductions, a heavy function counting as ten; `bytes`: parameters read
 * and results written once. Positions that a mask makes −∞ whatever the data is are not worked on.
 */
export interface Counts { readonly halves: number; readonly products: number; readonly elements: number; readonly bytes: number }

/** Counts the work of a kernel as its graph says it. `scalars`: values of scalar parameters, which masks may depend on. */
export function countsOf(def: KernelDef, lengths: Readonly<Record<Axis, number>>, scalars: Readonly<Record<string, number>>): Counts {
  const nodes = nodesOf(def.results.map((r) => r.value));
  const length = (axis: Axis): number => lengths[axis] ?? 1;
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * length(a), 1);
  const masks = nodes.flatMap((e) => (e.kind === 'map' ? maskOf(e, lengths, scalars) : []));
  const visible = (axes: readonly Axis[]): number => Math.min(1, ...masks.filter((m) => m.axes.every((a) => axes.includes(a))).map((m) => m.share));
  const work = (e: TensorExpr): number => flopsOf(e, product) * visible(e.kind === 'dot' ? [...e.axes, e.over] : e.kind === 'reduce' ? e.arg.axes : e.axes);
  const total = (of: (e: TensorExpr) => boolean): number => nodes.filter(of).reduce((n, e) => n + work(e), 0);
  const isHalves = (e: TensorExpr): boolean => e.kind === 'dot' && [e.lhs, e.rhs].every((x) => dtypeBytes[x.dtype] === 2);
  // Of what is only gathered from, no more is read than is asked for.
  const read = (name: string, elements: number): number => {
    const readers = nodes.filter((e) => e.kind !== 'gather' && readsDirectly(e, name));
    const asked = nodes.reduce((n, e) => n + (e.kind === 'gather' && e.from.kind === 'input' && e.from.name === name ? product(e.axes) : 0), 0);
    return readers.length === 0 && asked > 0 ? Math.min(elements, asked) : elements;
  };
  const bytes = def.params.reduce((n, p) => n + dtypeBytes[p.dtype] * read(p.name, product(p.order)), 0) + def.results.reduce((n, r) => n + dtypeBytes[r.dtype] * product(r.order), 0);
  return { halves: total(isHalves), products: total((e) => e.kind === 'dot' && !isHalves(e)), elements: total((e) => e.kind !== 'dot'), bytes };
}

function readsDirectly(e: TensorExpr, name: string): boolean {
  const is = (x: TensorExpr): boolean => x.kind === 'input' && x.name === name;
  switch (e.kind) {
    case 'map': return e.args.some(is);
    case 'reduce': case 'topk': case 'reaxis': case 'cast': return is(e.arg);
    case 'dot': return is(e.lhs) || is(e.rhs);
    case 'gather': return is(e.index);
    case 'input': case 'carry': case 'fold': return false;
    default: return e satisfies never;
  }
}

interface Mask { readonly axes: readonly Axis[]; readonly share: number }

const mostSamples = 4096;

/** The positions that an element-wise function looks at before it gives −∞, and the share of them where it does not. None where it never does, or data decides. */
function maskOf({ fn, args }: MapExpr, lengths: Readonly<Record<Axis, number>>, scalars: Readonly<Record<string, number>>): readonly Mask[] {
  const known = args.map((a) => (a.kind === 'input' ? scalars[a.name] : undefined));
  const axes = [...new Set(hidden(fn).flatMap(positions))];
  if (axes.length === 0) return [];
  let seen = 0;
  for (let i = 0; i < mostSamples; i++) {
    // Weyl's sequence: evenly spread along every axis, the same every time.
    const pos = Object.fromEntries(axes.map((a, j) => [a, Math.floor((((i + 1) * steps[j % steps.length]!) % 1) * (lengths[a] ?? 1))]));
    if (!isHidden(fn, (s) => constant(s, known) ? evalScalar(s, { args: known.map((x) => x ?? Number.NaN), pos, size: lengths }) : undefined)) seen++;
  }
  return [{ axes, share: seen / mostSamples }];
}

/** Fractional parts of square roots: no two of them are commensurable. */
const steps = [Math.SQRT2 - 1, Math.sqrt(3) - 1, Math.sqrt(5) - 2, Math.sqrt(7) - 2];

/** The conditions on the way to −∞. */
function hidden(s: Scalar): readonly Scalar[] {
  if (s.kind !== 'select') return scalarChildren(s).flatMap(hidden);
  return [...(isMinusInfinity(s.a) || isMinusInfinity(s.b) ? [s.cond] : []), ...hidden(s.a), ...hidden(s.b)];
}

const isMinusInfinity = (s: Scalar): boolean => (s.kind === 'lit' && s.value === Number.NEGATIVE_INFINITY) || (s.kind === 'unary' && s.op === 'neg' && s.a.kind === 'lit' && s.a.value === Number.POSITIVE_INFINITY);

/** Whether the function itself is −∞, where its conditions are known. */
function isHidden(s: Scalar, value: (cond: Scalar) => number | undefined): boolean {
  if (isMinusInfinity(s)) return true;
  if (s.kind !== 'select') return false;
  const cond = value(s.cond);
  return cond === undefined ? isHidden(s.a, value) && isHidden(s.b, value) : isHidden(cond !== 0 ? s.a : s.b, value);
}

const positions = (s: Scalar): readonly Axis[] => (s.kind === 'pos' ? [s.axis] : scalarChildren(s).flatMap(positions));
const constant = (s: Scalar, known: readonly (number | undefined)[]): boolean => (s.kind === 'arg' ? known[s.index] !== undefined : scalarChildren(s).every((c) => constant(c, known)));
