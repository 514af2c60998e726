import type { AskOptions as Request } from '../../runtime/commands.js';
import { progress } from './progress.js';

export type AskOptions = Omit<Request, 'device' | 'signal' | 'onProgress'> & { readonly device: 'auto' | 'cpu' | 'cuda'; readonly json: boolean };

/** Answers questions about files: each answer as it is decoded, or one line of JSON; on stderr which device was chosen. Ctrl-C stops the work, in the prompt's passes too. */
export async function ask(options: AskOptions): Promise<void> {
  const runtime = await import('../../runtime/commands.js');
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', onInterrupt);
  const bar = progress('reading');
  const { json, ...request } = options;
  try {
    for await (const event of runtime.ask({ ...request, signal: stop.signal, onProgress: (stage, done, total) => { if (stage === 'prefill') bar.update(done, total); } })) {
      bar.stop();
      if (event.type === 'device') process.stderr.write(`${event.text}\n`);
      else if (event.type === 'result') process.stdout.write(json ? `${JSON.stringify(event.result)}\n` : '\n');
      else if (!json) process.stdout.write(event.text);
    }
  } finally {
    bar.stop();
    process.off('SIGINT', onInterrupt);
  }
}

/** What an interrupted run ends with. */
class Interrupted extends Error {
  readonly code = 'R499';
  constructor() {
    super('interrupted');
  }
}
