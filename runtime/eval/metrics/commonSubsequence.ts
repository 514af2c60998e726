/** Lengths of the longest common subsequences of all prefixes: row i, column j is that of the first i of `a` and the first j of `b`. */
function lengths<T>(a: readonly T[], b: readonly T[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (const [i, x] of a.entries()) {
    const [above, row] = [rows[i]!, rows[i + 1]!];
    for (const [j, y] of b.entries()) row[j + 1] = x === y ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!);
  }
  return rows;
}

/** How many items two sequences share in order. */
export const commonLength = <T>(a: readonly T[], b: readonly T[]): number => lengths(a, b)[a.length]?.[b.length] ?? 0;

/** One longest common subsequence; where there are several, the one that ROUGE's reference code walks to. */
export function commonSubsequence<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  const rows = lengths(a, b);
  const found: T[] = [];
  for (let [i, j] = [a.length, b.length]; i > 0 && j > 0;) {
    if (a[i - 1] === b[j - 1]) {
      found.unshift(a[i - 1]!);
      i--;
      j--;
    } else if (rows[i - 1]![j]! > rows[i]![j - 1]!) i--;
    else j--;
  }
  return found;
}
