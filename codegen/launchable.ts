import { CompileError } from '../dsl/diagnostic.js';
import { mostArgs } from '../dsl/manifest.js';
import type { Launch } from './graph/launch.js';
import { occupancy, processorOf, registersWithin } from './schedule/occupancy.js';
import type { Target } from './targets/target.js';
import type { TileKernel } from './tile/ir.js';

/**
 * Holds a finished launch to what its target can run, whatever the schedule asked for. Throws L109 for more arguments than
 * a launch takes, and an internal error for a block that finds no room on a multiprocessor: the schedule should have been smaller.
 */
export function requireLaunchable(launch: Launch, kernel: TileKernel, target: Target): void {
  const { def } = launch;
  if (kernel.args.length > mostArgs) {
    throw new CompileError('L109', `\`${def.name}\` needs ${kernel.args.length} arguments with its results, sizes and memory between launches, a launch takes at most ${mostArgs}; return parts of it from kernels of their own`, def.span);
  }
  const processor = processorOf(target.name);
  const { threads, sharedBytes } = target.needs(kernel);
  if (!processor) return;
  const { blocks, limitedBy } = occupancy({ threads, registers: registersWithin(threads, processor), sharedBytes }, processor);
  if (blocks === 0) throw new Error(`internal error: a block of ${kernel.name} with ${threads} threads and ${sharedBytes} bytes of shared memory finds no room on ${target.name} (${limitedBy.join(', ')}); from ${def.span.file}:${def.span.line}`);
}
