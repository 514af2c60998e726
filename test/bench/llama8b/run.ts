// `npm run bench:8b`: a model of Llama-3-8B's shapes over long documents, beside what a user would run instead. Sections may be
// named: weights load rates logits lengths peers table7 trace; without names all of them run, and weights are written where they
// are missing. `--model DIR`, `--layers N`, `--lengths 8192,131072`, `--out FOLDER`; `--device cpu --quick` tries the script itself.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../../runtime/model/config.js';
import { open } from '../../gpu/open.js';
import { conclude, type Verdict } from '../../gpu/report.js';
import { lengths } from './lengths.js';
import { load } from './load.js';
import { logits, logitVerdicts } from './logits.js';
import { type EightBOptions, eightBOptions } from './options.js';
import { settingsOf, weightBytes } from './ours.js';
import { peers, rates } from './peers.js';
import { type AskRow, type EightBReport, type FlightRow, withRow } from './report.js';
import { configOf } from './shape.js';
import { markdown, writeReport } from './table.js';
import { table7 } from './table7.js';
import { trace, traceVerdict } from './trace.js';
import { writeModel } from './weights.js';

type Part = Partial<EightBReport>;
/** What a section measures comes row by row through `log`, or in the end. */
type Section = (options: EightBOptions, log: (row: AskRow | FlightRow) => void) => Promise<Part>;

const none = (): Part => ({});

const sections: Readonly<Record<string, Section>> = {
  weights: async (options) => ({ written: await writeModel(options.model, options) }),
  load: async (options) => ({ load: await load(options) }),
  rates: async (options) => {
    const { machine, ...best } = await rates(options);
    return { peers: machine, rates: best };
  },
  logits: async (options) => ({ logits: await logits(options) }),
  lengths: (options, log) => lengths(options, log).then(none),
  peers: (options, log) => peers(options, log).then(none),
  table7: (options, log) => table7(options, log).then(none),
  trace: async (options) => ({ trace: await trace(options) }),
};

/** Sections that are nothing without PyTorch. */
const usesPython: readonly string[] = ['rates', 'logits', 'peers'];

const options = eightBOptions();
const whole = existsSync(join(options.model, 'model.safetensors.index.json'));
const named = options.names.length > 0 ? options.names : Object.keys(sections).filter((name) => name !== 'weights');
const chosen = whole || named.includes('weights') ? named : ['weights', ...named];
for (const name of chosen) if (sections[name] === undefined) throw new Error(`no section '${name}'; there are ${Object.keys(sections).join(', ')}`);

// What lies there already says itself how large it is.
const config = chosen.includes('weights') ? configOf(options) : await readConfig(options.model);
let report: EightBReport = {
  date: new Date().toISOString().slice(0, 10), command: `node build/ts/test/bench/llama8b/run.js ${process.argv.slice(2).join(' ')}`.trim(), device: await description(),
  peers: 'none', layers: config.numLayers, weightBytes: weightBytes(config), settings: settingsOf(options.quick),
};
const verdicts: Verdict[] = [];
for (const name of chosen) {
  const began = performance.now();
  try {
    const part = await sections[name]?.(options, (row) => {
      console.error(JSON.stringify(row));
      keep(withRow(report, row));
    });
    keep({ ...report, ...part });
    verdicts.push({ name, kind: 'passed' });
    if (part?.logits !== undefined) verdicts.push(...logitVerdicts(part.logits));
    // A processor that does other work as well has gaps of its own.
    if (part?.trace !== undefined && options.device === 'cuda') verdicts.push(traceVerdict(part.trace));
  } catch (e) {
    // A processor has nobody beside it.
    const kind = options.device === 'cpu' && usesPython.includes(name) ? 'skipped' : 'failed';
    verdicts.push({ name, kind, why: e instanceof Error ? e.message : String(e) });
  }
  console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
console.log(markdown(report));
process.exitCode = conclude(verdicts, console.log) ? 0 : 1;

/** What was measured stays where the run is ended. */
function keep(now: EightBReport): void {
  report = now;
  if (options.out !== undefined) writeReport(options.out, report);
}

async function description(): Promise<string> {
  await using device = open(options.device);
  return device.description;
}
