import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AskOptions as Request } from '../../runtime/commands.js';
import { CommandError } from './failure.js';
import { Interrupted } from './interrupt.js';
import { progress } from './progress.js';

export type AskOptions = Omit<Request, 'device' | 'signal' | 'onProgress' | 'report' | 'trace'> & { readonly device: 'auto' | 'cpu' | 'cuda'; readonly json: boolean; readonly report?: string; readonly trace?: string };

/** Answers questions about files: each answer as it is decoded, or one line of JSON; on stderr which device was chosen. Ctrl-C stops the work, in the prompt's passes too. */
export async function ask(options: AskOptions): Promise<void> {
  const { json, report, trace, ...request } = options;
  if (trace !== undefined) requireFolder('--trace', trace, 'trace.json');
  if (report !== undefined) {
    requireFolder('--report', report, 'answer.html');
    if ([request.question].flat().length > 1) throw new CommandError('--report is the picture of one answer; give one --question');
  }
  const [runtime, { summaryText }] = await Promise.all([import('../../runtime/commands.js'), import('../../runtime/trace/summary.js')]);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', onInterrupt);
  const bar = progress('reading');
  try {
    for await (const event of runtime.ask({ ...request, report: report !== undefined, trace: trace !== undefined, signal: stop.signal, onProgress: (stage, done, total) => { if (stage === 'prefill') bar.update(done, total); } })) {
      bar.stop();
      switch (event.type) {
        case 'device': process.stderr.write(`${event.text}\n`); break;
        case 'token': if (!json) process.stdout.write(event.text); break;
        case 'result': process.stdout.write(json ? `${JSON.stringify(event.result)}\n` : '\n'); break;
        case 'report': if (report !== undefined) writeFileSync(report, event.html); break;
        case 'trace':
          if (trace !== undefined) writeFileSync(trace, event.text);
          if (event.summary !== undefined) process.stderr.write(`${summaryText(event.summary)}\n`);
          break;
        default: event satisfies never;
      }
    }
  } finally {
    bar.stop();
    process.off('SIGINT', onInterrupt);
  }
}

/** Found out before the document is read, not behind it. */
function requireFolder(option: string, file: string, example: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) throw new CommandError(`${option} ${file}: there is no folder ${folder}; create it first`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw new CommandError(`${option} ${file} is a folder; name a file in it, as in ${join(file, example)}`);
}
