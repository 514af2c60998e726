/** How one case ended: passed, or why not. */
export type Verdict = { readonly name: string; readonly kind: 'passed' } | { readonly name: string; readonly kind: 'failed'; readonly why: string };

/** `work` as a verdict: failed where it throws. */
export async function judged(name: string, work: () => Promise<void>): Promise<Verdict> {
  try {
    await work();
    return { name, kind: 'passed' };
  } catch (e) {
    return { name, kind: 'failed', why: e instanceof Error ? e.message : String(e) };
  }
}

/** One line for each failure, then `N passed, N failed`; true where nothing failed. */
export function conclude(verdicts: readonly Verdict[], print: (line: string) => void): boolean {
  const failed = verdicts.flatMap((v) => (v.kind === 'failed' ? [v] : []));
  for (const { name, why } of failed) print(`FAILED ${name}: ${why}`);
  print(`${verdicts.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0;
}
