import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, BlockList, isIPv6 } from 'node:net';
import { RuntimeError } from '../error.js';
import type { Model } from '../model.js';
import type { RequestLog } from './log.js';
import { type ServerOptions, serverDefaults } from './options.js';
import { shuttingDown } from './queue.js';

/** A server that listens. */
export interface Server extends AsyncDisposable {
  /** Where it is: the base of all paths. */
  readonly url: string;
  readonly port: number;
  /** Whether only this machine reaches it. */
  readonly loopback: boolean;
  /** Refuses what comes, lets what runs go on for `graceMs` and then ends it, closes. The model stays the caller's. */
  close(graceMs?: number): Promise<void>;
}

/** What is told while a server runs. */
export interface ServeHooks {
  /** Called for every request that has ended. */
  readonly log?: ((entry: RequestLog) => void) | undefined;
}

/** Serves a model over HTTP as OpenAI does. Throws R501 where it may not listen. */
export async function serveModel(model: Model, given: Partial<ServerOptions> = {}, { log }: ServeHooks = {}): Promise<Server> {
  const options = { ...serverDefaults, ...given };
  // Loaded here: routing and validation take longer than all the rest, and who only generates does not need them.
  const [{ createApp }, { createService }, { getRequestListener }] = await Promise.all([import('./app.js'), import('./service.js'), import('@hono/node-server')]);
  const service = createService(model, options);
  const { fetch } = createApp(service, log);
  const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
  // Longer than clients and proxies keep a connection, so that it is never closed under a request of theirs.
  server.keepAliveTimeout = 65_000;
  server.listen(options.port, options.host);
  await once(server, 'listening').catch((cause: unknown) => { throw cannotListen(options, cause); });
  const { port, address } = server.address() as AddressInfo;

  let closing: Promise<void> | undefined;
  const shut = async (graceMs: number): Promise<void> => {
    service.queue.close();
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => { for (const life of service.live) life.abort(shuttingDown()); }, graceMs);
    await service.queue.idle();
    clearTimeout(timer);
    // What was written last still has to leave; connections that only wait do not, nor those nobody reads.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const stuck = setTimeout(() => server.closeAllConnections(), 2000);
    await closed;
    clearInterval(idle);
    clearTimeout(stuck);
    await service.documents.clear();
  };
  const close = (graceMs = 0): Promise<void> => {
    if (graceMs === 0) for (const life of service.live) life.abort(shuttingDown());
    closing ??= shut(graceMs);
    return closing;
  };
  return { url: `http://${isIPv6(options.host) ? `[${options.host}]` : options.host}:${port}`, port, loopback: loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'), close, [Symbol.asyncDispose]: () => close() };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function cannotListen({ host, port }: ServerOptions, cause: unknown): RuntimeError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const remedy = code === 'EADDRINUSE' ? 'another program listens there; choose another --port' : code === 'EACCES' ? 'choose a --port above 1023' : 'choose another --host';
  return new RuntimeError('R501', `the server cannot listen (${code})`, { where: `${host}:${port}`, remedy, cause });
}
