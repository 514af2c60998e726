import type { Scalar } from '../../dsl/scalar.js';
import { scalarKey } from './keys.js';

/** What the variables of a pattern stand for, by index. */
export type Binding = ReadonlyMap<number, Scalar>;

/**
 * Matches `s` against `pattern`, whose `arg i` are variables: each stands for any expression, the same index for equal
 * ones. Everything else must be the same op or the same literal, −0 and 0 told apart. `undefined`: it does not match.
 */
export function match(pattern: Scalar, s: Scalar): Binding | undefined {
  const found = new Map<number, Scalar>();
  return matchInto(pattern, s, found) ? found : undefined;
}

function matchInto(pattern: Scalar, s: Scalar, found: Map<number, Scalar>): boolean {
  if (pattern.kind === 'arg') {
    const before = found.get(pattern.index);
    if (before) return scalarKey(before) === scalarKey(s);
    found.set(pattern.index, s);
    return true;
  }
  switch (pattern.kind) {
    case 'lit': return s.kind === 'lit' && Object.is(s.value, pattern.value);
    case 'pos': case 'size': return s.kind === pattern.kind && s.axis === pattern.axis;
    case 'unary': return s.kind === 'unary' && s.op === pattern.op && matchInto(pattern.a, s.a, found);
    case 'binary': return s.kind === 'binary' && s.op === pattern.op && matchInto(pattern.a, s.a, found) && matchInto(pattern.b, s.b, found);
    case 'select': return s.kind === 'select' && matchInto(pattern.cond, s.cond, found) && matchInto(pattern.a, s.a, found) && matchInto(pattern.b, s.b, found);
    default: return pattern satisfies never;
  }
}

/** `pattern` with its variables replaced; nodes made from the pattern take `s`'s span. */
export function instantiate(pattern: Scalar, binding: Binding, s: Scalar): Scalar {
  const { span } = s;
  const go = (p: Scalar): Scalar => instantiate(p, binding, s);
  switch (pattern.kind) {
    case 'arg': {
      const value = binding.get(pattern.index);
      if (!value) throw new Error(`law: variable ${pattern.index} stands on the right side only`);
      return value;
    }
    case 'lit': case 'pos': case 'size': return { ...pattern, span };
    case 'unary': return { ...pattern, a: go(pattern.a), span };
    case 'binary': return { ...pattern, a: go(pattern.a), b: go(pattern.b), span };
    case 'select': return { ...pattern, cond: go(pattern.cond), a: go(pattern.a), b: go(pattern.b), span };
    default: return pattern satisfies never;
  }
}
