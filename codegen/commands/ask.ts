import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AskOptions as Request } from '../../runtime/commands.js';
import { CommandError } from './failure.js';
import { progress } from './progress.js';

export type AskOptions = Omit<Request, 'device' | 'signal' | 'onProgress' | 'report'> & { readonly device: 'auto' | 'cpu' | 'cuda'; readonly json: boolean; readonly report?: string };

/** Answers questions about files: each answer as it is decoded, or one line of JSON; on stderr which device was chosen. Ctrl-C stops the work, in the prompt's passes too. */
export async function ask(options: AskOptions): Promise<void> {
  const { json, report, ...request } = options;
  if (report !== undefined) {
    requireFolder(report);
    if ([request.question].flat().length > 1) throw new CommandError('--report is the picture of one answer; give one --question');
  }
  const runtime = await import('../../runtime/commands.js');
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', onInterrupt);
  const bar = progress('reading');
  try {
    for await (const event of runtime.ask({ ...request, report: report !== undefined, signal: stop.signal, onProgress: (stage, done, total) => { if (stage === 'prefill') bar.update(done, total); } })) {
      bar.stop();
      switch (event.type) {
        case 'device': process.stderr.write(`${event.text}\n`); break;
        case 'token': if (!json) process.stdout.write(event.text); break;
        case 'result': process.stdout.write(json ? `${JSON.stringify(event.result)}\n` : '\n'); break;
        case 'report': if (report !== undefined) writeFileSync(report, event.html); break;
        default: event satisfies never;
      }
    }
  } finally {
    bar.stop();
    process.off('SIGINT', onInterrupt);
  }
}

/** Found out before the document is read, not behind it. */
function requireFolder(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) throw new CommandError(`--report ${file}: there is no folder ${folder}; create it first`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw new CommandError(`--report ${file} is a folder; name a file in it, as in ${join(file, 'answer.html')}`);
}

/** What an interrupted run ends with. */
class Interrupted extends Error {
  readonly code = 'R499';
  constructor() {
    super('interrupted');
  }
}
