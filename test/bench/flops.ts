import type { ModelConfig } from '../../runtime/index.js';

/** Useful operations of a pass over `rows` rows: projections, visible scores and values; of the last layer K and V, and all else of the `scored` rows, whose scores of every token come on top. */
export function passFlops(c: ModelConfig, rows: number, scored: number): number {
  const kv = 2 * c.hiddenSize * 2 * c.numKvHeads * c.headDim;
  const others = 2 * c.hiddenSize * (2 * c.numHeads * c.headDim + 3 * c.ffnSize);
  const seen = 4 * c.numHeads * c.headDim;
  const layer = rows * (kv + others + seen * ((rows + 1) / 2));
  const last = rows * kv + scored * (others + seen * (rows - (scored - 1) / 2));
  return (c.numLayers - 1) * layer + last + 2 * scored * c.hiddenSize * c.vocabSize;
}
