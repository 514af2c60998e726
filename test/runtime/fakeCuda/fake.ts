import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest, Variant } from '../../../dsl/manifest.js';
import { type CudaOptions, openCuda } from '../../../runtime/cuda.js';
import type { Device } from '../../../runtime/device.js';

/** How the fake driver behaves from now on. What is left out is as on a machine with one GPU of compute capability 9.0 and 1 GiB. */
export interface FakeWorld {
  readonly version?: number;
  readonly devices?: number;
  readonly capability?: number;
  readonly processors?: number;
  readonly memory?: number;
  readonly shared?: number;
  /** `cuName=code`, or `cuName=code@n` for the n-th call from now on. */
  readonly fail?: string;
  /** A function the driver lacks. */
  readonly without?: string;
}

export interface FakeCuda {
  readonly library: string;
  /** With the hand-written kernels as .fatbin files. */
  readonly kernelsDir: string;
  readonly manifest: Manifest;
  set(world: FakeWorld): void;
  /** What the driver did since the last call of this. */
  log(): readonly string[];
  open(options?: Partial<CudaOptions>): Device;
  /** Another file of kernels: one that holds no code for the GPU, say. */
  image(name: string, text: string): void;
  remove(): void;
}

/**
 * A CUDA driver on host memory in a new folder, and the CPU's variants of `manifest` as variants for a GPU: `libraryOf` gives
 * the library with the functions of a generated file.
 */
export function fakeCuda(manifest: Manifest, libraryOf: (file: string) => string): FakeCuda {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-cuda-'));
  const library = join(folder, 'libcuda.so.1');
  const driver = fileURLToPath(new URL('driver.cpp', import.meta.url));
  execFileSync('g++', ['-std=c++17', '-O1', '-fPIC', '-shared', driver, '-o', library]);
  mkdirSync(join(folder, 'cuda'));
  const image = (name: string, text: string): void => writeFileSync(join(folder, 'cuda', `${name}.fatbin`), text);
  const forGpu = onGpu(manifest);
  const launches = Object.values(forGpu.kernels).flatMap((k) => k.variants).flatMap((v) => v.launches);
  for (const file of new Set(launches.map((l) => basename(l.file, '.sm_80.cu')))) {
    const library = libraryOf(file);
    const lines = launches.filter((l) => basename(l.file, '.sm_80.cu') === file).map((l) => `${l.symbol} ${l.args.map((a) => (a.kind === 'map' ? 'm' : 'v')).join('') || '-'}\n`);
    if (existsSync(library)) image(file, `FAKE ${library}\n${lines.join('')}`);
  }
  const logged = `${library}.log`;
  return {
    library, kernelsDir: folder, manifest: forGpu, image,
    set: (world) => {
      writeFileSync(`${library}.new`, Object.entries(world).map(([key, value]) => `${key} ${value}\n`).join(''));
      renameSync(`${library}.new`, `${library}.conf`);
    },
    log: () => {
      const lines = existsSync(logged) ? readFileSync(logged, 'utf8').trimEnd().split('\n') : [];
      rmSync(logged, { force: true });
      return lines;
    },
    open: (options = {}) => openCuda({ manifest: forGpu, kernelsDir: folder, library, ...options }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Every variant for the CPU as one for CUDA: blocks of 128 threads, 64 positions of each dynamic axis. */
function onGpu(manifest: Manifest): Manifest {
  return {
    kernels: Object.fromEntries(Object.entries(manifest.kernels).map(([name, entry]) => {
      const grid = Object.entries(entry.sizes).flatMap(([axis, { kind }]) => (kind === 'dynamic' ? [{ axis, block: 64 }] : []));
      const variant = (v: Variant): Variant => ({
        ...v, target: 'sm_80',
        launches: v.launches.map((l) => ({ ...l, file: l.file.replace('cpu/', 'cuda/').replace('.cpp', '.sm_80.cu'), grid, threads: 128, sharedBytes: 0 })),
      });
      return [name, { ...entry, variants: entry.variants.filter((v) => v.target === 'cpu').map(variant) }];
    })),
  };
}
