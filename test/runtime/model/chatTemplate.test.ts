import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { type ChatMessage, makeChatTemplate, readChatTemplate } from '../../../runtime/model/chatTemplate.js';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const llama = makeChatTemplate({ bos_token: '<|begin_of_text|>', eos_token: { content: '<|eot_id|>' } }, fixture('llama3.jinja'));
const qwen = makeChatTemplate({ bos_token: null, eos_token: '<|im_end|>', chat_template: fixture('qwen2.5.jinja') });
const messages = fc.array(fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), content: fc.string({ unit: 'grapheme', maxLength: 30 }) }), { minLength: 1, maxLength: 5 });

describe('a chat template', () => {
  test.prop([messages])('of Llama 3 begins with a BOS, puts each turn under its role and ends where the assistant speaks', (turns) => {
    // Jinja's trim takes what JavaScript's does.
    const body = turns.map(({ role, content }) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content.trim()}<|eot_id|>`).join('');
    expect(llama?.render(turns)).toBe(`<|begin_of_text|>${body}<|start_header_id|>assistant<|end_header_id|>\n\n`);
  });

  test.prop([messages, fc.option(fc.string({ minLength: 1 }), { nil: undefined })])('of Qwen2.5 brings its own system turn unless there is one', (turns, system) => {
    const all: readonly ChatMessage[] = system === undefined ? turns : [{ role: 'system', content: system }, ...turns];
    const body = turns.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('');
    const first = system ?? 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.';
    expect(qwen?.render(all)).toBe(`<|im_start|>system\n${first}<|im_end|>\n${body}<|im_start|>assistant\n`);
  });

  example('of several is the one called default; a file of its own wins; none is no error', async () => {
    const several = { chat_template: [{ name: 'tool_use', template: 'tools' }, { name: 'default', template: 'default' }] };
    expect(makeChatTemplate(several)?.render([])).toBe('default');
    expect(makeChatTemplate(several, 'own')?.render([])).toBe('own');
    expect(makeChatTemplate({})).toBeUndefined();
    const dir = mkdtempSync(join(tmpdir(), 'chat-'));
    expect(await readChatTemplate(dir)).toBeUndefined();
    writeFileSync(join(dir, 'tokenizer_config.json'), JSON.stringify({ ...several, bos_token: '<s>' }));
    expect((await readChatTemplate(dir))?.render([])).toBe('default');
    writeFileSync(join(dir, 'chat_template.jinja'), '{{ bos_token }}{{ messages[0].content }}{{ pad_token is defined }}');
    expect((await readChatTemplate(dir))?.render([{ role: 'user', content: 'x' }])).toBe('<s>xfalse');
  });

  example('that refuses the messages says why; one that cannot be read says where it stands', () => {
    const strict = makeChatTemplate({}, "{% if messages[0].role != 'user' %}{{ raise_exception('Conversation must begin with a user') }}{% endif %}", 'm/chat_template.jinja');
    expect(() => strict?.render([{ role: 'assistant', content: '' }])).toThrow(expect.objectContaining({ code: 'R407', message: 'm/chat_template.jinja: the chat template refuses these messages: Conversation must begin with a user; send messages as this model expects them' }));
    expect(() => makeChatTemplate({}, '{% if %}', 'm/chat_template.jinja')).toThrow(expect.objectContaining({ code: 'R312', message: expect.stringMatching(/^m\/chat_template\.jinja: the chat template cannot be read: .+; /) }));
    expect(() => makeChatTemplate({ chat_template: 5 })).toThrow(expect.objectContaining({ code: 'R312' }));
  });
});
