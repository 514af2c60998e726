import type { Excuse, Verdict } from './mutate.js';
import { type Mutant, nameOf } from './mutants.js';

/** How one mutant came out: `fails` where the unchanged text is reported already, `how` being the report. */
export interface Judged { readonly mutant: Mutant; readonly verdict: Verdict | { readonly kind: 'fails'; readonly how: string }; readonly excuse?: Excuse | undefined }

/** Of some mutants how many came out how; `excused` are those of the survivors that have a reason to. */
export interface Counts { readonly mutants: number; readonly reported: number; readonly wrong: number; readonly survived: number; readonly excused: number }

/** Counts what was judged. */
export function countsOf(all: readonly Judged[]): Counts {
  const of = (kind: Judged['verdict']['kind']): readonly Judged[] => all.filter((j) => j.verdict.kind === kind);
  return { mutants: all.length - of('fails').length, reported: of('reported').length, wrong: of('wrong').length, survived: of('survived').length, excused: of('survived').filter((j) => j.excuse).length };
}

/** The share of all mutants that was given away, whatever excuses there are. */
export const caughtOf = ({ mutants, survived }: Counts): number => (mutants === 0 ? 1 : (mutants - survived) / mutants);

/** The least share of all mutants that must be given away before excuses. */
export const leastCaught = 0.95;

/** Whether enough mutants were given away, and every other one has a reason to survive. */
export const suffices = (all: readonly Judged[]): boolean => {
  const counts = countsOf(all);
  return counts.mutants === all.length && counts.survived === counts.excused && caughtOf(counts) >= leastCaught;
};

/** A table in Markdown with a row for each text, and one for all of them; each survivor below it, with its reason. */
export function tableOf(all: readonly Judged[]): string {
  const files = [...new Set(all.map((j) => j.mutant.file))].sort();
  const row = (name: string, c: Counts): string => `| ${[name, c.mutants, c.reported, c.wrong, c.survived, c.excused, `${(100 * caughtOf(c)).toFixed(1)} %`].join(' | ')} |`;
  const rows = files.map((file) => row(file, countsOf(all.filter((j) => j.mutant.file === file))));
  const survivors = all.filter((j) => j.verdict.kind === 'survived').map(({ mutant: m, excuse }) => `- ${nameOf(m)}: ${excuse?.reason ?? 'no reason is known'}`);
  return [
    '| text | mutants | reported | wrong result | survived | with a reason | caught |', '|---|---|---|---|---|---|---|', ...rows, row('all', countsOf(all)),
    ...(survivors.length > 0 ? ['', ...survivors] : []),
  ].join('\n');
}
