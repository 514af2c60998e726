import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmulator } from '../../codegen/emulator.js';
import type { DType } from '../../dsl/dtype.js';
import type { KernelEntry, LaunchSpec } from '../../dsl/manifest.js';
import type { Device, HostArrays } from '../../runtime/device.js';
import { type EmulatorOptions, openEmulator } from '../../runtime/emulator.js';

/** A kernel of a file under fixtures/. Its parameters: the inputs, the output, f32 scalars, then the length `n` of axis n. */
export interface Fixture {
  readonly symbol: string;
  readonly threads: number;
  readonly sharedBytes: number;
  /** Whether it may begin before the launch in front of it has ended. */
  readonly awaits?: boolean;
  readonly inputs: readonly { readonly name: string; readonly dtype: DType; readonly axis: string }[];
  readonly output: { readonly dtype: DType; readonly axis: string };
  readonly scalars?: readonly string[];
  /** A tensor that the kernel takes as a map alone, behind everything else: its axes outermost first, and its boxes. */
  readonly boxed?: { readonly name: string; readonly dtype: DType; readonly order: readonly string[]; readonly box: readonly number[]; readonly isResult?: true };
}

const folder = fileURLToPath(new URL('fixtures', import.meta.url));
const kernelsDir = fileURLToPath(new URL('../../build/test/emulated', import.meta.url));

/** Compiles a file of kernels and opens the emulator on them. Axis `b` is the grid, one position a block. `globals`: races in global memory are looked for too. */
export async function openFixtures(file: string, fixtures: readonly Fixture[], { globals = false, ...options }: Omit<EmulatorOptions, 'manifest' | 'kernelsDir'> & { readonly globals?: boolean } = {}): Promise<Device> {
  const manifest = { kernels: Object.fromEntries(fixtures.map((f) => [f.symbol, entryOf(file, f)])) };
  await buildEmulator({ manifest, generated: folder, out: kernelsDir, globals });
  return openEmulator({ manifest, kernelsDir, ...options });
}

function entryOf(file: string, f: Fixture): KernelEntry {
  const scalars = f.scalars ?? [];
  const boxed = f.boxed === undefined ? [] : [f.boxed];
  const axes = [...new Set(['b', 'n', f.output.axis, ...f.inputs.map((p) => p.axis), ...boxed.flatMap((t) => t.order)])];
  const launch: LaunchSpec = {
    symbol: f.symbol, file, line: 1, threads: f.threads, sharedBytes: f.sharedBytes, ...(f.awaits === true ? { awaits: true } : {}), grid: [{ axis: 'b', block: 1 }],
    args: [...f.inputs.map(({ name }) => ({ kind: 'param' as const, name })), { kind: 'result', name: 'out' }, ...scalars.map((name) => ({ kind: 'param' as const, name })), { kind: 'size', axis: 'n' }, ...boxed.map(({ name, order, box }) => ({ kind: 'map' as const, name, order, box }))],
  };
  const tensor = ({ name, dtype, order }: NonNullable<Fixture['boxed']>): { readonly name: string; readonly dtype: DType; readonly order: readonly string[] } => ({ name, dtype, order });

  return {
    source: file, sizes: Object.fromEntries(axes.map((axis) => [axis, { kind: 'dynamic' }])),
    params: [...f.inputs.map(({ name, dtype, axis }) => ({ name, dtype, order: [axis] })), ...scalars.map((name) => ({ name, dtype: 'f32', order: [] })), ...boxed.filter((t) => !t.isResult).map(tensor)],
    results: [{ name: 'out', dtype: f.output.dtype, order: [f.output.axis] }, ...boxed.filter((t) => t.isResult).map(tensor)],
    variants: [{ variant: '', target: 'sm_80', dtypes: {}, fixed: {}, scratch: [], certificates: [], launches: [launch] }],
  };
}

/** Runs a kernel of at most one input x. Rejects with the emulator's report. */
export async function launched<D extends DType>(device: Device, symbol: string, n: number, results: { readonly dtype: D; readonly count: number }, input?: ArrayBufferView & { readonly length: number }, blocks = 1): Promise<HostArrays[D]> {
  using out = device.alloc(results.dtype, [results.count]);
  using x = input === undefined ? undefined : device.alloc('f32', [input.length]);
  if (x !== undefined && input !== undefined) device.write(x, input);
  device.launch(symbol, x === undefined ? {} : { x }, { out }, { n, b: blocks });
  await device.sync();
  return device.read(out);
}

/** Where a file of fixtures lies. */
export const pathOf = (file: string): string => join(folder, file);
