import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { z } from 'zod';
import { RuntimeError } from '../error.js';
import { readJson } from './config.js';

/** One turn of a conversation, in the words that chat templates use. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Who speaks, for templates that ask for it. */
  readonly name?: string | undefined;
}

/** Puts a conversation into the text a model was trained on. */
export interface ChatTemplate {
  /** Text of the messages, special tokens included, ended so that the assistant speaks next. Throws R407 where the template refuses them. */
  render(messages: readonly ChatMessage[]): string;
}

const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform((t) => t.content)]).nullish();
const named = z.looseObject({ name: z.string(), template: z.string() });
const settings = z.looseObject({
  chat_template: z.union([z.string(), z.array(named)]).nullish(),
  bos_token: token, eos_token: token, pad_token: token, unk_token: token,
});

/**
 * The chat template of a model directory: chat_template.jinja, else the one in tokenizer_config.json, of several the one
 * named `default`; undefined where there is none. Throws R302 and R312.
 */
export async function readChatTemplate(dir: string): Promise<ChatTemplate | undefined> {
  const config = join(dir, 'tokenizer_config.json');
  const json = await readJson(config).catch((e: unknown) => {
    if (e instanceof RuntimeError && e.code === 'R301') return {};
    throw e;
  });
  const file = join(dir, 'chat_template.jinja');
  const own = await readFile(file, 'utf8').catch(() => undefined);
  return own === undefined ? makeChatTemplate(json, undefined, config) : makeChatTemplate(json, own, file);
}

/** {@link readChatTemplate} on what the files hold. `own`: the text of chat_template.jinja. */
export function makeChatTemplate(config: unknown, own?: string, where = 'tokenizer_config.json'): ChatTemplate | undefined {
  const parsed = settings.safeParse(config);
  if (!parsed.success) throw new RuntimeError('R312', `this names no chat template and special tokens that can be used (${parsed.error.issues[0]?.path.join('.')})`, { where, remedy: 'download the model directory again' });
  const { chat_template: given, bos_token, eos_token, pad_token, unk_token } = parsed.data;
  const text = own ?? (Array.isArray(given) ? (given.find((t) => t.name === 'default') ?? given[0])?.template : given);
  if (text == null) return undefined;
  const template = compile(text, where);
  // A template asks `is defined`, or takes what is missing as empty: only named tokens are given.
  const tokens = Object.fromEntries(Object.entries({ bos_token, eos_token, pad_token, unk_token }).filter(([, t]) => t != null));
  return { render: (messages) => render(template, { ...tokens, messages: messages.map(plain), add_generation_prompt: true }, where) };
}

/** Templates print what is not there as text, so no key may be undefined. */
const plain = (message: ChatMessage): object => Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));

function compile(text: string, where: string): Template {
  try {
    return new Template(text);
  } catch (cause) {
    throw new RuntimeError('R312', `the chat template cannot be read: ${messageOf(cause)}`, { where, remedy: 'give messages as one question in the model\'s own format', cause });
  }
}

function render(template: Template, values: Record<string, unknown>, where: string): string {
  try {
    return template.render(values);
  } catch (cause) {
    throw new RuntimeError('R407', `the chat template refuses these messages: ${messageOf(cause)}`, { where, remedy: 'send messages as this model expects them', cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
