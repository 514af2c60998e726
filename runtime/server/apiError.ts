import { RuntimeError } from '../error.js';

/** OpenAI's classes of failure, as its clients know them. */
export type ApiErrorType = 'invalid_request_error' | 'authentication_error' | 'rate_limit_error' | 'server_error';

export interface ApiErrorDetails {
  /** The field of the body that is wrong, as a path. */
  readonly param?: string | undefined;
  /** What went wrong as a word that programs compare. */
  readonly code?: string | undefined;
  /** Seconds after which it is worth asking again. */
  readonly retryAfter?: number | undefined;
}

/** A failure as HTTP tells it. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: ApiErrorType;
  readonly param: string | undefined;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  constructor(status: number, message: string, details: ApiErrorDetails = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = typeOf(status);
    this.param = details.param;
    this.code = details.code;
    this.retryAfter = details.retryAfter;
  }
}

function typeOf(status: number): ApiErrorType {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The body every failure has. */
export interface ErrorBody { readonly error: { readonly message: string; readonly type: ApiErrorType; readonly param: string | null; readonly code: string | null } }

export const errorBody = ({ message, type, param, code }: ApiError): ErrorBody => ({ error: { message, type, param: param ?? null, code: code ?? null } });

/** A client that has gone gets no answer; its status is for the log and the metrics, as nginx counts it. */
export const clientGone = (): ApiError => new ApiError(499, 'the client closed the connection', { code: 'client_closed_request' });

/** What the client is told of any failure. A failure of ours keeps its text to the server's log. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RuntimeError) return ofRuntime(error);
  return new ApiError(500, 'the server failed; its log says how', { code: 'internal_error' });
}

/** In the client's words: the runtime names options as programs write them. */
function ofRuntime(error: RuntimeError): ApiError {
  const [said, name] = /^(?:parallelComp\.)?([a-z]+(?:[A-Z][a-z]+)*) is /.exec(error.what) ?? [];
  const status = statusOf(error);
  const code = codeOf(error);
  if (error.code !== 'R403' || status !== 400 || said === undefined || name === undefined) return new ApiError(status, error.message, { code });
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const param = ofOpenAi.includes(snake) ? snake : `parallelcomp.${snake}`;
  return new ApiError(status, `${param} is ${error.message.slice(error.message.indexOf(said) + said.length)}`, { param, code: 'invalid_value' });
}

/** Options that stand in the body itself. */
const ofOpenAi: readonly string[] = ['max_tokens', 'temperature', 'top_p', 'top_k', 'min_p', 'seed', 'stop', 'stop_token_ids'];

/** R4xx are mistakes of a request, but for a model that has ended and the server's own budget; a full device may have room later; everything else is the server's. */
function statusOf(error: RuntimeError): number {
  if (error.code === 'R408' || isOutOfMemory(error)) return 503;
  return error.code.startsWith('R4') ? 400 : 500;
}

/** Whether the device, or what the server may take of it, has too little left. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof RuntimeError && (error.code === 'R014' || (error.code === 'R403' && error.what.startsWith('memoryBudget ')));

const words: Readonly<Record<string, string>> = { R402: 'context_length_exceeded', R406: 'no_chat_template', R408: 'shutting_down' };
const codeOf = (error: RuntimeError): string => (isOutOfMemory(error) ? 'out_of_memory' : (words[error.code] ?? error.code));
