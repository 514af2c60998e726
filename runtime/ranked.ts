/**
 * Indices of the numbers from the largest down, ties to the lower index; NaN counts as −∞. The first ones come cheap: a heap
 * is built in one pass, and each index taken costs a walk down.
 */
export function* descending(numbers: ArrayLike<number>): Generator<number> {
  const heap = Uint32Array.from({ length: numbers.length }, (_, i) => i);
  let size = heap.length;
  const value = (i: number): number => {
    const x = numbers[i] ?? -Infinity;
    return Number.isNaN(x) ? -Infinity : x;
  };
  const before = (a: number, b: number): boolean => value(a) > value(b) || (value(a) === value(b) && a < b);
  const sink = (from: number): void => {
    const item = heap[from] ?? 0;
    let at = from;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      const right = heap[child + 1] ?? 0;
      const first = child + 1 < size && before(right, heap[child] ?? 0) ? child + 1 : child;
      const other = heap[first] ?? 0;
      if (!before(other, item)) break;
      heap[at] = other;
      at = first;
    }
    heap[at] = item;
  };
  for (let i = (size >> 1) - 1; i >= 0; i--) sink(i);
  while (size > 0) {
    const [top = 0] = heap;
    yield top;
    size--;
    heap[0] = heap[size] ?? 0;
    sink(0);
  }
}
