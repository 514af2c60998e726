/** What `warpfold serve --help` says behind the options: enough to use the server without another page. */
export const serveHelp = `
Examples:
  $ warpfold serve --model models/Llama-3-8B-Instruct
  $ warpfold serve --model models/Llama-3-8B-Instruct --host 0.0.0.0 --api-key "$KEY" --calibration paper --capacity 4000

  $ curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' -d '{
      "messages": [{ "role": "user", "content": "What is the pass key?" }],
      "parallelcomp": { "contexts": "a text of any length, or a list of texts" } }'

  const client = new OpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'none' });
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');

Routes: POST /v1/chat/completions, POST /v1/completions, GET /v1/models, /health, /metrics (Prometheus).

How a request is read:
  What fits the window is read as it stands, exactly as the plain model would. Beyond that it needs a document and a question:
  - parallelcomp.contexts is the document (pieces of a list are never joined), messages or prompt are the question;
  - without it the longest text is split: its last paragraph is the question (with those before it as long as they are short
    together; a paragraph that is too long is split by lines, then by words), what precedes it is the document.
    parallelcomp.question_tokens sets how many tokens the question has.
  Documents are kept (--documents), so that further questions about the same text skip reading it:
  usage.prompt_tokens_details.cached_tokens says how many tokens were saved.

Fields of a request beside OpenAI's model, messages, prompt, stream, stream_options, max_tokens, max_completion_tokens, temperature,
top_p, stop, seed: top_k, min_p, stop_token_ids, ignore_eos, and parallelcomp with contexts, question_tokens, method (auto,
parallelcomp, full, truncated, streaming), keep_chunks, capacity, chunk_tokens, chunk_cut, observation_rows, pool, group, threshold,
edge, query_bos, calibration (none, paper). Fields nobody knows are ignored; known ones that are not supported and would change
the answer (tools, response_format, logit_bias, n above 1, logprobs, penalties) are refused.
Without a temperature the model's generation_config.json decides: its sampling where it has do_sample, else the most likely token.
Without max_tokens a chat's answer may be as long as the window allows, up to 4096 tokens; a completion has 16, as OpenAI's.
Answers carry parallelcomp: the method, the chunks with their NLL and which were kept, timings in seconds.
A stream gets comments (": prefill 12/65") while a long prompt is read; without stream most clients give up after some minutes of
silence, so stream where a document takes that long. A client that goes away ends the work on its request.
Stop with Ctrl-C: running requests may end (--grace), a second Ctrl-C ends them.
`;
