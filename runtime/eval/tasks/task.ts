import type { Metric } from '../metrics/metric.js';

/** A case before its text is made: which task, how long, which of how many. `length`: see {@link Case}; undefined for records of a file. */
export interface CasePlan { readonly task: string; readonly length: number | undefined; readonly index: number }

interface CaseBase extends CasePlan {
  /** Where in the document the asked fact lies, 0…1; undefined where nothing was hidden. */
  readonly depth: number | undefined;
}

/** A document and a question with known answers. */
export interface AnswerCase extends CaseBase {
  readonly kind: 'answer';
  readonly document: string;
  readonly question: string;
  readonly maxTokens: number;
  readonly metric: Metric;
  /** Right answers: one is enough, unless the metric asks for all. */
  readonly references: readonly string[];
  /** What a classification chooses from. */
  readonly classes: readonly string[];
  /** Judges the answer's first line alone. */
  readonly firstLine: boolean;
}

/** A text, and how it goes on: how well is the rest foreseen? */
export interface PerplexityCase extends CaseBase { readonly kind: 'perplexity'; readonly context: string; readonly continuation: string }

/**
 * One thing asked of the model. `length`: tokens of the whole sequence, that is BOS, document, question and the room for
 * the answer; exact by construction.
 */
export type Case = AnswerCase | PerplexityCase;
