/** Seconds that a search takes beside its candidates, and each candidate. */
export interface SearchCost { readonly search: number; readonly candidate: number }

/** What the model takes to be slower than the best of a launch by more is not doubted: its estimates are off by less. */
const doubtful = 1.5;

/**
 * How many candidates of each search are worth measuring within so many seconds. A search is its candidates' estimated times over
 * that of the model's schedule, in the order in which they would be measured; the model's schedule itself is not among them. What the
 * model can hardly tell from the best of its launch is measured first, of whatever launch: where the model is sure, nothing is.
 */
export function candidatesWithin(searches: readonly (readonly number[])[], seconds: number, cost: SearchCost): readonly number[] {
  const counts = searches.map(() => 0);
  let left = seconds;
  for (const { search, doubt } of inDoubt(searches)) {
    if (doubt > doubtful) break;
    // The model's schedule is measured with the first of its candidates.
    const price = cost.candidate + (counts[search] === 0 ? cost.search + cost.candidate : 0);
    if (price > left) break;
    left -= price;
    counts[search] = (counts[search] ?? 0) + 1;
  }
  return counts;
}

/** All candidates, those first that are nearest to the best of their launch; of a search in its own order. */
function inDoubt(searches: readonly (readonly number[])[]): readonly { readonly search: number; readonly doubt: number }[] {
  return searches.flatMap((ratios, search) => {
    const best = Math.min(1, ...ratios);
    // Those before are measured with it: it is no nearer than they are.
    return ratios.map((_, i) => ({ search, doubt: Math.max(...ratios.slice(0, i + 1)) / best }));
  }).sort((a, b) => a.doubt - b.doubt);
}
