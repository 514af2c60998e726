import type { EvalMethod } from './methods.js';
import { caseKey, type CaseResult } from './results.js';
import { type EvalModel, runCase } from './runCase.js';
import type { Case, CasePlan } from './tasks/task.js';

/** What is to be run, and what of it is done already. */
export interface RunPlan {
  readonly methods: readonly EvalMethod[];
  readonly plans: readonly CasePlan[];
  readonly caseOf: (plan: CasePlan) => Case;
  readonly done: readonly CaseResult[];
  readonly seed: number;
  /** Whether the model's chat template words the questions. */
  readonly chat: boolean;
  readonly memoryBudget: number | undefined;
  /**
   * A fresh model, opened once per method and disposed after it: the most its device has held is then that method's own, at
   * lengths that grow.
   */
  readonly open: () => Promise<EvalModel & AsyncDisposable>;
  readonly signal: AbortSignal | undefined;
}

/** Runs every case that is not done by every method, one after another. Throws the signal's reason when it fires, and what leaves a model unusable. */
export async function* runCases({ methods, plans, caseOf, done, open, ...options }: RunPlan): AsyncGenerator<CaseResult> {
  const known = new Set(done.map(caseKey));
  for (const method of methods) {
    const left = plans.filter((plan) => !known.has(caseKey({ ...plan, method: method.id })));
    if (left.length === 0) continue;
    options.signal?.throwIfAborted();
    await using model = await open();
    for (const plan of left) {
      options.signal?.throwIfAborted();
      yield await runCase(model, method, caseOf(plan), options);
    }
  }
}

/** Where a case stands in the order of the run: methods, then plans. */
export function orderOf(methods: readonly EvalMethod[], plans: readonly CasePlan[]): (c: Pick<CaseResult, 'task' | 'method' | 'length' | 'index'>) => number {
  const places = new Map(methods.flatMap((method) => plans.map((plan) => caseKey({ ...plan, method: method.id }))).map((key, i) => [key, i]));
  return (c) => places.get(caseKey(c)) ?? places.size;
}
