// `npm run test:gpu`: what must hold on a GPU. Sections may be named: `node build/ts/test/gpu/run.js small shipped`; without names
// all of them run. `--device cpu --quick` tries the script itself where no GPU is. Exit code 0: nothing failed.
import { files } from './files.js';
import { golden } from './golden.js';
import { type ScriptOptions, scriptOptions } from './options.js';
import { passkeyVerdicts } from './passkey.js';
import { conclude, type Verdict } from './report.js';
import { sanitizers } from './sanitizers.js';
import { sass } from './sass.js';
import { smallOwn, smallShipped } from './small.js';
import { start } from './start.js';

type Section = (options: ScriptOptions, log: (line: string) => void) => Promise<readonly Verdict[]>;

const sections: Readonly<Record<string, Section>> = {
  small: smallOwn,
  shipped: smallShipped,
  files,
  golden: async (options, log) => [...(await golden({ ...options, dtype: 'f32' }, log)), ...(await golden({ ...options, dtype: 'bf16' }, log))],
  start,
  sass,
  sanitizers,
  passkey: passkeyVerdicts,
};

const options = scriptOptions();
const chosen = options.names.length > 0 ? options.names : Object.keys(sections);
const verdicts: Verdict[] = [];
for (const name of chosen) {
  const section = sections[name];
  if (section === undefined) throw new Error(`no section '${name}'; there are ${Object.keys(sections).join(', ')}`);
  const began = performance.now();
  const made = await attempted(name, () => section(options, console.log));
  verdicts.push(...made);
  console.log(`${name}: ${made.filter((v) => v.kind === 'passed').length} of ${made.length} passed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
process.exitCode = conclude(verdicts, console.log) ? 0 : 1;

/** A section that breaks off is one failure; the others still run. */
async function attempted(name: string, work: () => Promise<readonly Verdict[]>): Promise<readonly Verdict[]> {
  try {
    return await work();
  } catch (e) {
    return [{ name, kind: 'failed', why: e instanceof Error ? e.message : String(e) }];
  }
}
