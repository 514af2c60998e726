import { scalarChildren, type Scalar } from '../../dsl/scalar.js';

/** A scalar tree seen as a graph: equal parts are one node. Linear in distinct nodes however often the tree shares them. */
export interface Shared {
  /** Equal expressions have equal ids, wherever they come from. */
  readonly id: (s: Scalar) => number;
  /** Whether an operation (not a leaf) is an operand in more than one place. */
  readonly repeated: (id: number) => boolean;
  /** What `isIntegral` of the scalar language says. */
  readonly isInteger: (s: Scalar) => boolean;
}

export function shared(root: Scalar, argIsInteger: (index: number) => boolean): Shared {
  const idOf = new Map<Scalar, number>();
  const idOfKey = new Map<string, number>();
  const integer = new Map<number, boolean>();
  const uses = new Map<number, number>();
  const id = (s: Scalar): number => {
    const known = idOf.get(s);
    if (known !== undefined) return known;
    const children = scalarChildren(s);
    const key = `${head(s)}(${children.map(id).join(',')})`;
    const made = idOfKey.get(key) ?? idOfKey.size;
    idOf.set(s, made);
    if (idOfKey.has(key)) return made;
    idOfKey.set(key, made);
    for (const c of children) uses.set(id(c), (uses.get(id(c)) ?? 0) + (scalarChildren(c).length > 0 ? 1 : 0));
    integer.set(made, integral(s, argIsInteger, isInteger));
    return made;
  };
  const isInteger = (s: Scalar): boolean => integer.get(id(s)) ?? false;
  id(root);
  return { id, repeated: (n) => (uses.get(n) ?? 0) > 1, isInteger };
}

/** What distinguishes a node from others with the same operands. */
function head(s: Scalar): string {
  switch (s.kind) {
    case 'lit': return `lit ${Object.is(s.value, -0) ? '-0' : s.value}`;
    case 'arg': return `arg ${s.index}`;
    case 'pos': case 'size': return `${s.kind} ${s.axis}`;
    case 'unary': case 'binary': return s.op;
    case 'select': return 'select';
    default: return s satisfies never;
  }
}

/** `isIntegral` of one node whose operands are known. */
function integral(s: Scalar, argIsInteger: (index: number) => boolean, known: (s: Scalar) => boolean): boolean {
  switch (s.kind) {
    case 'lit': return Number.isInteger(s.value) && Math.abs(s.value) < 2 ** 31 && !Object.is(s.value, -0);
    case 'arg': return argIsInteger(s.index);
    case 'pos': case 'size': return true;
    case 'unary':
      if (s.op === 'floor' && s.a.kind === 'binary' && s.a.op === 'div') return known(s.a.a) && known(s.a.b);
      return (s.op === 'neg' || s.op === 'not' || s.op === 'abs') && known(s.a);
    case 'binary': return s.op !== 'div' && s.op !== 'pow' && known(s.a) && known(s.b);
    case 'select': return known(s.a) && known(s.b);
    default: return s satisfies never;
  }
}
