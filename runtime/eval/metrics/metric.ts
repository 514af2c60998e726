import { qaF1, qaF1Characters, qaF1Chinese } from './f1.js';
import { bugNamed, choice, firstDecimal, firstNumber, lastNumber, leadingNumbers, nameSaid, valueSaid } from './infiniteBench.js';
import { classificationScore, codeSimilarity, countScore, paragraphScore } from './longBench.js';
import { rougeL, rougeLChinese } from './rougeL.js';

/** How an answer is judged. */
export type Metric =
  | 'qaF1' | 'qaF1Chinese' | 'qaF1Characters' | 'rougeL' | 'rougeLChinese' | 'classification' | 'count' | 'paragraph' | 'codeSimilarity'
  | 'firstNumber' | 'valueSaid' | 'nameSaid' | 'lastNumber' | 'firstDecimal' | 'leadingNumbers' | 'choice' | 'bugNamed' | 'allSaid';

/** What an answer is judged by. `references`: the right answers; `classes`: what a classification chooses from. */
export interface Judged { readonly references: readonly string[]; readonly classes: readonly string[] }

/** An answer's score, 0…1. Where several answers are right the best one counts, unless the metric asks for all of them. */
export const scoreOf = (metric: Metric, prediction: string, judged: Judged): number => metrics[metric](prediction, judged);

const best = (score: (prediction: string, reference: string) => number) => (prediction: string, { references }: Judged): number =>
  references.reduce((most, reference) => Math.max(most, score(prediction, reference)), 0);

/** Share of the references that the answer holds, capitals or not: RULER's `string_match_all`. */
export function allSaid(prediction: string, { references }: Pick<Judged, 'references'>): number {
  const said = prediction.toLowerCase();
  return references.length === 0 ? 0 : references.filter((r) => said.includes(r.toLowerCase())).length / references.length;
}

const metrics: Record<Metric, (prediction: string, judged: Judged) => number> = {
  qaF1: best(qaF1), qaF1Chinese: best(qaF1Chinese), qaF1Characters: best(qaF1Characters),
  rougeL: best(rougeL), rougeLChinese: best(rougeLChinese),
  count: best(countScore), paragraph: best(paragraphScore), codeSimilarity: best(codeSimilarity),
  classification: (prediction, { references, classes }) => references.reduce((most, r) => Math.max(most, classificationScore(prediction, r, classes)), 0),
  firstNumber: best(firstNumber), valueSaid: best(valueSaid), nameSaid: best(nameSaid), lastNumber: best(lastNumber), firstDecimal: best(firstDecimal),
  leadingNumbers: (prediction, { references }) => leadingNumbers(prediction, references),
  choice: (prediction, { references }) => choice(prediction, references),
  bugNamed: (prediction, { references }) => bugNamed(prediction, references),
  allSaid,
};
