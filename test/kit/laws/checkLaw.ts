import type { SourceOptions } from '../agrees.js';
import { type Call, type Case, prepare } from '../call.js';
import { type DrawOptions, drawnCases } from '../cases.js';
import { disagreement } from '../disagreement.js';
import { reference, type Results } from '../reference.js';
import { onEach } from '../replay.js';
import { type CheckReport, type DeviceChoice, deviceRunner, type MissingOptions, namesOf, referenceRunner, type Runner, withDevices } from '../runners.js';
import { type DeviceName, type Subject, subjectOf, type TestedKernel } from '../subject.js';
import type { Law, Sample } from './law.js';

/** Where and on which cases a law is checked. */
export interface LawOptions extends SourceOptions, DrawOptions, MissingOptions {
  /** Where the law must hold beside the kernel's own float64 code; nowhere else unless said. */
  readonly devices?: readonly DeviceChoice[];
  /** Other ways to run the kernel in float64, held to the law like its own code. */
  readonly also?: readonly Reading[];
  /** How many cases; 20 unless said, more by the factor WARPFOLD_RUNS. */
  readonly numRuns?: number;
}

/** Something that gives a kernel's results in float64: an interpreter of one's own. */
export interface Reading {
  readonly name: string;
  /** All results of a call, by name. */
  run(call: Call): Results;
}

/**
 * Whether a law holds for a kernel, on its own code in float64 and on devices, in cases that are drawn as `agrees` draws
 * them. It needs no expected values: what is allowed follows from how far rounding may carry each of the calls. A failure
 * names law, kernel, device, result, element and the smallest case, and how to replay it. Throws where the law is not about
 * such a kernel.
 * @example await checkLaw(laws.splitMerge('k', { o: { weightedBy: 'lse' }, lse: 'logSumExp' }), attend, { devices: ['cpu'] });
 */
export async function checkLaw(law: Law, kernel: TestedKernel, options: LawOptions = {}): Promise<CheckReport> {
  const { devices = [], also = [], numRuns = 20 } = options;
  const subject = await subjectOf(kernel, options.file);
  const own = referenceRunner(kernel, subject.entry);
  let cases = 0;
  const each = async (on: readonly DeviceName[], holds: (sample: Sample) => Promise<void>): Promise<void> => onEach(await drawnCases(subject, on, options), (c) => {
    cases += 1;
    return holds(sampleOf(subject, c));
  }, numRuns);
  if (law.kind === 'schedules') {
    await withSchedules(subject, law.processors, (runners) => each(['emulator'], (sample) => sameOnAll(law, subject, sample, runners)));
    return { checked: ['emulator'], missing: [], cases };
  }
  const { result: checked, missing } = await withDevices(subject, devices, options, async (onDevices) => {
    if (law.kind === 'devices' && onDevices.length < 2) throw new Error(`law ${law.name} compares devices: name at least two that this machine has`);
    const runners = law.kind === 'devices' ? onDevices : [own, ...also.map(({ name, run }): Runner => ({ ...own, name, run: async (call) => run(call) })), ...onDevices];
    await each(devices.length > 0 ? namesOf(devices) : ['cpu'], (sample) => (law.kind === 'devices' ? sameOnAll(law, subject, sample, runners) : holdsOn(law, subject, sample, runners)));
    return runners.map((r) => r.name);
  });
  return { checked, missing, cases };
}

const sampleOf = ({ kernel, entry }: Subject, c: Case): Sample => ({ kernel: kernel.kernelName, entry, case: c, call: prepare(entry, c), seed: c.seed });

async function holdsOn(law: Extract<Law, { kind: 'calls' }>, { kernel, entry }: Subject, sample: Sample, runners: readonly Runner[]): Promise<void> {
  const { calls, claims } = law.relate(sample);
  const exact = calls.map((call) => reference(kernel, entry, call, 'exact'));
  for (const runner of runners) {
    const results = [];
    for (const call of calls) results.push(await runner.run(call));
    const bounds = calls.map((call, i) => runner.bounds(call, exact[i] ?? {}));
    for (const claim of claims(results, bounds)) {
      const found = disagreement({ ...claim, what: `law ${law.name}: ${sample.kernel} on ${runner.name}`, entry, call: sample.call, case: sample.case, expectation: 'by the law' });
      if (found !== undefined) throw found;
    }
  }
}

/** Every runner's results of one call against the first one's. */
async function sameOnAll(law: Law, { kernel, entry }: Subject, sample: Sample, runners: readonly Runner[]): Promise<void> {
  const { call } = sample;
  const exact = reference(kernel, entry, call, 'exact');
  const [first, ...others] = runners;
  if (first === undefined) return;
  const expected = await first.run(call);
  for (const runner of others) {
    const actual = await runner.run(call);
    for (const { name } of entry.results) {
      const bound = (first.bounds(call, exact)[name] ?? 0) + (runner.bounds(call, exact)[name] ?? 0);
      const found = disagreement({ what: `law ${law.name}: ${sample.kernel} on ${runner.name}`, result: name, entry, call, case: sample.case, actual: actual[name] ?? [], expected: expected[name] ?? [], bound, expectation: first.name });
      if (found !== undefined) throw found;
    }
  }
}

async function withSchedules(subject: Subject, processors: readonly number[], use: (runners: readonly Runner[]) => Promise<void>): Promise<void> {
  const devices = [];
  try {
    for (const n of processors) devices.push(await subject.open('emulator', { processors: n }));
    await use(devices.map((device, i) => deviceRunner(subject.kernel, subject.entry, device, `emulator of ${processors[i]} processors`)));
  } finally {
    for (const device of devices) await device[Symbol.asyncDispose]();
  }
}
