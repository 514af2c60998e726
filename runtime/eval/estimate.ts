import type { ModelConfig } from '../model/config.js';
import type { EvalMethod } from './methods.js';

/** Work of one method at one length, all cases together. `tokens`: that go through the model; `flops`: useful operations of reading them. */
export interface Estimate { readonly method: string; readonly length: number; readonly cases: number; readonly tokens: number; readonly flops: number }

/** What reading prompts of some lengths costs by each method; answers are short beside it. `lengths`: of all cases, with how many there are. */
export function estimates(config: ModelConfig, methods: readonly EvalMethod[], lengths: ReadonlyMap<number, number>): readonly Estimate[] {
  return methods.flatMap((method) => [...lengths].map(([length, cases]) => {
    const { tokens, flops } = readingCost(config, method, length);
    return { method: method.id, length, cases, tokens: tokens * cases, flops: flops * cases };
  }));
}

function readingCost(config: ModelConfig, { method, parallelComp }: EvalMethod, length: number): { readonly tokens: number; readonly flops: number } {
  switch (method) {
    case 'full': return plainCost(config, length);
    case 'truncated': case 'streaming': return plainCost(config, Math.min(length, config.window));
    case 'parallelcomp': {
      const chunk = Math.min(length, parallelComp.chunkTokens ?? config.window);
      const chunks = Math.ceil(length / chunk);
      return { tokens: length, flops: chunks * passFlops(config, length / chunks) };
    }
    default: return method satisfies never;
  }
}

const plainCost = (config: ModelConfig, rows: number): { readonly tokens: number; readonly flops: number } => ({ tokens: rows, flops: passFlops(config, rows) });

/** Useful operations of one causal pass: projections of every row, visible scores and values. */
function passFlops(c: ModelConfig, rows: number): number {
  const projections = 2 * c.hiddenSize * (2 * c.numHeads * c.headDim + 2 * c.numKvHeads * c.headDim + 3 * c.ffnSize);
  return c.numLayers * rows * (projections + 4 * c.numHeads * c.headDim * ((rows + 1) / 2));
}
