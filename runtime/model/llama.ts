import type { ModelConfig } from './config.js';

/** What a stored tensor is called and which shape it must have. */
export interface WeightSpec { readonly name: string; readonly shape: readonly number[] }

/** Every tensor of one layer, by its role; biases where the family has them. */
export interface LayerSpecs {
  readonly inputNorm: WeightSpec;
  readonly q: WeightSpec;
  readonly k: WeightSpec;
  readonly v: WeightSpec;
  readonly o: WeightSpec;
  readonly postNorm: WeightSpec;
  readonly gate: WeightSpec;
  readonly up: WeightSpec;
  readonly down: WeightSpec;
  readonly bias: { readonly q: WeightSpec; readonly k: WeightSpec; readonly v: WeightSpec } | undefined;
}
/** Every tensor of a checkpoint; `head` is absent where the output embedding is the input one. */
export interface ModelSpecs { readonly embed: WeightSpec; readonly norm: WeightSpec; readonly head: WeightSpec | undefined; readonly layers: readonly LayerSpecs[] }

/** Names and shapes of a Llama checkpoint as Hugging Face stores it: matrices are [outputs, inputs]. */
export function llamaWeights(config: ModelConfig): ModelSpecs {
  const { hiddenSize, vocabSize } = config;
  return {
    embed: { name: 'model.embed_tokens.weight', shape: [vocabSize, hiddenSize] },
    norm: { name: 'model.norm.weight', shape: [hiddenSize] },
    head: config.tiedEmbeddings ? undefined : { name: 'lm_head.weight', shape: [vocabSize, hiddenSize] },
    layers: Array.from({ length: config.numLayers }, (_, i) => llamaLayer(config, `model.layers.${i}`)),
  };
}

function llamaLayer(config: ModelConfig, prefix: string): LayerSpecs {
  const { hiddenSize, ffnSize, headDim } = config;
  const qSize = config.numHeads * headDim;
  const kvSize = config.numKvHeads * headDim;
  const weight = (name: string, ...shape: readonly number[]): WeightSpec => ({ name: `${prefix}.${name}.weight`, shape });
  return {
    inputNorm: weight('input_layernorm', hiddenSize),
    q: weight('self_attn.q_proj', qSize, hiddenSize),
    k: weight('self_attn.k_proj', kvSize, hiddenSize),
    v: weight('self_attn.v_proj', kvSize, hiddenSize),
    o: weight('self_attn.o_proj', hiddenSize, qSize),
    postNorm: weight('post_attention_layernorm', hiddenSize),
    gate: weight('mlp.gate_proj', ffnSize, hiddenSize),
    up: weight('mlp.up_proj', ffnSize, hiddenSize),
    down: weight('mlp.down_proj', hiddenSize, ffnSize),
    bias: undefined,
  };
}
