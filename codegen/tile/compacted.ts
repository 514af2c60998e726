import { binary, mapScalar, scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Loop, Tile } from './ir.js';

/** Drops operands that the code no longer reads. */
export function compacted(fn: Scalar, args: readonly Tile[]): { readonly fn: Scalar; readonly args: readonly Tile[] } {
  const reads = (s: Scalar, i: number): boolean => (s.kind === 'arg' ? s.index === i : scalarChildren(s).some((c) => reads(c, i)));
  const kept = args.filter((_, i) => reads(fn, i));
  const go = (s: Scalar): Scalar => {
    const tile = s.kind === 'arg' ? args[s.index] : undefined;
    return s.kind === 'arg' && tile ? { ...s, index: kept.indexOf(tile) } : mapScalar(s, go);
  };
  return { fn: go(fn), args: kept };
}

/** Bounds with the operands they read. */
export function compactedBounds(from: Scalar, to: Scalar, args: readonly Tile[], own?: Scalar): Pick<Loop, 'from' | 'to' | 'own' | 'args'> {
  const both = compacted({ kind: 'binary', op: 'sub', a: from, b: own ? binary('sub', to, own) : to, span: from.span }, args);
  if (both.fn.kind !== 'binary') return { from, to, args };
  const { a, b } = both.fn;
  return own && b.kind === 'binary' ? { from: a, to: b.a, own: b.b, args: both.args } : { from: a, to: b, args: both.args };
}
