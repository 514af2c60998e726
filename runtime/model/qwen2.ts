import type { ModelConfig } from './config.js';
import { type LayerSpecs, llamaWeights, type ModelSpecs } from './llama.js';

/** A Qwen2 checkpoint: Llama's names, and a bias on q, k and v. */
export function qwen2Weights(config: ModelConfig): ModelSpecs {
  const specs = llamaWeights(config);
  return { ...specs, layers: specs.layers.map((layer, i) => (config.qkvBias ? withBias(config, layer, `model.layers.${i}`) : layer)) };
}

function withBias(config: ModelConfig, layer: LayerSpecs, prefix: string): LayerSpecs {
  const bias = (name: string, heads: number) => ({ name: `${prefix}.self_attn.${name}.bias`, shape: [heads * config.headDim] });
  return { ...layer, bias: { q: bias('q_proj', config.numHeads), k: bias('k_proj', config.numKvHeads), v: bias('v_proj', config.numKvHeads) } };
}
