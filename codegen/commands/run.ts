import { writeFileSync } from 'node:fs';
import type { KernelDef } from '../../dsl/definition.js';
import type { DType } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { DeviceTensor } from '../../runtime/device.js';
import type { StoredTensor } from '../../runtime/model/safetensors.js';
import type { TensorToStore } from '../../runtime/model/safetensorsWriter.js';
import { compileFiles } from '../compile.js';
import { type KernelSource, readKernels } from '../frontend/project.js';
import { sizeRelations } from '../graph/relations.js';
import { CommandError } from './failure.js';
import { namesOf } from './kernelNames.js';
import { oneFile } from './sourceFiles.js';
import { type CompiledDevice, openCompiled, targetsOf } from './openCompiled.js';
import { runReference } from './reference.js';
import { schedulesFor, warn } from './schedules.js';
import { type Lengths, lengthsOf, shapeOf } from './shapes.js';
import { narrow, widen } from './tensors.js';

export interface RunOptions { readonly kernel: string; readonly inputs: string; readonly output: string; readonly device: 'reference' | 'cpu' | 'cuda' | 'emulator'; readonly size?: readonly string[] }

/** A call that is ready: the variant its tensors select, and the lengths they show. */
interface Call { readonly source: KernelSource; readonly def: KernelDef; readonly tensors: ReadonlyMap<string, Given>; readonly lengths: Lengths }
interface Given { readonly dtype: DType; readonly shape: readonly number[]; readonly bytes: Uint8Array }

/** Runs one kernel of a file on the tensors of a safetensors file and writes its results to another. Throws CompileError, CommandError, RuntimeError. */
export async function run(file: string, options: RunOptions): Promise<void> {
  const { openSafetensors } = await import('../../runtime/model/safetensors.js');
  const { encodeSafetensors } = await import('../../runtime/model/safetensorsWriter.js');
  const source = kernelNamed(file, options.kernel);
  const call = prepare(source, [...openSafetensors(options.inputs).tensors.values()].map(stored), options.size ?? []);
  const results = options.device === 'reference' ? reference(call) : await compiled(file, call, options.device);
  writeFileSync(options.output, encodeSafetensors(results));
  const shapes = Object.entries(results).map(([name, t]) => `${name} ${t.dtype} [${t.shape.join(', ')}]`);
  process.stdout.write(`${options.kernel}${call.def.variant === '' ? '' : ` (${call.def.variant})`} on ${options.device}: ${shapes.join(', ')} written to ${options.output}\n`);
}

function kernelNamed(file: string, name: string): KernelSource {
  const all = readKernels([oneFile(file)]);
  const found = all.find((k) => k.name === name);
  if (found === undefined) throw new CommandError(`${file} has no kernel '${name}'; it has ${namesOf(all, name)}`);
  return found;
}

const storedDtypes: Readonly<Record<string, DType>> = { F32: 'f32', F16: 'f16', BF16: 'bf16', F8_E4M3: 'f8e4m3', I32: 'i32' };

function stored(t: StoredTensor): readonly [string, Given] {
  const dtype = storedDtypes[t.dtype];
  if (dtype === undefined) throw new CommandError(`tensor '${t.name}' is ${t.dtype}; kernels take ${Object.keys(storedDtypes).join(', ')}`);
  return [t.name, { dtype, shape: t.shape, bytes: t.bytes }];
}

function prepare(source: KernelSource, all: readonly (readonly [string, Given])[], stated: readonly string[]): Call {
  const tensors = new Map(all);
  const offsets = Object.fromEntries(all.flatMap(([name, t]) => (name.startsWith('offsets.') ? [[name.slice('offsets.'.length), Array.from(widen(t.dtype, t.bytes))] as const] : [])));
  const lengths = lengthsOf(source.params, source.sizes, new Map(all.map(([name, t]) => [name, t.shape])), offsets, Object.fromEntries(stated.map(statedSize)), source.variants[0] && sizeRelations(source.variants[0]));
  const def = source.variants.find((v) => fits(v, source, tensors, lengths));
  if (def !== undefined) return { source, def, tensors, lengths };
  const met = source.params.map((p) => `${p.name} ${tensors.get(p.name)?.dtype ?? 'missing'}`).join(', ');
  throw new CommandError(`no variant of '${source.name}' takes ${met}; there are ${source.variants.map((v) => v.params.map((p) => `${p.name} ${p.dtype}`).join(', ')).join(' · ')}`);
}

/** `axis=length`, as --size takes it. Throws CommandError. */
export function statedSize(text: string): readonly [Axis, number] {
  const [, axis, length] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (axis === undefined || length === undefined) throw new CommandError(`--size ${text}: write axis=length`);
  return [axis, Number(length)];
}

function fits(def: KernelDef, source: KernelSource, tensors: ReadonlyMap<string, Given>, lengths: Lengths): boolean {
  const dtypesFit = def.params.every((p) => tensors.get(p.name)?.dtype === p.dtype);
  return dtypesFit && Object.keys(source.sizes).every((axis) => {
    const rule = def.sizes[axis];
    return rule?.kind !== 'fixed' || rule.size === lengths.sizes[axis];
  });
}

function reference({ source, def, tensors, lengths }: Call): Readonly<Record<string, TensorToStore>> {
  const inputs = Object.fromEntries([...tensors].map(([name, t]) => [name, widen(t.dtype, t.bytes)]));
  const results = runReference(def, inputs, lengths);
  return Object.fromEntries(def.results.map((r) => [r.name, { dtype: r.dtype, shape: shapeOf(r.order, source.sizes, lengths), data: narrow(r.dtype, results[r.name] ?? new Float64Array()) }]));
}

async function compiled(file: string, { source, def, tensors, lengths }: Call, on: CompiledDevice): Promise<Readonly<Record<string, TensorToStore>>> {
  const schedules = schedulesFor([file]);
  const targets = await targetsOf(on);
  const compilation = compileFiles([file], targets, { schedules });
  warn(schedules.unused({ files: [source.file], targets }));
  await using device = await openCompiled(on, compilation);
  const args = Object.fromEntries([...tensors].flatMap(([name, t]): [string, DeviceTensor | number][] => {
    const param = source.params.find((p) => p.name === name);
    if (param === undefined && !name.startsWith('offsets.')) return [];
    return [[name, param?.order.length === 0 ? widen(t.dtype, t.bytes)[0] ?? Number.NaN : device.adopt(t.dtype, t.shape, t.bytes)]];
  }));
  const results = Object.fromEntries(def.results.map((r) => [r.name, device.alloc(r.dtype, shapeOf(r.order, source.sizes, lengths))]));
  device.launch(source.name, args, results, Object.fromEntries(Object.entries(lengths.sizes).filter(([axis]) => source.sizes[axis]?.kind === 'dynamic')));
  const read = await Promise.all(Object.entries(results).map(async ([name, t]) => [name, { dtype: t.dtype, shape: t.shape, data: await device.read(t) }] as const));
  return Object.fromEntries(read);
}
