import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { RuntimeError } from '../error.js';
import { readJson } from './config.js';

/** Text to ids and back. `bosId` is what every sequence begins with; undefined where the model was trained without. */
export interface Tokenizer {
  readonly bosId: number | undefined;
  /** Ids of `text` alone; no special token is added. */
  encode(text: string): number[];
  /** Text of `ids`, special tokens left out. */
  decode(ids: readonly number[]): string;
  /** Finds places at which a text may be cut: ids of the pieces are then those of the text. Absent where there are none. */
  readonly border?: RegExp | undefined;
  /** {@link encode} on another thread. Absent where there are none for it; may reject, and the caller then encodes. */
  readonly encodeApart?: ((text: string) => Promise<ArrayLike<number>>) | undefined;
  /** Encodes one text here that waits for those threads; whether there was one. */
  readonly encodeWaiting?: (() => boolean) | undefined;
}

export interface TokenizerOptions {
  /** Overrides what the files say about a BOS in front. */
  readonly addBos?: boolean;
  /** The id that config.json calls BOS, for tokenizers that name none. */
  readonly bosId?: number | undefined;
}

const named = z.union([z.string(), z.looseObject({ content: z.string() }).transform((t) => t.content)]);
const settings = z.looseObject({ add_bos_token: z.boolean().nullish(), bos_token: named.nullish() });

/**
 * The tokenizer of a model directory: tokenizer.json, and tokenizer_config.json where there is one. A BOS is put in front
 * when the option says so, else when `add_bos_token` is true or the tokenizer's own post-processor adds it. Throws R310, R311.
 */
export async function readTokenizer(dir: string, options: TokenizerOptions = {}): Promise<Tokenizer> {
  const file = join(dir, 'tokenizer.json');
  const json = await readJson(file);
  const config = await readJson(join(dir, 'tokenizer_config.json')).catch((e: unknown) => {
    if (e instanceof RuntimeError && e.code === 'R301') return {};
    throw e;
  });
  return makeTokenizer(json, config, options, file);
}

/** {@link readTokenizer} on the parsed files. */
export function makeTokenizer(json: unknown, config: unknown, options: TokenizerOptions = {}, where = 'tokenizer.json'): Tokenizer {
  const parsed = settings.safeParse(config);
  if (typeof json !== 'object' || json === null || !parsed.success) throw new RuntimeError('R310', 'this is not a tokenizer', { where, remedy: 'download the model directory again' });
  const inner = build(json, parsed.data, where);
  const bosToken = parsed.data.bos_token;
  const bosId = (bosToken == null ? undefined : inner.token_to_id(bosToken)) ?? options.bosId;
  const addsBos = options.addBos ?? (parsed.data.add_bos_token === true || (bosId !== undefined && inner.encode('', { add_special_tokens: true }).ids[0] === bosId));
  if (addsBos && bosId === undefined) throw new RuntimeError('R311', 'a BOS is asked for, but neither tokenizer nor config names one', { where, remedy: 'leave the BOS option out' });
  return {
    bosId: addsBos ? bosId : undefined,
    encode: (text) => (text === '' ? [] : inner.encode(text, { add_special_tokens: false }).ids),
    border: borderOf(json),
    decode: (ids) => (ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: true, clean_up_tokenization_spaces: false })),
  };
}

function build(json: object, config: object, where: string): HuggingFaceTokenizer {
  try {
    return new HuggingFaceTokenizer(json, config);
  } catch (cause) {
    throw new RuntimeError('R310', 'the tokenizer cannot be built from this file', { where, remedy: 'download the model directory again', cause });
  }
}

interface PreTokenizer { readonly type: string; readonly pretokenizers?: readonly PreTokenizer[] | undefined; readonly behavior?: string | undefined; readonly add_prefix_space?: boolean | undefined }
const preTokenizer: z.ZodType<PreTokenizer> = z.lazy(() => z.looseObject({ type: z.string(), pretokenizers: z.array(preTokenizer).optional(), behavior: z.string().optional(), add_prefix_space: z.boolean().optional() }));
const reading = z.looseObject({
  normalizer: z.looseObject({ type: z.literal('NFC') }).nullish(),
  pre_tokenizer: preTokenizer,
  added_tokens: z.array(z.looseObject({ content: z.string() })).default([]),
});

/** Between a letter and a blank the patterns of all byte-level tokenizers begin a new word; others may read across. */
const wordEnd = /(?<=\p{L})(?=\s)/gu;

function borderOf(json: object): RegExp | undefined {
  const { success, data } = reading.safeParse(json);
  if (!success) return undefined;
  const steps = data.pre_tokenizer.type === 'Sequence' ? (data.pre_tokenizer.pretokenizers ?? []) : [data.pre_tokenizer];
  const keepsBorders = ({ type, behavior, add_prefix_space }: PreTokenizer): boolean =>
    type === 'Digits' || (type === 'Split' && behavior === 'Isolated') || (type === 'ByteLevel' && add_prefix_space !== true);
  const isByteLevel = steps.some(({ type }) => type === 'ByteLevel') && steps.every(keepsBorders);
  // A token that stands for text with a border in it, or takes the blanks behind it.
  const reachesAcross = data.added_tokens.some(({ content }) => /\p{L}(\s|$)/u.test(content));
  return isByteLevel && !reachesAcross ? wordEnd : undefined;
}
