import { BuildError } from '../../codegen/compilers.js';
import type { KernelEntry } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { RuntimeError } from '../../runtime/error.js';
import { type Call, onDevice } from './call.js';
import { agreementBounds, type Bounds, reference, referenceBounds, type Results } from './reference.js';
import type { DeviceName, Subject, TestedKernel } from './subject.js';

/** What runs calls of one kernel, and how far from the exact result rounding may carry its own. */
export interface Runner {
  readonly name: string;
  run(call: Call): Promise<Results>;
  /** `exact`: the results of the float64 reference. */
  bounds(call: Call, exact: Results): Bounds;
}

/** The kernel's own code in float64. */
export const referenceRunner = (kernel: TestedKernel, entry: KernelEntry): Runner => ({
  name: 'reference',
  run: async (call) => reference(kernel, entry, call, 'exact'),
  bounds: (call, exact) => referenceBounds(kernel, entry, call, exact),
});

/** An open device that knows the kernel. */
export const deviceRunner = (kernel: TestedKernel, entry: KernelEntry, device: Device, name: string = device.kind): Runner => ({
  name,
  run: (call) => onDevice(device, kernel.kernelName, entry, call),
  bounds: (call, exact) => agreementBounds(kernel, entry, call, exact),
});

/** A device that this machine lacks, and why. */
export interface MissingDevice { readonly device: DeviceName; readonly why: string }

/** What a check did: the devices that ran all its cases, those that could not, and how many cases there were. */
export interface CheckReport { readonly checked: readonly string[]; readonly missing: readonly MissingDevice[]; readonly cases: number }

/** What becomes of devices that this machine lacks: a line on stderr (`report`, unless said), or a failure (`fail`). */
export interface MissingOptions { readonly missing?: 'report' | 'fail' }

/** A device by name, which is opened for the check and closed behind it, or one that is open and knows the kernel. */
export type DeviceChoice = DeviceName | Device;

/** Whose texts the devices run. */
export const namesOf = (choices: readonly DeviceChoice[]): readonly DeviceName[] => choices.map((c) => (typeof c === 'string' ? c : c.kind === 'reference' ? 'cpu' : c.kind));

/** Opens devices, runs `use` with a runner for each that this machine has, and closes what it opened. Throws where it has none of them. */
export async function withDevices<T>(subject: Subject, choices: readonly DeviceChoice[], { missing: onMissing = 'report' }: MissingOptions, use: (runners: readonly Runner[]) => Promise<T>): Promise<{ readonly result: T; readonly missing: readonly MissingDevice[] }> {
  const opened: Device[] = [];
  const runners: Runner[] = [];
  const missing: MissingDevice[] = [];
  try {
    for (const choice of choices) {
      const device = typeof choice === 'string' ? await openOrWhy(subject, choice) : choice;
      if (typeof device === 'string') missing.push(...namesOf([choice]).map((name) => ({ device: name, why: device })));
      else {
        if (typeof choice === 'string') opened.push(device);
        runners.push(deviceRunner(subject.kernel, subject.entry, device));
      }
    }
    const said = missing.map(({ device, why }) => `${subject.kernel.kernelName}: NOT CHECKED on ${device}: ${why}`).join('\n');
    if (missing.length > 0 && (onMissing === 'fail' || (runners.length === 0 && choices.length > 0))) throw new Error(said);
    if (missing.length > 0) process.stderr.write(`${said}\n`);
    return { result: await use(runners), missing };
  } finally {
    for (const device of opened) await device[Symbol.asyncDispose]();
  }
}

/** What a machine may lack: the addon, a GPU or its driver, a compiler. Anything else is an error of the kernel or ours. */
const absent: readonly string[] = ['R001', 'R020', 'R021', 'R022'];

async function openOrWhy(subject: Subject, name: DeviceName): Promise<Device | string> {
  try {
    return await subject.open(name);
  } catch (error) {
    if ((error instanceof RuntimeError && absent.includes(error.code)) || (error instanceof BuildError && error.message.includes('was not found'))) return error.message;
    throw error;
  }
}
