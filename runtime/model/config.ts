import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RuntimeError } from '../error.js';

/** How rotary angles are made. `llama3` is the frequency scaling of Llama 3.1: long wavelengths are stretched by `factor`. */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'llama3'; readonly factor: number; readonly lowFrequency: number; readonly highFrequency: number; readonly originalWindow: number };

/** The shape of a decoder, in words of our own; every size is a positive integer and they fit each other. */
export interface ModelConfig {
  readonly family: 'llama' | 'qwen2';
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  readonly ffnSize: number;
  /** Tokens the model was trained to see at once. */
  readonly window: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling;
  readonly tiedEmbeddings: boolean;
  readonly qkvBias: boolean;
  readonly bosId: number | undefined;
  /** Ids that end an answer. */
  readonly eosIds: readonly number[];
}

/** Head dims that attention kernels are compiled for. */
const headDims: readonly number[] = [64, 128];

const size = z.number().int().positive().max(2 ** 31 - 1);
const tokenId = z.number().int().nonnegative();
const rope = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: size.optional(),
});
const eos = z.union([tokenId, z.array(tokenId)]).nullish();

const fields = z.looseObject({
  model_type: z.enum(['llama', 'qwen2']),
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  intermediate_size: size,
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().optional(),
  mlp_bias: z.boolean().default(false),
  use_sliding_window: z.boolean().default(false),
  bos_token_id: tokenId.nullish(),
  eos_token_id: eos,
});
type Fields = z.infer<typeof fields>;

/** Reads config.json and, for the ids that end an answer, generation_config.json of a model directory. Throws R301…R304. */
export async function readConfig(dir: string): Promise<ModelConfig> {
  const file = join(dir, 'config.json');
  const generation = await readJson(join(dir, 'generation_config.json')).catch((e: unknown) => {
    if (e instanceof RuntimeError && e.code === 'R301') return {};
    throw e;
  });
  return parseConfig(await readJson(file), generation, file);
}

/** Checks what config.json says and puts it into our words. `generation`: generation_config.json, whose eos list wins. Throws R302…R304. */
export function parseConfig(json: unknown, generation: unknown = {}, where = 'config.json'): ModelConfig {
  refuseUnknownArchitecture(json, where);
  const parsed = fields.safeParse(json);
  if (!parsed.success) throw invalid(where, parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '));
  const f = parsed.data;
  refuseUnsupported(f, where);
  const numKvHeads = f.num_key_value_heads ?? f.num_attention_heads;
  if (f.num_attention_heads % numKvHeads !== 0) {
    throw invalid(where, `num_attention_heads ${f.num_attention_heads} is not a multiple of num_key_value_heads ${numKvHeads}`);
  }
  if (f.head_dim == null && f.hidden_size % f.num_attention_heads !== 0) {
    throw invalid(where, `hidden_size ${f.hidden_size} is not a multiple of num_attention_heads ${f.num_attention_heads} and head_dim is not given`);
  }
  const headDim = f.head_dim ?? f.hidden_size / f.num_attention_heads;
  if (!headDims.includes(headDim)) throw unsupported(where, `head_dim ${headDim}`, `use a model with head dim ${headDims.join(' or ')}`);
  const generated = z.looseObject({ eos_token_id: eos }).safeParse(generation);
  const eosIds = [(generated.success ? generated.data.eos_token_id : undefined) ?? f.eos_token_id ?? []].flat();
  const outside = [...eosIds, ...(f.bos_token_id == null ? [] : [f.bos_token_id])].find((id) => id >= f.vocab_size);
  if (outside !== undefined) throw invalid(where, `token id ${outside} lies outside the vocabulary of ${f.vocab_size}`);
  return {
    family: f.model_type, vocabSize: f.vocab_size, hiddenSize: f.hidden_size, numLayers: f.num_hidden_layers, numHeads: f.num_attention_heads, numKvHeads, headDim,
    ffnSize: f.intermediate_size, window: f.max_position_embeddings, normEps: f.rms_norm_eps, ropeTheta: f.rope_parameters?.rope_theta ?? f.rope_theta ?? 10000,
    ropeScaling: scalingOf(f, where), tiedEmbeddings: f.tie_word_embeddings, qkvBias: f.attention_bias ?? f.model_type === 'qwen2', bosId: f.bos_token_id ?? undefined, eosIds,
  };
}

function refuseUnknownArchitecture(json: unknown, where: string): void {
  const named = z.looseObject({ model_type: z.string() }).safeParse(json);
  if (!named.success) throw invalid(where, 'model_type is missing');
  if (named.data.model_type !== 'llama' && named.data.model_type !== 'qwen2') {
    throw new RuntimeError('R303', `unknown architecture '${named.data.model_type}'`, { where, remedy: "use a model whose model_type is 'llama' or 'qwen2'" });
  }
}

function refuseUnsupported(f: Fields, where: string): void {
  if (f.hidden_act !== 'silu') throw unsupported(where, `activation '${f.hidden_act}'`, "use a model whose hidden_act is 'silu'");
  if (f.mlp_bias) throw unsupported(where, 'a bias in the MLP (mlp_bias)', 'use a model without it');
  if (f.model_type === 'llama' && f.attention_bias === true) throw unsupported(where, 'a bias on the output projection (attention_bias of llama)', 'use a model without it');
  if (f.use_sliding_window) throw unsupported(where, 'sliding-window attention (use_sliding_window)', 'use a model without it');
}

function scalingOf(f: Fields, where: string): RopeScaling {
  const r = f.rope_parameters ?? f.rope_scaling;
  const kind = r?.rope_type ?? r?.type ?? 'default';
  if (r == null || kind === 'default') return { kind: 'none' };
  if (kind !== 'llama3') throw unsupported(where, `rope scaling '${kind}'`, "use a model with rope scaling 'llama3' or none");
  const { factor, low_freq_factor: lowFrequency, high_freq_factor: highFrequency, original_max_position_embeddings: originalWindow } = r;
  if (factor === undefined || lowFrequency === undefined || highFrequency === undefined || originalWindow === undefined) {
    throw invalid(where, "rope scaling 'llama3' needs factor, low_freq_factor, high_freq_factor and original_max_position_embeddings");
  }
  if (highFrequency <= lowFrequency) throw invalid(where, `high_freq_factor ${highFrequency} must be above low_freq_factor ${lowFrequency}`);
  return { kind: 'llama3', factor, lowFrequency, highFrequency, originalWindow };
}

const invalid = (where: string, what: string): RuntimeError => new RuntimeError('R302', what, { where, remedy: 'check the model directory: this is not a config.json that a checkpoint can have' });
const unsupported = (where: string, what: string, remedy: string): RuntimeError => new RuntimeError('R304', `${what} is not supported`, { where, remedy });

/** A JSON file. Throws R301 when it cannot be read, R302 when it is not JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RuntimeError('R301', 'the file cannot be read', { where: file, remedy: 'give a model directory as Hugging Face writes it', cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new RuntimeError('R302', 'the file is not JSON', { where: file, remedy: 'download it again', cause });
  }
}
