import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokenModel, folder, root, warpfold } from './command.js';

const whole = join(root, 'examples', 'bookworm');
const weights = readFileSync(join(whole, 'model.safetensors'));
const config = readFileSync(join(whole, 'config.json'), 'utf8');

const ask = (model: string, document: string, more: readonly string[] = [], question = 'What is it?') => {
  const cwd = folder({ 'document.txt': document });
  return warpfold(['ask', '--model', model, '--document', 'document.txt', '--question', question, '--max-tokens', '3', ...more], cwd);
};

/** The header of a safetensors file changed, its data as they are. */
function withHeader(change: (header: Record<string, { dtype: string; data_offsets: [number, number] }>) => void): Uint8Array {
  const length = Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.toString('utf8', 8, 8 + length));
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, weights.subarray(8 + length)]);
}

const broken: readonly (readonly [what: string, model: () => string, message: RegExp])[] = [
  ['truncated weights', () => brokenModel({ 'model.safetensors': weights.subarray(0, 5_000_000) }), /^error R202: .*model\.safetensors: tensor '.*' ends at byte \d+ of the data, the file has \d+; download the file again$/],
  ['overlapping weights', () => brokenModel({ 'model.safetensors': withHeader((h) => {
    const norm = h['model.layers.0.input_layernorm.weight'];
    if (norm !== undefined) norm.data_offsets = [norm.data_offsets[0] - 64, norm.data_offsets[1] - 64];
  }) }), /^error R208: .*'model\.layers\.0\.input_layernorm\.weight' begins at byte \d+ of the data, inside another one that ends at \d+$/],
  ['weights of a dtype the runtime cannot compute with', () => brokenModel({ 'model.safetensors': withHeader((h) => {
    const norm = h['model.layers.0.input_layernorm.weight'];
    if (norm !== undefined) norm.dtype = 'I16';
  }) }), /^error R306: .*input_layernorm\.weight: the tensor is I16, the model computes in f32/],
  ['a missing shard', () => brokenModel({ 'model.safetensors': undefined, 'model.safetensors.index.json': '{"weight_map":{"model.embed_tokens.weight":"model-00001-of-00002.safetensors"}}' }), /^error R210: .*the shard model-00001-of-00002\.safetensors is missing; download it into the same folder$/],
  ['impossible sizes', () => brokenModel({ 'config.json': config.replace(/"num_attention_heads": *4/, '"num_attention_heads": 3') }), /^error R302: .*num_attention_heads 3 is not a multiple of num_key_value_heads 2/],
  ['an unknown architecture', () => brokenModel({ 'config.json': config.replace('LlamaForCausalLM', 'MambaForCausalLM').replace('"llama"', '"mamba"') }), /^error R303: .*unknown architecture 'mamba'; use a model whose model_type is 'llama' or 'qwen2'$/],
  ['no model at all', () => folder(), /^error R301: .*config\.json: the file cannot be read/],
];

describe('warpfold ask', () => {
  test.each(broken)('%s: one sentence on stderr, nothing on stdout, exit code 1', (_, model, message) => {
    const { code, stdout, stderr } = ask(model(), 'Some text.');
    expect(stderr.trimEnd()).toMatch(message);
    expect([code, stdout]).toEqual([1, '']);
  });

  test('an empty document, an unreadable one, a question beyond the window and keep-chunks 0 are refused', () => {
    expect(ask(whole, '', ['--device', 'cpu']).stderr).toBe('error R401: the document is empty; give a document with some text\n');
    expect(warpfold(['ask', '--model', whole, '--document', 'absent.txt', '--question', 'x'], folder()).stderr).toBe('error R405: absent.txt: the document cannot be read; give the path of a text file\n');
    expect(ask(whole, 'Some text.', ['--device', 'cpu'], 'word '.repeat(1500)).stderr).toMatch(/^error R402: the question has \d+ tokens, the model's window is 1024; ask a shorter question\n$/);
    expect(ask(whole, 'Some text.', ['--device', 'cpu', '--keep-chunks', '0']).stderr).toBe('error R403: keepChunks is 0, it must be a whole number from 1; keep at least one chunk\n');
  });

  test('a budget too small for one chunk, and one that is no number of bytes, are refused', () => {
    expect(ask(whole, 'Some text.', ['--device', 'cpu', '--method', 'parallelcomp', '--memory-budget', '1.5MiB']).stderr).toMatch(/^error R403: memoryBudget is 1572864, it must be at least \d+ bytes, of which the weights take \d+; raise it, or use smaller chunks, fewer of them or a lower capacity\n$/);
    const { code, stderr } = ask(whole, 'Some text.', ['--memory-budget', '8GB']);
    expect([code, stderr.split('\n')[0]]).toEqual([2, "error: option '--memory-budget <bytes>' argument '8GB' is invalid. It must be a number of bytes, or of KiB, MiB or GiB, as in 8GiB."]);
  });

  test('answers as it decodes, and with --json in one object', () => {
    const fact = 'It was a fine day. The pass key is 14177. Remember it. 14177 is the pass key. They walked on.';
    const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';
    const spoken = ask(whole, fact, ['--max-tokens', '6'], question);
    expect([spoken.code, spoken.stdout, spoken.stderr]).toEqual([0, ' 14177\n', expect.stringMatching(/^running on [^\n]*\n$/)]);
    const { stdout, stderr } = ask(whole, fact, ['--max-tokens', '6', '--method', 'parallelcomp', '--json', '--device', 'cpu', '--dtype', 'bf16'], question);
    const result: unknown = JSON.parse(stdout);
    expect(stderr).toBe('');
    expect(result).toMatchObject({ device: { kind: 'cpu', dtype: 'bf16' } });
    expect(result).toMatchObject({ answer: ' 14177', method: 'parallelcomp', usage: { chunks: 1 }, chunks: [{ index: 0, kept: true }], excludedPerLayer: null });
    expect(result).toHaveProperty('firstTop5.4');
    const lines = ask(whole, fact, ['--document', 'document.txt', '--question', question, '--max-tokens', '6', '--json', '--stop', '7', '--device', 'cpu'], question).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ question, answer: ' 141', finishReason: 'stop' }, { question, answer: ' 141', finishReason: 'stop' }]);
    for (const key of ['timings.load', 'timings.prefill', 'timings.decode', 'timings.tokensPerSecond', 'peakBytes', 'usage.contextTokens', 'usage.queryTokens', 'chunks.0.nll', 'chunks.0.tokens']) expect(result).toHaveProperty(key);
  });

  test('--trace writes what Perfetto opens and says how long the device did nothing; where it cannot be written is found out first', () => {
    const trace = join(folder(), 'trace.json');
    const { code, stderr } = ask(whole, 'It was a fine day. They walked on.', ['--max-tokens', '3', '--method', 'parallelcomp', '--device', 'cpu', '--trace', trace]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^read in [\d.]+ s, in which the device did nothing for \d+ ms \([\d.]+ %\), at most [^\n]*\n$/)]);
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as { readonly traceEvents: readonly { readonly name: string; readonly args?: { readonly name?: string } }[] };
    const lanes = traceEvents.filter((e) => e.name === 'thread_name').map((e) => e.args?.name);
    expect(lanes).toEqual(expect.arrayContaining(['load', 'requests', 'queue', 'steps', 'kernels', 'copies']));
    expect(ask(whole, 'Some text.', ['--trace', join(folder(), 'absent', 'trace.json')]).stderr).toMatch(/^error: --trace \S+: there is no folder \S+; create it first\n$/);
  });
});
