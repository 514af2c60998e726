import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelConfig, parseConfig } from '../../../runtime/model/config.js';
import { specsOf } from '../../../runtime/model/weights.js';
import { root } from '../../gpu/open.js';

/** A model of Llama-3-8B's shapes with some number of layers; `quick`: the same architecture small enough for a processor. */
export interface ShapeOptions { readonly layers: number; readonly quick: boolean }

/** config.json as Hugging Face has it. The ids of BOS and EOS are those of the tokenizer beside it. */
export function configJson({ layers, quick }: ShapeOptions): Readonly<Record<string, unknown>> {
  const shape = quick
    ? { vocab_size: 6000, hidden_size: 256, num_attention_heads: 4, num_key_value_heads: 2, head_dim: 64, intermediate_size: 896, max_position_embeddings: 1024 }
    : { vocab_size: 128256, hidden_size: 4096, num_attention_heads: 32, num_key_value_heads: 8, head_dim: 128, intermediate_size: 14336, max_position_embeddings: 8192 };
  return {
    architectures: ['LlamaForCausalLM'], model_type: 'llama', ...shape, num_hidden_layers: layers, rms_norm_eps: 1e-5, rope_theta: 500000, rope_parameters: { rope_type: 'default', rope_theta: 500000 }, hidden_act: 'silu', tie_word_embeddings: false,
    bos_token_id: 0, eos_token_id: 1, torch_dtype: 'bfloat16', attention_bias: false, mlp_bias: false,
  };
}

/** A tensor of the checkpoint: `mean` and `spread` of the normal distribution that its elements are drawn from. */
export interface DrawnTensor { readonly name: string; readonly shape: readonly number[]; readonly elements: number; readonly mean: number; readonly spread: number }

/**
 * All tensors. Products of normed rows have a variance near 1, those of queries and keys and the logits a larger one, as in
 * trained models; what layers add to the residual shrinks with their number, so that its variance at the end is near 2.
 */
export function drawnTensors(config: ModelConfig): readonly DrawnTensor[] {
  const specs = specsOf[config.family](config);
  const normal = (spec: { readonly name: string; readonly shape: readonly number[] }, mean: number, spread: number): DrawnTensor => ({ ...spec, elements: spec.shape.reduce((n, s) => n * s, 1), mean, spread });
  const matrix = (spec: { readonly name: string; readonly shape: readonly number[] }, gain: number): DrawnTensor => normal(spec, 0, gain / Math.sqrt(spec.shape[1] ?? 1));
  const added = 1 / Math.sqrt(2 * config.numLayers);
  return [
    normal(specs.embed, 0, 1),
    ...specs.layers.flatMap((l) => [
      normal(l.inputNorm, 1, 0.1), matrix(l.q, 1.6), matrix(l.k, 1.6), matrix(l.v, 1), matrix(l.o, 8 * added),
      normal(l.postNorm, 1, 0.1), matrix(l.gate, 1), matrix(l.up, 1), matrix(l.down, 2 * added),
    ]),
    normal(specs.norm, 1, 0.1), ...(specs.head === undefined ? [] : [matrix(specs.head, 2)]),
  ];
}

/** {@link configJson} as the runtime reads it. */
export const configOf = (options: ShapeOptions): ModelConfig => parseConfig(configJson(options));

interface TokenizerFile { readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly (readonly [string, string])[] } }

/**
 * tokenizer.json with as many tokens as the model has: bookworm's, and behind them two of its tokens joined, each with the merge
 * that makes it.
 */
export function tokenizerJson(vocabSize: number): unknown {
  // bookworm's own file, which its tests read.
  const base = JSON.parse(readFileSync(join(root, 'examples/bookworm/tokenizer.json'), 'utf8')) as TokenizerFile;
  const vocab = new Map(Object.entries(base.model.vocab));
  const parts = [...vocab.keys()].filter((token) => /^\p{L}+$/u.test(token));
  const merges = [...base.model.merges];
  for (let i = 0; vocab.size < vocabSize; i++) {
    const [first = '', second = ''] = [parts[i % parts.length], parts[Math.floor(i / parts.length)]];
    if (vocab.has(first + second)) continue;
    vocab.set(first + second, vocab.size);
    merges.push([first, second]);
  }
  return { ...base, model: { ...base.model, vocab: Object.fromEntries(vocab), merges } };
}
