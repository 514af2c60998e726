import type { ChatMessage } from '../model/chatTemplate.js';
import { paperMix } from '../parallelComp/calibration.js';
import type { GivenOptions } from '../parallelComp/options.js';
import type { Method } from '../request.js';
import type { ChatBody, CommonBody, CompletionBody } from './schema.js';

/** What follows the document, or is the whole prompt. */
export type Question =
  | { readonly kind: 'prompt'; readonly prompt: string }
  | { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] };

/** How tokens are chosen. A field left out follows the server's options. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number | undefined;
  readonly topK: number | undefined;
  readonly minP: number | undefined;
  readonly seed: number | undefined;
  readonly stop: readonly string[];
  readonly stopTokenIds: readonly number[];
  readonly ignoreEos: boolean;
}

/** A request in our own words, of either route. */
export interface Asked {
  readonly question: Question;
  /** The document where the request names one. */
  readonly contexts: readonly string[] | undefined;
  readonly questionTokens: number | undefined;
  readonly method: Method;
  readonly maxTokens: number | undefined;
  /** Longest answer where the request sets no limit; undefined: what the window leaves. */
  readonly usualTokens: number | undefined;
  readonly sampling: Sampling;
  readonly parallelComp: GivenOptions;
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** How tokens are chosen where a request does not say. */
export interface SamplingDefaults { readonly temperature?: number | undefined; readonly topP?: number | undefined; readonly topK?: number | undefined; readonly minP?: number | undefined }

/** What a request that says nothing gets. */
export interface RequestDefaults extends SamplingDefaults { readonly parallelComp: GivenOptions }

/** OpenAI's default for /v1/completions. */
const completionTokens = 16;

export function askedOfChat(body: ChatBody, defaults: RequestDefaults, numLayers: number): Asked {
  const messages = body.messages.map(({ role, content }): ChatMessage => ({
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : content.map((part) => part.text).join(''),
  }));
  return { ...common(body, defaults, numLayers), question: { kind: 'chat', messages }, maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined, usualTokens: undefined };
}

export function askedOfCompletion(body: CompletionBody, defaults: RequestDefaults, numLayers: number): Asked {
  const prompt = typeof body.prompt === 'string' ? body.prompt : (body.prompt[0] ?? '');
  return { ...common(body, defaults, numLayers), question: { kind: 'prompt', prompt }, maxTokens: body.max_tokens ?? undefined, usualTokens: completionTokens };
}

function common(body: CommonBody, defaults: RequestDefaults, numLayers: number): Omit<Asked, 'question' | 'maxTokens' | 'usualTokens'> {
  const ours = body.parallelcomp ?? {};
  const { contexts } = ours;
  return {
    contexts: contexts == null ? undefined : typeof contexts === 'string' ? [contexts] : contexts,
    questionTokens: ours.question_tokens ?? undefined,
    method: ours.method ?? 'auto',
    sampling: {
      temperature: body.temperature ?? defaults.temperature ?? 0,
      topP: body.top_p ?? defaults.topP,
      topK: body.top_k == null ? defaults.topK : body.top_k < 1 ? undefined : body.top_k,
      minP: body.min_p ?? defaults.minP,
      seed: body.seed == null ? undefined : Number(BigInt.asUintN(32, BigInt(body.seed))),
      stop: body.stop == null ? [] : typeof body.stop === 'string' ? [body.stop] : body.stop,
      stopTokenIds: body.stop_token_ids ?? [],
      ignoreEos: body.ignore_eos ?? false,
    },
    parallelComp: optionsOf(ours, defaults.parallelComp, numLayers),
    model: body.model ?? undefined,
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  };
}

/** The request's options over the server's. */
function optionsOf(ours: NonNullable<CommonBody['parallelcomp']>, defaults: GivenOptions, numLayers: number): GivenOptions {
  const calibration = ours.calibration == null ? defaults.calibration : ours.calibration === 'paper' ? paperMix(numLayers) : [];
  return {
    keepChunks: ours.keep_chunks ?? defaults.keepChunks,
    capacity: ours.capacity ?? defaults.capacity,
    chunkTokens: ours.chunk_tokens ?? defaults.chunkTokens,
    chunkCut: ours.chunk_cut ?? defaults.chunkCut,
    observationRows: ours.observation_rows ?? defaults.observationRows,
    pool: ours.pool ?? defaults.pool,
    group: ours.group ?? defaults.group,
    threshold: ours.threshold ?? defaults.threshold,
    edge: ours.edge ?? defaults.edge,
    queryBos: ours.query_bos ?? defaults.queryBos,
    calibration,
  };
}
