import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { RuntimeError } from '../../../runtime/error.js';
import { parseConfig, readConfig } from '../../../runtime/model/config.js';

const llama = {
  model_type: 'llama', vocab_size: 128256, hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336,
  max_position_embeddings: 8192, rms_norm_eps: 1e-5, rope_theta: 500000, hidden_act: 'silu', bos_token_id: 128000, eos_token_id: 128001,
};
const scaling = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };

describe('config.json', () => {
  test('Llama 3: head dim derived, embeddings untied, no bias', () => {
    expect(parseConfig(llama)).toEqual({
      family: 'llama', vocabSize: 128256, hiddenSize: 4096, numLayers: 32, numHeads: 32, numKvHeads: 8, headDim: 128, ffnSize: 14336, window: 8192, normEps: 1e-5,
      ropeTheta: 500000, ropeScaling: { kind: 'none' }, tiedEmbeddings: false, qkvBias: false, bosId: 128000, eosIds: [128001],
    });
  });

  test('Qwen2: bias on q, k and v, no BOS where none is named', () => {
    const config = parseConfig({ ...llama, model_type: 'qwen2', bos_token_id: null, tie_word_embeddings: true });
    expect([config.family, config.qkvBias, config.tiedEmbeddings, config.bosId]).toEqual(['qwen2', true, true, undefined]);
  });

  test('heads are their own KV heads where no number of those is given', () => {
    const { num_key_value_heads: _, ...mha } = llama;
    expect(parseConfig(mha).numKvHeads).toBe(32);
  });

  test.each([
    ['rope_scaling', { rope_scaling: { rope_type: 'llama3', ...scaling } }],
    ['rope_scaling with the older key', { rope_scaling: { type: 'llama3', ...scaling } }],
    ['rope_parameters', { rope_theta: undefined, rope_parameters: { rope_type: 'llama3', rope_theta: 500000, ...scaling } }],
  ])('Llama 3.1 frequency scaling by %s', (_, changes) => {
    const config = parseConfig({ ...llama, ...changes });
    expect(config.ropeScaling).toEqual({ kind: 'llama3', factor: 8, lowFrequency: 1, highFrequency: 4, originalWindow: 8192 });
    expect(config.ropeTheta).toBe(500000);
  });

  test("generation_config's list of stop ids wins", () => {
    expect(parseConfig(llama, { eos_token_id: [128001, 128009] }).eosIds).toEqual([128001, 128009]);
    expect(parseConfig({ ...llama, eos_token_id: [1, 2] }).eosIds).toEqual([1, 2]);
  });

  const message = (what: string): string => `config.json: ${what}; check the model directory: this is not a config.json that a checkpoint can have`;
  test.each<[string, object, string, string]>([
    ['an unknown architecture', { model_type: 'mamba' }, 'R303', "config.json: unknown architecture 'mamba'; use a model whose model_type is 'llama' or 'qwen2'"],
    ['no architecture', { model_type: undefined }, 'R302', message('model_type is missing')],
    ['heads that do not group', { num_key_value_heads: 5 }, 'R302', message('num_attention_heads 32 is not a multiple of num_key_value_heads 5')],
    ['a hidden size that heads do not divide', { hidden_size: 4097 }, 'R302', message('hidden_size 4097 is not a multiple of num_attention_heads 32 and head_dim is not given')],
    ['a head dim without kernels', { head_dim: 80 }, 'R304', 'config.json: head_dim 80 is not supported; use a model with head dim 64 or 128'],
    ['no layers', { num_hidden_layers: 0 }, 'R302', message('num_hidden_layers: Too small: expected number to be >0')],
    ['half a head', { num_attention_heads: 1.5 }, 'R302', message('num_attention_heads: Invalid input: expected int, received number')],
    ['a BOS outside the vocabulary', { bos_token_id: 128256 }, 'R302', message('token id 128256 lies outside the vocabulary of 128256')],
    ['another activation', { hidden_act: 'gelu' }, 'R304', "config.json: activation 'gelu' is not supported; use a model whose hidden_act is 'silu'"],
    ['another rope scaling', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'R304', "config.json: rope scaling 'yarn' is not supported; use a model with rope scaling 'llama3' or none"],
    ['half a rope scaling', { rope_scaling: { rope_type: 'llama3', factor: 4 } }, 'R302', message("rope scaling 'llama3' needs factor, low_freq_factor, high_freq_factor and original_max_position_embeddings")],
    ['sliding windows', { use_sliding_window: true }, 'R304', 'config.json: sliding-window attention (use_sliding_window) is not supported; use a model without it'],
  ])('%s is refused with a remedy', (_, changes, code, message) => {
    expect(() => parseConfig({ ...llama, ...changes })).toThrow(expect.objectContaining({ code, message }));
  });

  test.prop([fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...Object.keys(llama)), fc.jsonValue()).map((d) => ({ ...llama, ...d })))])(
    'any JSON is read or refused with a code', (json) => {
      try {
        const config = parseConfig(json);
        expect(config.numHeads % config.numKvHeads).toBe(0);
      } catch (e) {
        expect(e).toBeInstanceOf(RuntimeError);
      }
    });
});

describe('a model directory', () => {
  test('without config.json is refused by name', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'model-'));
    await expect(readConfig(dir)).rejects.toMatchObject({ code: 'R301', where: join(dir, 'config.json') });
  });

  test('with a broken config.json is refused by name', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'model-'));
    writeFileSync(join(dir, 'config.json'), '{"model_type": ');
    await expect(readConfig(dir)).rejects.toMatchObject({ code: 'R302', where: join(dir, 'config.json') });
  });

  test('needs no generation_config.json', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'model-'));
    writeFileSync(join(dir, 'config.json'), JSON.stringify(llama));
    expect((await readConfig(dir)).eosIds).toEqual([128001]);
  });
});
