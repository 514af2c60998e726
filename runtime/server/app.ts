import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { z } from 'zod';
import { ApiError, apiErrorOf } from './apiError.js';
import { type Asked, askedOfChat, askedOfCompletion } from './asked.js';
import { readJson } from './body.js';
import type { RequestLog } from './log.js';
import { refuseUnsupported } from './refused.js';
import { failed, type Outcome, respond } from './respond.js';
import { chatBody, completionBody, parseBody } from './schema.js';
import type { Service } from './service.js';
import { chatWire, completionWire, type Wire } from './wire.js';

/** Paths and the method each takes. */
const routes: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/v1/chat/completions': 'POST', '/v1/completions': 'POST', '/v1/models': 'GET', '/health': 'GET', '/metrics': 'GET',
};

type Env = { readonly Variables: { gone: AbortSignal; arrived: number; settles: boolean } };

/** The HTTP interface of a service. `log` hears of every request when it has ended. */
export function createApp(service: Service, log: (entry: RequestLog) => void = () => {}): Hono<Env> {
  const { options, metrics, id } = service;
  const app = new Hono<Env>();

  const account = (c: Context<Env>, { status, ending, error }: Outcome): void => {
    const route = routeOf(c.req.path);
    const seconds = (performance.now() - c.get('arrived')) / 1000;
    metrics.requests.add(1, { route, status: String(status) });
    if (routes[route] === 'POST') metrics.requestSeconds.observe(seconds);
    log({ verb: c.req.method, path: c.req.path, status, seconds, usage: ending?.usage, method: ending?.extras.method, error });
  };

  app.use(async (c, next) => {
    c.set('arrived', performance.now());
    // Asked for before the body is read: the adapter watches the connection only for those who ask.
    c.set('gone', c.req.raw.signal);
    await next();
    // Answers account for themselves when their work has ended, which is later than their first byte.
    if (c.get('settles') !== true) account(c, { status: c.res.status, ending: undefined, error: c.error });
  });
  if (options.corsOrigin !== undefined) app.use(cors({ origin: options.corsOrigin, exposeHeaders: ['Retry-After'] }));
  if (options.apiKey !== undefined) app.use(authorized(options.apiKey));

  app.get('/health', (c) => {
    const { waiting, running, closed } = service.queue;
    return c.json({ status: closed ? 'shutting_down' : 'ok', ready: !closed, model: id, queue: { waiting, running, limit: options.queue } }, closed ? 503 : 200);
  });
  app.get('/metrics', (c) => c.text(metrics.text(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }));

  const model = { id, object: 'model', created: service.created, owned_by: 'warpfold', context_window: service.model.config.window };
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [model] }));
  app.get('/v1/models/:id{.+}', (c) => {
    checkModel(c.req.param('id'), id);
    return c.json(model);
  });

  const answers = <T>(path: 'chat' | 'completion', schema: z.ZodType<T>, asked: (body: T) => Asked, wire: Wire): MiddlewareHandler<Env> => async (c) => {
    const body = await readJson(c, options.maxBody);
    refuseUnsupported(path, body);
    const request = asked(parseBody(schema, body));
    if (request.model !== undefined) checkModel(request.model, id);
    c.set('settles', true);
    return respond(c, service, wire, request, c.get('gone'), (outcome) => account(c, outcome));
  };
  const layers = service.model.config.numLayers;
  app.post('/v1/chat/completions', answers('chat', chatBody, (body) => askedOfChat(body, options.defaults, layers), chatWire));
  app.post('/v1/completions', answers('completion', completionBody, (body) => askedOfCompletion(body, options.defaults, layers), completionWire));

  app.notFound((c) => failed(c, notThere(c)));
  app.onError((error, c) => failed(c, apiErrorOf(error)));
  return app;
}

/** Of the paths there are; any other is one label, or a scanner could fill the metrics. */
const routeOf = (path: string): string => (path in routes ? path : path.startsWith('/v1/models/') ? '/v1/models/{id}' : 'other');

function notThere(c: Context): ApiError {
  const method = routes[c.req.path];
  if (method === undefined) return new ApiError(404, `there is no ${c.req.path}; there are ${Object.keys(routes).join(', ')}`, { code: 'not_found' });
  c.header('Allow', method);
  return new ApiError(405, `${c.req.path} takes ${method}, not ${c.req.method}`, { code: 'method_not_allowed' });
}

function checkModel(asked: string, id: string): void {
  if (asked !== id) throw new ApiError(404, `the model '${asked}' does not exist; this server serves '${id}'`, { param: 'model', code: 'model_not_found' });
}

/** Compares keys in a time that tells nothing of them. Health is open: who watches a server need not use it. */
function authorized(apiKey: string): MiddlewareHandler<Env> {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const right = digest(apiKey);
  return async (c, next) => {
    const [, given] = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (c.req.path !== '/health' && (given === undefined || !timingSafeEqual(digest(given), right))) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new ApiError(401, given === undefined ? 'the API key is missing; send Authorization: Bearer KEY' : 'the API key is wrong', { code: 'invalid_api_key' });
    }
    await next();
  };
}
