import { once } from 'node:events';
import type { RequestLog } from '../../runtime/server/log.js';
import type { ServeDirectoryOptions } from '../../runtime/server/serveDirectory.js';
import { progress } from './progress.js';

/** `grace`: seconds that running requests have to end when the server is stopped. */
export type ServeOptions = Omit<ServeDirectoryOptions, 'signal' | 'onProgress' | 'log' | 'keepAlive'> & { readonly grace: number };

/** Serves a model until it is interrupted: the address on stdout, on stderr which device was chosen and every answer and refusal when it has ended. */
export async function serve({ grace, ...options }: ServeOptions): Promise<void> {
  const [{ serveDirectory }, { logLine }] = await Promise.all([import('../../runtime/server/serveDirectory.js'), import('../../runtime/server/log.js')]);
  const stop = new AbortController();
  const abortLoading = (): void => stop.abort(new Interrupted());
  for (const name of signals) process.once(name, abortLoading);
  const bar = progress('loading');
  // Health and metrics are asked every few seconds, for ever.
  const log = (entry: RequestLog): void => { if (entry.verb === 'POST' || entry.status >= 400) process.stderr.write(`${logLine(entry)}\n`); };
  const served = await serveDirectory({ ...options, signal: stop.signal, onProgress: (done, total) => bar.update(done, total), log }).finally(() => {
    bar.stop();
    for (const name of signals) process.off(name, abortLoading);
  });
  await using owned = served;
  const { server, model } = owned;
  if (model.deviceChoice !== undefined) process.stderr.write(`${model.deviceChoice}\n`);
  if (options.apiKey === undefined && !server.loopback) process.stderr.write(`anyone who reaches ${server.url} can use it; give an --api-key\n`);
  process.stdout.write(`serving ${options.name ?? model.id} at ${server.url}/v1\n`);
  await interrupted();
  process.stderr.write(`stopping; running requests have ${grace} s, interrupt again to end them now\n`);
  const again = interrupted();
  await Promise.race([server.close(grace * 1000), again.then(() => server.close())]);
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** The next signal that asks to stop. */
const interrupted = (): Promise<unknown> => Promise.race(signals.map((name) => once(process, name)));

/** What an interrupted load ends with. */
class Interrupted extends Error {
  readonly code = 'R499';
  constructor() {
    super('interrupted');
  }
}
