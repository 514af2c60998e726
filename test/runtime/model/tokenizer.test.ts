import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { encodeLong } from '../../../runtime/model/encodeLong.js';
import { detokenizer } from '../../../runtime/model/detokenizer.js';
import { makeTokenizer, readTokenizer } from '../../../runtime/model/tokenizer.js';

const bookworm = fileURLToPath(new URL('../../../examples/bookworm/', import.meta.url));
const json = JSON.parse(readFileSync(`${bookworm}tokenizer.json`, 'utf8')) as object;
const tokenizer = await readTokenizer(bookworm);

describe('the tokenizer', () => {
  test.prop([fc.string({ unit: 'grapheme', maxLength: 40 })])('encodes and decodes any text to itself, adding nothing', (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test.prop([fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom(' ', '  ', '\n', '\n\n', ' word', 'word', "'s", '12345', '.\n', '\t', '<|pad|>')), { maxLength: 40 }), fc.integer({ min: 1, max: 30 })], { numRuns: 300 })(
    'gives a text in pieces the ids that it gives the text', async (words, size) => {
      const text = words.join('');
      expect(await encodeLong(tokenizer, text, undefined, size)).toEqual(tokenizer.encode(text));
    });

  test('is cut nowhere where words may be read across a blank', () => {
    const changed = (changes: object) => makeTokenizer({ ...json, ...changes }, {}).border;
    expect(changed({})).toBeDefined();
    expect(changed({ pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true } })).toBeUndefined();
    expect(changed({ normalizer: { type: 'Prepend', prepend: '▁' } })).toBeUndefined();
    expect(changed({ pre_tokenizer: null })).toBeUndefined();
  });

  test('a long text is given up when the signal fires', async () => {
    const controller = new AbortController();
    const encoding = encodeLong(tokenizer, 'word '.repeat(1000), controller.signal, 100);
    controller.abort(new Error('enough'));
    await expect(encoding).rejects.toThrow('enough');
  });

  test('leaves special tokens out of text', () => {
    expect(tokenizer.decode([0, ...tokenizer.encode('a b'), 1])).toBe('a b');
  });

  test('adds a BOS where the config says so, unless an option says otherwise', () => {
    expect(tokenizer.bosId).toBe(0);
    const config = { add_bos_token: true, bos_token: '<|begin_of_text|>' };
    expect(makeTokenizer(json, config).bosId).toBe(0);
    expect(makeTokenizer(json, { ...config, bos_token: { content: '<|begin_of_text|>' } }).bosId).toBe(0);
    expect(makeTokenizer(json, config, { addBos: false }).bosId).toBeUndefined();
    expect(makeTokenizer(json, { bos_token: '<|begin_of_text|>' }).bosId).toBeUndefined();
    expect(makeTokenizer(json, {}, { bosId: 0 }).bosId).toBeUndefined();
    expect(makeTokenizer(json, {}, { bosId: 0, addBos: true }).bosId).toBe(0);
  });

  test("adds a BOS where the tokenizer's own post-processor does", () => {
    const template = {
      type: 'TemplateProcessing', pair: [], single: [{ SpecialToken: { id: '<|begin_of_text|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      special_tokens: { '<|begin_of_text|>': { id: '<|begin_of_text|>', ids: [0], tokens: ['<|begin_of_text|>'] } },
    };
    expect(makeTokenizer({ ...json, post_processor: template }, { bos_token: '<|begin_of_text|>' }).bosId).toBe(0);
  });

  test.each([
    ['a file that is no tokenizer', [], {}, {}, 'R310'],
    ['a tokenizer of an unknown kind', { model: { type: 'Nonsense' } }, {}, {}, 'R310'],
    ['a BOS that nobody names', json, {}, { addBos: true }, 'R311'],
  ])('%s is refused', (_, file, config, options, code) => {
    expect(() => makeTokenizer(file, config, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the detokenizer', () => {
  test.prop([fc.string({ unit: 'grapheme', maxLength: 30 })])('adds up to the whole text and never splits a character', (text) => {
    const words = detokenizer(tokenizer.decode);
    const parts = tokenizer.encode(text).map((id) => words.push(id));
    expect(parts.join('') + words.end()).toBe(text);
    expect(parts.join('')).not.toContain('\uFFFD');
  });

  test.prop([fc.array(fc.nat(4095), { maxLength: 40 })], { numRuns: 300 })('of any ids adds up to their text, and ends no part within a character', (ids) => {
    const words = detokenizer(tokenizer.decode);
    const parts = ids.map((id) => words.push(id));
    expect(parts.join('') + words.end()).toBe(tokenizer.decode(ids));
    for (const part of parts) expect(part).not.toMatch(/[\uD800-\uDFFF]/u);
  });

  test('gives up on bytes that never become a character', () => {
    const bytes = tokenizer.encode('\u{1F41B}').slice(0, 1);
    const words = detokenizer(tokenizer.decode);
    const parts = Array.from({ length: 8 }, () => words.push(bytes[0] ?? 0));
    expect(parts.slice(0, 4)).toEqual(['', '', '', '']);
    expect(parts[4]).toBe('\uFFFD'.repeat(5));
    expect(words.end()).toBe('\uFFFD'.repeat(3));
  });
});
