import { parseArgs } from 'node:util';
import type { Overlap } from '../../runtime/cuda.js';
import type { CudaTarget } from '../../runtime/cudaFunctions.js';

/** Which device a script runs on. */
export type DeviceKind = 'cpu' | 'cuda' | 'emulator';

/** The options that the scripts of this folder and the benchmark share. */
export interface ScriptOptions {
  readonly device: DeviceKind;
  /** Small sizes and few repeats: whether the script itself works. */
  readonly quick: boolean;
  /** On a GPU, every tensor is an allocation of its own. */
  readonly apart: boolean;
  /** Whose kernels run on a GPU and in the emulator, as they open themselves unless said. */
  readonly target: CudaTarget | undefined;
  /** What runs beside a launch on a GPU, as it opens itself unless said. */
  readonly overlap: Overlap | undefined;
  readonly dtype: 'f32' | 'bf16';
  /** Where results are written; nowhere unless said. */
  readonly out: string | undefined;
  /** Only what has this in its name. */
  readonly only: string | undefined;
  /** The Python that has PyTorch. */
  readonly python: string;
  /** What else was named. */
  readonly names: readonly string[];
}

/** Reads a script's arguments; an unknown one throws. */
export function scriptOptions(args: readonly string[] = process.argv.slice(2)): ScriptOptions {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: { device: { type: 'string', default: 'cuda' }, quick: { type: 'boolean', default: false }, apart: { type: 'boolean', default: false }, target: { type: 'string' }, overlap: { type: 'string' }, dtype: { type: 'string', default: 'f32' }, out: { type: 'string' }, only: { type: 'string' }, python: { type: 'string', default: 'python3' } },
  });
  return { device: oneOf('device', values.device, ['cpu', 'cuda', 'emulator']), dtype: oneOf('dtype', values.dtype, ['f32', 'bf16']), quick: values.quick, apart: values.apart, overlap: values.overlap === undefined ? undefined : oneOf<Overlap>('overlap', values.overlap, ['none', 'beside', 'early']), target: values.target === undefined ? undefined : oneOf<CudaTarget>('target', values.target, ['sm_80', 'sm_90a']), out: values.out, only: values.only, python: values.python, names: positionals };
}

function oneOf<T extends string>(option: string, given: string, choices: readonly T[]): T {
  const found = choices.find((c) => c === given);
  if (found === undefined) throw new Error(`--${option} ${given}: write ${choices.join(' or ')}`);
  return found;
}
