import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import type { Model } from '../../../runtime/model.js';
import type { RequestLog } from '../../../runtime/server/log.js';
import type { ServerOptions } from '../../../runtime/server/options.js';
import { type Server, serveModel } from '../../../runtime/server/serve.js';
import { type FakeModel, type FakeOptions, fakeModel } from './fakeModel.js';

/** A server on a free port that ends with the test, and OpenAI's own client for it. */
export interface Listening {
  readonly server: Server;
  readonly client: OpenAI;
  /** Requests for answers that have ended. */
  readonly log: RequestLog[];
  /** Waits until so many requests are in the queue. */
  waiting(count: number): Promise<void>;
  /** Sends a body to a route as JSON; a string goes as it stands. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
}

/** Serves a model until the test ends. */
export async function listen(model: Model, options: Partial<ServerOptions> = {}): Promise<Listening> {
  const log: RequestLog[] = [];
  const server = await serveModel(model, { port: 0, ...options }, { log: (entry) => { if (entry.verb === 'POST') log.push(entry); } });
  onTestFinished(() => server.close());
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: options.apiKey ?? 'none', maxRetries: 0 });
  const post: Listening['post'] = (path, body, init = {}) =>
    fetch(`${server.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init, headers: { 'Content-Type': 'application/json', ...init.headers } });
  const waiting = async (count: number): Promise<void> => {
    for (;;) {
      const { queue } = (await (await fetch(`${server.url}/health`)).json()) as { readonly queue: { readonly waiting: number } };
      if (queue.waiting === count) return;
    }
  };
  return { server, client, log, post, waiting };
}

/** {@link listen} with a model that only follows the protocol. */
export async function listenFake(options: Partial<ServerOptions> = {}, fake: FakeOptions = {}): Promise<Listening & { readonly model: FakeModel }> {
  const model = fakeModel(fake);
  const listening = await listen(model, options);
  return { ...listening, model };
}

/** Waits until a claim holds; fails with what it last was. */
export async function until(claim: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 5000;
  while (!claim()) {
    if (performance.now() > end) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
