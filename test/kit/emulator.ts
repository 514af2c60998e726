import { buildEmulator, type EmulatorBuildOptions } from '../../codegen/emulator.js';
import type { Device } from '../../runtime/device.js';
import { type EmulatorOptions, openEmulator } from '../../runtime/emulator.js';

/**
 * Where generated kernels lie (`generated`), where their libraries go (`out`), and how they are run. `target`: the text for
 * `sm_80` unless said; with `sm_90a` that for Hopper where a kernel has one that serves the call.
 */
export type KernelEmulatorOptions = EmulatorBuildOptions & Pick<EmulatorOptions, 'seed' | 'policy' | 'races' | 'processors' | 'target'>;

/**
 * A device that runs the CUDA text of generated kernels on the processor, for `agrees` on machines without a GPU. Kernels
 * whose text is new are compiled first. Throws BuildError without g++.
 */
export async function kernelEmulator({ manifest, generated, out, target, globals, shared, device, ...how }: KernelEmulatorOptions): Promise<Device> {
  await buildEmulator({ manifest, generated, out, target, globals, shared, device });
  return openEmulator({ manifest, kernelsDir: out, target, ...how });
}
