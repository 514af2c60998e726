import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KernelEntry } from '../../../dsl/manifest.js';
import type { CudaTarget } from '../../../runtime/cudaFunctions.js';
import type { Device } from '../../../runtime/device.js';
import { build } from '../../build.js';
import { buildCuda } from '../../buildCuda.js';
import { BuildError, inParallel } from '../../compilers.js';
import { type CompiledVariant, kernelEntry } from '../../compile.js';
import { emitFile } from '../../emit/file.js';
import type { KernelSource } from '../../frontend/project.js';
import { nativeIsa } from '../build.js';
import { cacheFolder } from '../cache.js';
import { CommandError } from '../failure.js';
import type { Calls } from './inputs.js';
import { type MeasuredDevice, type Targets, usualTarget } from './lengths.js';

/** One variant compiled under one choice of schedules, as a kernel of its own: the name says what its text is. */
export interface Piece { readonly name: string; readonly entry: KernelEntry; readonly path: string; readonly text: string }

/** Variants with the same text are the same piece, whenever they were made. */
export function pieceOf(source: KernelSource, variant: CompiledVariant): Piece {
  const launches = variant.launches.map((l) => l.kernel);
  const hash = createHash('sha256').update(emitFile(variant.target, source.name, launches).text).digest('hex').slice(0, 12);
  const name = `${source.name}_${hash}`;
  const { path, text } = emitFile(variant.target, name, launches);
  return { name, path, text, entry: kernelEntry(source, name, [variant]) };
}

/** A device that was chosen: whose code is measured on it, the best first, and how many cores or multiprocessors it has. */
export interface ChosenDevice { readonly on: MeasuredDevice; readonly targets: Targets; readonly processors: number }

/**
 * Which device is meant; `target`: whose code a GPU is to run, unless said as the runtime chooses. Rejects with what keeps a GPU from being used where one is
 * asked for, or from running such code; `auto` takes the processor and says why on stderr.
 */
export async function chooseDevice(name: 'auto' | MeasuredDevice, target?: CudaTarget): Promise<ChosenDevice> {
  const [{ probe, usableGpu }, { addon }, { cudaTargets }] = await Promise.all([import('../../../runtime/gpu.js'), import('../../../runtime/addon.js'), import('../../../runtime/cudaFunctions.js')]);
  const { cuda } = name === 'auto' ? probe() : { cuda: undefined };
  if (name === 'cuda' || (cuda !== undefined && !('why' in cuda))) {
    const usable = usableGpu(addon());
    const targets = cudaTargets(usable, target);
    return { on: 'cuda', targets: target === undefined ? targets : [target], processors: usable.gpu.processors };
  }
  if (target !== undefined) throw new CommandError(`--target ${target} is code for a GPU${cuda === undefined ? '; leave it out, or ask for --device cuda' : `, and ${cuda.why}`}`);
  if (cuda !== undefined) process.stderr.write(`measuring on the processor, because ${cuda.why}\n`);
  return { on: 'cpu', targets: [usualTarget.cpu], processors: await threads() };
}

async function threads(): Promise<number> {
  const { availableParallelism } = await import('node:os');
  const wanted = Number(process.env['OMP_NUM_THREADS']);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/** An open device over some pieces. `failed`: pieces that the device's compiler refused, and its words. */
export interface Session extends AsyncDisposable { readonly device: Device; readonly failed: ReadonlyMap<string, string> }

/** Opens the device over some pieces, and compiles them; what was compiled before, by another run too, is left alone. Rejects with Interrupted when the signal is set off. */
export async function openSession(all: readonly Piece[], on: MeasuredDevice, progress: (done: number, total: number) => void, signal: AbortSignal): Promise<Session> {
  const pieces = [...new Map(all.map((p) => [p.name, p])).values()];
  const device = await openPieces(pieces, on);
  const failed = new Map<string, string>();
  let done = 0;
  try {
    await compilePieces(pieces, on, signal, ({ name }, refusal) => {
      if (refusal !== undefined) failed.set(name, refusal);
      progress(++done, pieces.length);
    });
  } catch (error) {
    await device[Symbol.asyncDispose]();
    throw error;
  }
  return { device, failed, [Symbol.asyncDispose]: () => device[Symbol.asyncDispose]() };
}

const generated = (): string => join(cacheFolder(), 'measured');
const kernelsDir = (): string => join(generated(), 'build');

/**
 * Compiles pieces, as many at a time as there are cores, in their order. `each` is told of every one that is done, and of one that the device's
 * compiler refused its words. Rejects with the signal's reason when that is set off, and with BuildError where there is no compiler.
 */
export async function compilePieces(pieces: readonly Piece[], on: MeasuredDevice, signal: AbortSignal, each: (piece: Piece, refusal: string | undefined) => void): Promise<void> {
  const isas = on === 'cpu' ? await nativeIsa() : [];
  const architecture = on === 'cuda' ? await ownArchitecture() : undefined;
  const compile = async (piece: Piece): Promise<void> => {
    signal.throwIfAborted();
    const where = { generated: generated(), out: kernelsDir(), kernels: [piece.name] };
    writeNew(join(where.generated, piece.path), piece.text);
    try {
      if (on === 'cpu') await build({ ...where, isas });
      else await buildCuda({ ...where, architecture });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      each(piece, error.message);
      return;
    }
    each(piece, undefined);
  };
  // The first alone: it makes what all share, and tells whether there is a compiler.
  const [first, ...rest] = pieces;
  if (first !== undefined) await compile(first);
  await inParallel(rest, compile);
}

/** What the GPU at hand runs, as nvcc names it. */
async function ownArchitecture(): Promise<string> {
  const [{ usableGpu }, { addon }] = await Promise.all([import('../../../runtime/gpu.js'), import('../../../runtime/addon.js')]);
  const { major, minor } = usableGpu(addon()).gpu;
  return `sm_${major}${minor}${major === 9 ? 'a' : ''}`;
}

/** A device over pieces, whether they are compiled yet or not. */
export async function openPieces(pieces: readonly Piece[], on: MeasuredDevice): Promise<Device> {
  const given = { manifest: { kernels: Object.fromEntries(pieces.map((p) => [p.name, p.entry])) }, kernelsDir: kernelsDir() };
  if (on === 'cpu') return (await import('../../../runtime/cpu.js')).openCpu(given);
  return (await import('../../../runtime/cuda.js')).openCuda(given);
}

function writeNew(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Seconds that a group of calls takes at least, so that starting and stopping the clock does not count. */
const groupSeconds: Readonly<Record<MeasuredDevice, number>> = { cpu: 5e-3, cuda: 2e-3 };
const mostInGroup = 200;

/** Seconds of one call of a piece, from a group of calls that each take the next of the inputs. The first time of a piece, after calls that load it and find out how long a group must be. */
export function pieceTimer(device: Device, on: MeasuredDevice, { calls }: Calls, group = groupSeconds[on]): (name: string) => Promise<number> {
  const groups = new Map<string, number>();
  let next = 0;
  const timed = async (name: string, count: number): Promise<number> => (await device.time(() => {
    for (let i = 0; i < count; i++) {
      const { args, results, sizes } = calls[next++ % calls.length] ?? calls[0];
      device.launch(name, args, results, sizes);
    }
  })) / count;
  return async (name) => {
    let count = groups.get(name);
    if (count === undefined) {
      await timed(name, calls.length);
      count = Math.max(1, Math.min(mostInGroup, Math.ceil(group / Math.max(1e-9, await timed(name, calls.length)))));
      groups.set(name, count);
    }
    return timed(name, count);
  };
}
