/**
 * Whether two values of plain data are equal part by part, whether or not they share objects. In data whose parts are shared
 * by many, as in a graph, a pair of objects is compared once, not once per path.
 */
export function equalData(a: unknown, b: unknown): boolean {
  const proven = new Map<object, object>();
  const equal = (x: unknown, y: unknown): boolean => {
    if (Object.is(x, y)) return true;
    if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false;
    if (proven.get(x) === y) return true;
    const [p, q] = [partsOf(x), partsOf(y)];
    const same = p.length === q.length && p.every(([name, part], i) => name === q[i]?.[0] && equal(part, q[i]?.[1]));
    if (same) proven.set(x, y);
    return same;
  };
  return equal(a, b);
}

const partsOf = (value: object): readonly (readonly [unknown, unknown])[] => (value instanceof Map ? [...value] : Object.entries(value));
