import { parseArgs } from 'node:util';
import { inParallel } from '../../codegen/compilers.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { excuseFor, mutation, ownKernels } from './mutate.js';
import { nameOf, sampleOf } from './mutants.js';
import { type Judged, suffices, tableOf } from './mutantTable.js';

// Takes every synchronisation away from every generated kernel, one at a time, and prints how many the emulator catches:
//   npm run test:mutants -- [--only <pattern of names>] [--sample <how many>] [--seed <n>]
// README.md says what the names look like and what counts.

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, sample: { type: 'string', default: '0' }, seed: { type: 'string', default: '1' } } });
using run = mutation(ownKernels(manifest));
const chosen = run.all.filter((m) => new RegExp(values.only).test(nameOf(m)));
const mutants = Number(values.sample) > 0 ? sampleOf(chosen, Number(values.sample), Number(values.seed)) : chosen;
if (mutants.length === 0) {
  process.stderr.write(`no mutant has a name that matches /${values.only}/\n`);
  process.exit(2);
}

const began = performance.now();
const judged: Judged[] = [];
await inParallel(mutants, async (mutant) => {
  const verdict = await run.verdict(mutant).catch((error: unknown): Judged['verdict'] => ({ kind: 'fails', how: error instanceof Error ? error.message : String(error) }));
  const excuse = excuseFor(nameOf(mutant));
  judged.push({ mutant, verdict, excuse });
  if (verdict.kind === 'survived' && !excuse) process.stderr.write(`survived: ${nameOf(mutant)} (line ${mutant.line})${verdict.how === '' ? '' : `, ${verdict.how}`}\n`);
  if (verdict.kind === 'fails') process.stderr.write(`fails as it is: ${nameOf(mutant)}: ${verdict.how}\n`);
  if (judged.length % 20 === 0) process.stderr.write(`${judged.length} of ${mutants.length}, ${Math.round((performance.now() - began) / 1000)} s\n`);
});

const order = new Map(mutants.map((m, i) => [m, i]));
console.log(tableOf(judged.toSorted((a, b) => (order.get(a.mutant) ?? 0) - (order.get(b.mutant) ?? 0))));
process.exitCode = suffices(judged) ? 0 : 1;
