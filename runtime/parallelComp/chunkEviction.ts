/** A chunk with its score: the mean NLL of the question behind it, lower is better. */
export interface Scored { readonly index: number; readonly nll: number }

/** Whether `a` is kept before `b`: the lower NLL, then the lower index. NaN counts as worst. */
export const better = (a: Scored, b: Scored): boolean => {
  const [x, y] = [rank(a), rank(b)];
  return x < y || (x === y && a.index < b.index);
};
const rank = ({ nll }: Scored): number => (Number.isNaN(nll) ? Infinity : nll);

/** The kept chunks after one more has been scored, best first, and the one that fell out. */
export interface Offered<T> { readonly kept: readonly T[]; readonly dropped: T | undefined }

/** The streaming queue: at most `keep` chunks are ever held, and those are the best of all offered so far. */
export function offer<T extends Scored>(kept: readonly T[], chunk: T, keep: number): Offered<T> {
  const at = kept.findIndex((other) => better(chunk, other));
  const all = at < 0 ? [...kept, chunk] : [...kept.slice(0, at), chunk, ...kept.slice(at)];
  return all.length > keep ? { kept: all.slice(0, keep), dropped: all[keep] } : { kept: all, dropped: undefined };
}

/** The kept chunks in document order. */
export const inDocumentOrder = <T extends Scored>(kept: readonly T[]): readonly T[] => [...kept].sort((a, b) => a.index - b.index);
