import { ApiError } from './apiError.js';

type Neutral = (value: unknown) => boolean;

const isEmpty: Neutral = (v) => typeof v === 'object' && v !== null && Object.keys(v).length === 0;
const oneOf = (...values: readonly unknown[]): Neutral => (v) => values.includes(v);
const never: Neutral = () => false;

interface Refusal {
  /** Values that change nothing; null and a missing field never do. */
  readonly allowed: Neutral;
  readonly why: string;
}

const oneAnswer = 'one answer is given per request; send several requests';
const noTools = 'tools are not supported; put what the model should know into the messages';
const freeText = 'answers are free text; ask for the format in the prompt and check it';
const noPenalty = 'penalties are not supported; use temperature, top_p, top_k or min_p';
const noLogprobs = 'log probabilities are not given; leave the field out';

/** What clients of the API may ask for and would silently miss: these change the answer, so they are refused. */
const common: Readonly<Record<string, Refusal>> = {
  n: { allowed: oneOf(1), why: oneAnswer },
  best_of: { allowed: oneOf(1), why: oneAnswer },
  use_beam_search: { allowed: oneOf(false), why: oneAnswer },
  logit_bias: { allowed: isEmpty, why: 'biases on tokens are not supported; leave the field out' },
  frequency_penalty: { allowed: oneOf(0), why: noPenalty },
  presence_penalty: { allowed: oneOf(0), why: noPenalty },
  repetition_penalty: { allowed: oneOf(1), why: noPenalty },
  min_tokens: { allowed: oneOf(0), why: 'a least length is not supported; use ignore_eos with max_tokens' },
  guided_json: { allowed: never, why: freeText },
  guided_regex: { allowed: never, why: freeText },
  guided_choice: { allowed: never, why: freeText },
  guided_grammar: { allowed: never, why: freeText },
  structured_outputs: { allowed: never, why: freeText },
  grammar: { allowed: never, why: freeText },
  json_schema: { allowed: never, why: freeText },
  response_format: { allowed: (v) => typeof v === 'object' && v !== null && 'type' in v && v.type === 'text', why: freeText },
};

const chatOnly: Readonly<Record<string, Refusal>> = {
  tools: { allowed: isEmpty, why: noTools },
  functions: { allowed: isEmpty, why: noTools },
  tool_choice: { allowed: oneOf('none', 'auto'), why: noTools },
  function_call: { allowed: oneOf('none', 'auto'), why: noTools },
  modalities: { allowed: (v) => Array.isArray(v) && v.every((m) => m === 'text'), why: 'answers are text; leave the field out' },
  audio: { allowed: never, why: 'answers are text; leave the field out' },
  web_search_options: { allowed: never, why: 'there is no web search; give the documents in parallelcomp.contexts' },
  logprobs: { allowed: oneOf(false), why: noLogprobs },
  top_logprobs: { allowed: oneOf(0), why: noLogprobs },
};

const completionOnly: Readonly<Record<string, Refusal>> = {
  echo: { allowed: oneOf(false), why: 'the prompt is not repeated; put it in front of the answer yourself' },
  suffix: { allowed: oneOf(''), why: 'text is only continued, nothing is inserted before a suffix; leave the field out' },
  logprobs: { allowed: never, why: noLogprobs },
};

const tables = { chat: { ...common, ...chatOnly }, completion: { ...common, ...completionOnly } };

/** Throws a 400 for the first field that asks for what is not there. Fields nobody knows are left alone. */
export function refuseUnsupported(route: keyof typeof tables, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const given = new Map(Object.entries(body));
  for (const [param, { allowed, why }] of Object.entries(tables[route])) {
    const value = given.get(param);
    if (value !== undefined && value !== null && !allowed(value)) throw new ApiError(400, `${param}: ${why}`, { param, code: 'unsupported_parameter' });
  }
}
