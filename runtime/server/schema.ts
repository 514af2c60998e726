import { z } from 'zod';
import type { ParallelCompOptions } from '../parallelComp/options.js';
import type { Method } from '../request.js';
import { ApiError } from './apiError.js';

/** Most stop strings of a request; OpenAI allows 4. */
const mostStops = 64;

const count = z.number().int().min(1);
const fraction = z.number().min(0).max(1);

/** What a client may send under `parallelcomp`; what is left out or null has the server's default. */
export interface ParallelCompBody {
  /** The document, or its pieces, whose borders no chunk crosses. */
  contexts?: string | string[] | null | undefined;
  /** How many of a long prompt's last tokens are the question. */
  question_tokens?: number | null | undefined;
  /** `auto`: plain where the prompt fits the window, else parallelcomp. */
  method?: Method | null | undefined;
  /** How many chunks are kept. */
  keep_chunks?: number | null | undefined;
  /** Document tokens kept per chunk, layer and KV head. */
  capacity?: number | null | undefined;
  /** Document tokens per chunk. */
  chunk_tokens?: number | null | undefined;
  chunk_cut?: ParallelCompOptions['chunkCut'] | null | undefined;
  /** Last rows of a chunk's pass that judge its tokens. */
  observation_rows?: number | null | undefined;
  /** Width of the max pool over token scores. */
  pool?: number | null | undefined;
  group?: ParallelCompOptions['group'] | null | undefined;
  /** Probability above which calibration excludes a key. */
  threshold?: number | null | undefined;
  /** Width of the sink and recent zones. */
  edge?: number | null | undefined;
  /** Whether the question begins with a BOS too. */
  query_bos?: boolean | null | undefined;
  /** `paper`: the zones by quarter of the layers that the paper uses. */
  calibration?: 'none' | 'paper' | null | undefined;
}

/** Ours, under one key. A field nobody knows is a mistake here: nothing else could have meant it. */
const parallelCompFields = z.strictObject({
  contexts: z.union([z.string(), z.array(z.string())]).nullish(),
  question_tokens: count.nullish(),
  method: z.enum(['auto', 'parallelcomp', 'full', 'truncated', 'streaming']).nullish(),
  keep_chunks: count.nullish(),
  capacity: count.nullish(),
  chunk_tokens: count.nullish(),
  chunk_cut: z.enum(['even', 'fixed']).nullish(),
  observation_rows: count.nullish(),
  pool: count.nullish(),
  group: z.enum(['sum', 'mean', 'max']).nullish(),
  threshold: z.number().gt(0).max(1).nullish(),
  edge: z.number().int().min(0).nullish(),
  query_bos: z.boolean().nullish(),
  calibration: z.enum(['none', 'paper']).nullish(),
}) satisfies z.ZodType<ParallelCompBody>;

const common = {
  model: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: count.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  /** −1 and 0 switch it off, as in other servers. */
  top_k: z.number().int().min(-1).nullish(),
  min_p: fraction.nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(mostStops)]).nullish(),
  stop_token_ids: z.array(z.number().int().min(0)).nullish(),
  ignore_eos: z.boolean().nullish(),
  parallelcomp: parallelCompFields.nullish(),
};

const part = z.looseObject({ type: z.literal('text', { error: 'only text parts are supported' }), text: z.string() });
const content = z.union([z.string(), z.array(part)]);
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content,
  tool_calls: z.array(z.never({ error: 'tools are not supported' })).nullish(),
});

/** The body of /v1/chat/completions as far as it is read; what else there is is left alone. */
export const chatBody = z.looseObject({ ...common, messages: z.array(message).min(1), max_completion_tokens: count.nullish() });
export type ChatBody = z.infer<typeof chatBody>;

const promptText = z.string({ error: (issue) => (issue.code === 'invalid_type' ? 'expected text; lists of tokens are not supported' : undefined) }).min(1);

/** The body of /v1/completions. */
export const completionBody = z.looseObject({ ...common, prompt: z.union([z.string().min(1), z.array(promptText).refine((prompts) => prompts.length === 1, { error: 'one prompt per request; send several requests' })]) });
export type CompletionBody = z.infer<typeof completionBody>;

export type CommonBody = Pick<ChatBody & CompletionBody, keyof typeof common>;

/** The body as the schema reads it. Throws a 400 that says where it is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const { path, message } = deepest(error.issues);
  const param = path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`), '');
  throw new ApiError(400, `${param === '' ? 'the body' : param}: ${message}`, { param: param === '' ? undefined : param, code: 'invalid_value' });
}

interface Found { readonly path: readonly PropertyKey[]; readonly message: string; /** Of the wrong kind altogether, as the branches of a union are that were not meant. */ readonly expected: string | undefined }

/** The issue that says most: the one furthest inside the value, and so of a union's branches. */
function deepest(issues: readonly z.core.$ZodIssue[]): Found {
  const [issue] = issues.toSorted((a, b) => b.path.length - a.path.length);
  if (issue === undefined) return { path: [], message: 'not valid', expected: undefined };
  const message = issue.message.replace(/^Invalid input: /, '');
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path: issue.path, message, expected: issue.code === 'invalid_type' ? issue.expected : undefined };
  const branches = issue.errors.map(deepest);
  const meant = branches.filter((b) => b.path.length > 0 || b.expected === undefined);
  const [best] = meant.sort((a, b) => b.path.length - a.path.length);
  if (best !== undefined) return { ...best, path: [...issue.path, ...best.path] };
  const received = branches[0]?.message.split(', received ')[1] ?? 'another kind';
  return { path: issue.path, message: `expected ${branches.map((b) => b.expected).join(' or ')}, received ${received}`, expected: undefined };
}
