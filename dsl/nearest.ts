/** `; did you mean 'k'?` where exactly one of the known names is a likely meaning of a name that is none of them, else nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean '${meant}'?`;
}

/** The one known name that is closest, where it is close enough to be meant: another case, or few letters off. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const ranked = [...new Set(known)].map((k) => ({ k, off: distance(name.toLowerCase(), k.toLowerCase()) })).sort((a, b) => a.off - b.off);
  const [best, next] = ranked;
  if (!best || best.k === name || best.off === next?.off) return undefined;
  const longest = Math.max(name.length, best.k.length);
  return best.off < longest && best.off <= Math.ceil(longest / 3) ? best.k : undefined;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      row.push(Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + (same ? 0 : 1), swapped));
    }
  }
  return at(a.length, b.length);
}
