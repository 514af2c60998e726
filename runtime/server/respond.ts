import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answerTo, type Served } from './answering.js';
import { type ApiError, apiErrorOf, clientGone, errorBody } from './apiError.js';
import type { Asked } from './asked.js';
import { createFeed, type Fed, type Feed } from './feed.js';
import type { Service } from './service.js';
import type { Ending, Envelope, Wire } from './wire.js';

/** How a request ended, for log and metrics. */
export interface Outcome { readonly status: number; readonly ending: Ending | undefined; readonly error: unknown }

/**
 * Works on a request and answers as it asked to: one object, or a stream of events that begins with the first thing there
 * is to say, so that what fails before has its own status. `settle` is called once, when the work has ended.
 */
export async function respond(c: Context, service: Service, wire: Wire, asked: Asked, gone: AbortSignal, settle: (outcome: Outcome) => void): Promise<Response> {
  const envelope = { id: `${wire.idPrefix}${randomUUID().replaceAll('-', '')}`, created: Math.floor(Date.now() / 1000), model: service.id, systemFingerprint: service.fingerprint };
  // Where OpenAI's clients look for what to name in a report.
  c.header('X-Request-Id', envelope.id);
  const { feed, isWaiting } = work(service, asked, gone, settle);
  if (!asked.stream) return c.json(await whole(feed, envelope, wire));
  const ms = service.options.keepAlive * 1000;
  const first = await feed.next(ms);
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, (stream) => pour(stream, first, feed, { isWaiting, envelope, wire, asked, ms }));
}

/** Work under way. `isWaiting`: for its turn. */
interface Work { readonly feed: Feed<Served>; readonly isWaiting: () => boolean }

/** Starts the work; its end, good or bad, ends the feed. */
function work(service: Service, asked: Asked, gone: AbortSignal, settle: (outcome: Outcome) => void): Work {
  const feed = createFeed<Served>();
  const life = new AbortController();
  const leave = (): void => life.abort(clientGone());
  if (gone.aborted) leave();
  gone.addEventListener('abort', leave, { once: true });
  service.live.add(life);
  let ending: Ending | undefined;
  let waiting = true;
  const push = (served: Served): void => {
    if (served.type === 'end') ending = served.ending;
    feed.push(served);
  };
  const finish = (error?: unknown): void => {
    gone.removeEventListener('abort', leave);
    service.live.delete(life);
    settle({ status: error === undefined ? 200 : apiErrorOf(error).status, ending, error });
    feed.end(error);
  };
  answerTo(service, asked, life.signal, push, () => { waiting = false; }).then(() => finish(), finish);
  return { feed, isWaiting: () => waiting };
}

async function whole(feed: Feed<Served>, envelope: Envelope, wire: Wire): Promise<object> {
  for (;;) {
    const fed = await feed.next(2 ** 31 - 1);
    if (fed.kind === 'item' && fed.item.type === 'end') return wire.whole(envelope, fed.item.text, fed.item.ending);
    if (fed.kind === 'end') throw new Error('the answer ended without its account');
  }
}

interface Pouring { readonly isWaiting: () => boolean; readonly envelope: Envelope; readonly wire: Wire; readonly asked: Asked; readonly ms: number }

/** Writes a feed as server-sent events. An error behind the first event becomes one, as OpenAI's clients expect it. */
async function pour(stream: SSEStreamingApi, first: Fed<Served>, feed: Feed<Served>, { isWaiting, envelope, wire, asked, ms }: Pouring): Promise<void> {
  const send = (object: object | undefined): Promise<void> => (object === undefined ? Promise.resolve() : stream.writeSSE({ data: JSON.stringify(object) }));
  const chunk = (object: object | undefined): Promise<void> => send(object !== undefined && asked.includeUsage ? { ...object, usage: null } : object);
  let opened = false;
  const open = async (): Promise<void> => {
    if (!opened) await chunk(wire.first(envelope));
    opened = true;
  };
  try {
    for (let fed = first; fed.kind !== 'end'; fed = await feed.next(ms)) {
      if (fed.kind === 'quiet') { await stream.write(isWaiting() ? ': waiting\n\n' : ': working\n\n'); continue; }
      const { item } = fed;
      if (item.type === 'progress') await stream.write(`: prefill ${item.done}/${item.total}\n\n`);
      if (item.type === 'text') { await open(); await chunk(wire.piece(envelope, item.text)); }
      if (item.type !== 'end') continue;
      await open();
      await chunk(wire.last(envelope, item.ending));
      if (asked.includeUsage) await send(wire.usage(envelope, item.ending.usage));
      await stream.writeSSE({ data: '[DONE]' });
    }
  } catch (error) {
    await send(errorBody(apiErrorOf(error)));
  }
}

/** A failure as a response. */
export function failed(c: Context, error: ApiError): Response {
  if (error.retryAfter !== undefined) c.header('Retry-After', String(error.retryAfter));
  // Hono lists the statuses it knows; 499 is nginx's.
  return c.json(errorBody(error), error.status as ContentfulStatusCode);
}
