/** How one case ended: passed, or why not. What cannot run here is skipped and counts as neither. */
export type Verdict = { readonly name: string; readonly kind: 'passed' } | { readonly name: string; readonly kind: 'failed' | 'skipped'; readonly why: string };

/** Passed where `right`. */
export const checked = (name: string, right: boolean, why: string): Verdict => (right ? { name, kind: 'passed' } : { name, kind: 'failed', why });

/** `work` as a verdict: failed where it throws. */
export async function judged(name: string, work: () => Promise<void>): Promise<Verdict> {
  try {
    await work();
    return { name, kind: 'passed' };
  } catch (e) {
    return { name, kind: 'failed', why: e instanceof Error ? e.message : String(e) };
  }
}

/** One line for each case that did not pass, then `N passed, N failed`; true where nothing failed. */
export function conclude(verdicts: readonly Verdict[], print: (line: string) => void): boolean {
  const count = (kind: Verdict['kind']): number => verdicts.filter((v) => v.kind === kind).length;
  for (const v of verdicts) if (v.kind !== 'passed') print(`${v.kind.toUpperCase()} ${v.name}: ${v.why}`);
  print(`${count('passed')} passed, ${count('failed')} failed${count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''}`);
  return count('failed') === 0;
}
