import type { KernelDef } from '../../dsl/definition.js';
import type { Diagnostic } from '../../dsl/diagnostic.js';
import type { Axis, MapExpr, TensorExpr } from '../../dsl/expr.js';
import { type Scalar, scalarChildren } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf } from '../../dsl/walk.js';
import { dedupe } from '../graph/dedupe.js';
import { loopsOf } from '../graph/loops.js';
import { cancellations } from './cancellations.js';
import { scaleFree } from './reference.js';

/**
 * What is numerically unsafe as an author wrote it: W001 where the derivation made it safe, W002 and W003 where it stays so.
 * `streamed` is what {@link stream} made of `source`. A warning is never about data that is safe by its form alone.
 */
export function warnings(source: KernelDef, streamed: KernelDef): readonly Diagnostic[] {
  const nodes = nodesOf(dedupe(source).results.map((r) => r.value));
  const safe = madeSafe(nodes, streamed);
  return [...safe, ...cancellations(nodes), ...overflows(nodes).filter((w) => !safe.some((s) => isAt(s.span, w.span)))];
}

/** Exponentials that got a running maximum which the author did not subtract. */
function madeSafe(nodes: readonly TensorExpr[], streamed: KernelDef): readonly Diagnostic[] {
  const introduced = loopsOf(streamed).flatMap(({ axis, certificate: c }) =>
    c.references.filter((r) => r.rule === 'max' && r.origin === 'introduced' && r.start > -Infinity).map((r) => ({ axis, atom: c.atoms[r.atom] })));
  return introduced.flatMap(({ axis, atom }) => {
    const [found] = exponentials(nodes, axis).filter((e) => atom !== undefined && e.places.some((p) => isAt(p, atom)));
    return found ? [{
      code: 'W001', span: found.scalar.span,
      message: `${found.scalar.span.text} is summed over '${axis}' with no maximum subtracted, which overflows for large exponents; a running maximum is subtracted for you, with equal results wherever this form is finite`,
      notes: [`to say so yourself, subtract max(…, '${axis}') inside the exponential; the kernel stays the same`],
    } as const] : [];
  });
}

/** Normalised exponentials whose exponents read no maximum. */
function overflows(nodes: readonly TensorExpr[]): readonly Diagnostic[] {
  const divisors = new Set(nodes.flatMap((e) => (e.kind === 'map' ? scaleFree(e.fn).flatMap((i) => e.args[i] ?? []) : [])));
  const sums = [...divisors].flatMap((e) => (e.kind === 'reduce' && e.op === 'sum' ? [e] : []));
  return sums.flatMap((sum) => {
    const [found] = exponentials([underCasts(sum.arg)], sum.axis);
    return found ? [{
      code: 'W003', span: found.scalar.span,
      message: `${found.scalar.span.text} is normalised by its sum over '${sum.axis}' with no maximum subtracted: it overflows for large exponents, and where all are very small it divides 0 by 0`,
      notes: [`subtract max(…, '${sum.axis}') inside the exponential; quotients stay the same, and a logarithm of the sum lacks just that maximum`],
    } as const] : [];
  });
}

/** An exponential in a map, and where everything that its exponent is computed from stands. */
interface Exponential { readonly scalar: Scalar; readonly places: readonly Span[] }

/** Exponentials that vary along an axis with exponents that read no reduction over it: no maximum can have been subtracted. */
function exponentials(nodes: readonly TensorExpr[], axis: Axis): readonly Exponential[] {
  return nodes.flatMap((e) => (e.kind === 'map' ? exponents(e.fn).flatMap(([scalar, exponent]): readonly Exponential[] => {
    const from = nodesOf(operandsOf(exponent, e));
    const varies = operandsOf(exponent, e).some((a) => a.axes.includes(axis));
    const isReferred = from.some((n) => (n.kind === 'reduce' && n.axis === axis) || (n.kind === 'dot' && n.over === axis));
    return varies && !isReferred ? [{ scalar, places: [exponent.span, ...from.map((n) => n.span)] }] : [];
  }) : []));
}

function exponents(s: Scalar): readonly (readonly [whole: Scalar, exponent: Scalar])[] {
  const own = s.kind === 'unary' && (s.op === 'exp' || s.op === 'exp2') ? s.a : s.kind === 'binary' && s.op === 'pow' && s.a.kind === 'lit' ? s.b : undefined;
  return [...(own ? [[s, own] as const] : []), ...scalarChildren(s).flatMap(exponents)];
}

const argsOf = (s: Scalar): readonly number[] => (s.kind === 'arg' ? [s.index] : scalarChildren(s).flatMap(argsOf));
const operandsOf = (s: Scalar, e: MapExpr): readonly TensorExpr[] => argsOf(s).flatMap((i) => e.args[i] ?? []);
const underCasts = (e: TensorExpr): TensorExpr => (e.kind === 'cast' ? underCasts(e.arg) : e);
const isAt = (a: Span, b: Span): boolean => a.file === b.file && a.line === b.line && a.column === b.column;
