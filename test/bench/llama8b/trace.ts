import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../../runtime/commands.js';
import { readTokenizer } from '../../../runtime/model/tokenizer.js';
import { placeOf } from '../../../runtime/trace/summary.js';
import { open } from '../../gpu/open.js';
import { checked, type Verdict } from '../../gpu/report.js';
import type { EightBOptions } from './options.js';
import { documentOf, question, settingsOf } from './ours.js';
import type { TraceResult } from './report.js';
import { allowedGap } from './table.js';

/** What `warpfold ask --trace` says of one question over a long document, kernels loaded before; the trace itself goes to `--out`. */
export async function trace(options: EightBOptions, tokens = options.quick ? 4000 : 131_072): Promise<TraceResult> {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    const document = join(folder, 'document.txt');
    writeFileSync(document, await documentOf(options.model, await readTokenizer(options.model), tokens));
    await using device = open(options.device);
    const asked = { model: options.model, document, question, method: 'parallelcomp', calibration: 'paper', maxTokens: 16, device, dtype: 'bf16', ...settingsOf(options.quick) } as const;
    // Loads the kernels.
    for await (const _ of ask(asked)) { /* all of it */ }
    for await (const event of ask({ ...asked, trace: true })) {
      if (event.type !== 'trace') continue;
      if (options.out !== undefined) {
        mkdirSync(options.out, { recursive: true });
        writeFileSync(join(options.out, 'llama8b-trace.json'), event.text);
      }
      if (event.summary === undefined) break;
      const { seconds, idle, largest } = event.summary;
      return { tokens, read: seconds, idle, ...(largest === undefined ? { largest: 0, between: 'nowhere' } : { largest: (largest.to - largest.from) / 1000, between: placeOf(largest) }) };
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  throw new Error('the trace says nothing of the reading');
}

/** Whether the device was never without work for long. */
export function traceVerdict({ read, largest, between }: TraceResult): Verdict {
  return checked(`no gap above ${100 * allowedGap} % of the reading`, largest <= allowedGap * read, `${((100 * largest) / read).toFixed(2)} %, ${between}`);
}
