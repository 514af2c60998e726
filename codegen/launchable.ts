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
  const why = noRoom(kernel, target);
  if (why !== undefined) throw new Error(`internal error: ${why} (${kernel.name}, from ${def.span.file}:${def.span.line})`);
}

/** Why no block of a launch finds room on a multiprocessor of its target; undefined where one does. */
export function noRoom(kernel: TileKernel, target: Target): string | undefined {
  const processor = processorOf(target.name);
  if (!processor) return undefined;
  const { threads, sharedBytes } = target.needs(kernel);
  const { blocks, limitedBy } = occupancy({ threads, registers: registersWithin(threads, processor), sharedBytes }, processor);
  return blocks > 0 ? undefined : `a block with ${threads} threads and ${sharedBytes} bytes of shared memory finds no room on ${target.name} (${limitedBy.join(', ')})`;
}

/** Registers that a computing thread of a launch may take on its target; no end of them where threads have none of their own. */
export function registersHeld(kernel: TileKernel, target: Target): number {
  if (kernel.roles?.products.by === 'warpgroups') return kernel.roles.products.registers[1];
  const processor = processorOf(target.name);
  return processor ? Math.floor(registersWithin(target.needs(kernel).threads, processor) / kernel.schedule.blocksPerProcessor) : Number.POSITIVE_INFINITY;
}
