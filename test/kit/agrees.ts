import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { type Case, prepare } from './call.js';
import { type DrawOptions, drawnCases } from './cases.js';
import { disagreement } from './disagreement.js';
import { reference } from './reference.js';
import { onEach } from './replay.js';
import { type CheckReport, type DeviceChoice, deviceRunner, type MissingOptions, namesOf, type Runner, withDevices } from './runners.js';
import { subjectOf, type TestedKernel } from './subject.js';

/** Where the kernel is declared, if it does not remember: `new URL('./scaled.ts', import.meta.url)`. */
export interface SourceOptions { readonly file?: string | URL }

/** Cases are drawn: how, where, and how many. */
export interface AgreeOptions extends SourceOptions, DrawOptions, MissingOptions {
  readonly devices: readonly DeviceChoice[];
  /** How many cases; 30 unless said, more by the factor WARPFOLD_RUNS. */
  readonly numRuns?: number;
}

/** One case, as a failure printed it or as a regression needs it. */
export interface AgreeOnCase extends SourceOptions, Omit<Case, 'seed'>, MissingOptions {
  readonly devices: readonly DeviceChoice[];
  /** 0 unless said. */
  readonly seed?: number;
}

/** One case on devices that are open, for kernels whose source is not at hand: the manifest says how they are called. */
export interface AgreeOnOpened extends Case {
  /** Must have been opened with `manifest`. */
  readonly devices: readonly Device[];
  readonly manifest: Manifest;
}

/**
 * Whether a kernel computes what its source says: its own code runs as the float64 reference, and every device must stay
 * within what rounding explains ({@link boundsOf}), NaN and infinities in the same places. Without `sizes` it draws
 * cases (see {@link casesOf}), compiling the kernel's file first, and a failure shrinks to the smallest case and prints the
 * one variable that replays it. Devices that this machine lacks are named on stderr and in the report, and where none is
 * left it fails. The error names kernel, device, result, element and case.
 * @example await agrees(scaled, { devices: ['cpu', 'emulator', 'cuda'] });
 * @example await agrees(scaled, { devices: ['cpu'], sizes: { n: 17 }, seed: 3 });
 */
export async function agrees(kernel: TestedKernel, options: AgreeOptions | AgreeOnCase | AgreeOnOpened): Promise<CheckReport> {
  if ('manifest' in options) return onOpened(kernel, options);
  const subject = await subjectOf(kernel, options.file);
  let cases = 0;
  const { result: checked, missing } = await withDevices(subject, options.devices, options, async (runners) => {
    const one = async (c: Case): Promise<void> => {
      cases += 1;
      await agreeOn(kernel, subject.entry, c, runners);
    };
    if ('sizes' in options) await one({ seed: 0, ...options });
    else await onEach(await drawnCases(subject, namesOf(options.devices), options), one, options.numRuns ?? 30);
    return runners.map((r) => r.name);
  });
  return { checked, missing, cases };
}

async function onOpened(kernel: TestedKernel, { devices, manifest, ...c }: AgreeOnOpened): Promise<CheckReport> {
  const entry = manifest.kernels[kernel.kernelName];
  if (entry === undefined) throw new Error(`agrees: the manifest has no kernel '${kernel.kernelName}'; it has ${Object.keys(manifest.kernels).join(', ')}`);
  await agreeOn(kernel, entry, c, devices.map((d) => deviceRunner(kernel, entry, d)));
  return { checked: devices.map((d) => d.kind), missing: [], cases: 1 };
}

async function agreeOn(kernel: TestedKernel, entry: KernelEntry, c: Case, runners: readonly Runner[]): Promise<void> {
  const call = prepare(entry, c);
  const exact = reference(kernel, entry, call, 'exact');
  for (const runner of runners) {
    const bounds = runner.bounds(call, exact);
    const got = await runner.run(call);
    for (const r of entry.results) {
      const found = disagreement({ what: `${kernel.kernelName} on ${runner.name}`, result: r.name, call, actual: got[r.name] ?? [], expected: exact[r.name] ?? [], bound: bounds[r.name] ?? 0, entry, case: c });
      if (found !== undefined) throw found;
    }
  }
}
