import { parseArgs } from 'node:util';
import { manifest } from '../../kernels-generated/manifest.js';
import { excuseFor, mutation, ownKernels, type Verdict } from './mutate.js';
import { type Mutant, nameOf, sampleOf } from './mutants.js';

// Takes every synchronisation away from every generated kernel, one at a time, and prints how many the emulator catches:
//   npm run test:mutants -- [--only <pattern of names>] [--sample <how many>] [--seed <n>]

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, sample: { type: 'string', default: '0' }, seed: { type: 'string', default: '1' } } });
using run = mutation(ownKernels(manifest));
const chosen = run.all.filter((m) => new RegExp(values.only).test(nameOf(m)));
const mutants = Number(values.sample) > 0 ? sampleOf(chosen, Number(values.sample), Number(values.seed)) : chosen;
const counts: Record<Verdict['kind'], number> = { reported: 0, wrong: 0, survived: 0 };
const unexcused: string[] = [];
/** Launches that are reported without any change. */
const failing = new Set<string>();
const failsAnyway = (error: unknown): { readonly kind: 'fails'; readonly how: string } => ({ kind: 'fails', how: error instanceof Error ? error.message : String(error) });

const queue = [...mutants];
const worker = async (): Promise<void> => {
  for (let m: Mutant | undefined = queue.shift(); m !== undefined; m = queue.shift()) {
    const { kind, how } = await run.verdict(m).catch(failsAnyway);
    if (kind === 'fails') {
      console.log(`fails as it is: ${nameOf(m)}: ${how}`);
      failing.add(m.owner);
      continue;
    }
    counts[kind]++;
    const done = counts.reported + counts.wrong + counts.survived;
    if (done % 20 === 0) process.stderr.write(`${done} of ${mutants.length}\n`);
    if (kind !== 'survived') continue;
    const excuse = excuseFor(nameOf(m));
    console.log(`survived: ${nameOf(m)} (line ${m.line})${how === '' ? '' : `, ${how}`}${excuse === undefined ? '' : `: ${excuse.reason}`}`);
    if (excuse === undefined) unexcused.push(nameOf(m));
  }
};
await Promise.all([worker(), worker()]);

const caught = counts.reported + counts.wrong;
const judged = caught + counts.survived;
if (failing.size > 0) console.log(`not judged, because they fail as they are: ${[...failing].join(', ')}`);
console.log(`${caught} of ${judged} caught (${((100 * caught) / Math.max(1, judged)).toFixed(1)} %): ${counts.reported} reported, ${counts.wrong} by a wrong result; ${counts.survived} survived, ${unexcused.length} without a reason`);
process.exitCode = failing.size > 0 || unexcused.length > 0 || caught < 0.95 * judged ? 1 : 0;
