import type { Scalar } from '../../dsl/scalar.js';

/** Text that two scalar expressions share exactly when they mean the same by structure; spans do not count, −0 is not 0. */
export function scalarKey(s: Scalar): string {
  switch (s.kind) {
    case 'lit': return Object.is(s.value, -0) ? '-0' : String(s.value);
    case 'arg': return `$${s.index}`;
    case 'pos': return `@${s.axis}`;
    case 'size': return `#${s.axis}`;
    case 'unary': return `${s.op}(${scalarKey(s.a)})`;
    case 'binary': return `${s.op}(${scalarKey(s.a)},${scalarKey(s.b)})`;
    case 'select': return `?(${scalarKey(s.cond)},${scalarKey(s.a)},${scalarKey(s.b)})`;
    default: return s satisfies never;
  }
}
