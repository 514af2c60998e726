import type { Device, DeviceTensor } from '../device.js';
import { type Own, owning } from '../scope.js';
import type { ModelConfig, RopeScaling } from './config.js';

/** Cosines and sines [q, d] in f32 of consecutive positions, d being half a head. */
export interface RopeRows { readonly cos: DeviceTensor<'f32'>; readonly sin: DeviceTensor<'f32'> }
export interface RopeTable extends RopeRows, Disposable {}

/** Rows [from, to) of a table, as views. */
export const ropeRows = ({ cos, sin }: RopeRows, from: number, to: number): RopeRows => ({ cos: cos.slice(from, to), sin: sin.slice(from, to) });

/** Angles per position of the D/2 pairs, in float64: θ^(−2i/D), stretched as the model's scaling says. */
export function ropeFrequencies(config: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>): readonly number[] {
  return Array.from({ length: config.headDim / 2 }, (_, i) => scaled(config.ropeTheta ** ((-2 * i) / config.headDim), config.ropeScaling));
}

function scaled(frequency: number, scaling: RopeScaling): number {
  switch (scaling.kind) {
    case 'none': return frequency;
    case 'llama3': {
      const turns = (scaling.originalWindow * frequency) / (2 * Math.PI);
      if (turns < scaling.lowFrequency) return frequency / scaling.factor;
      if (turns > scaling.highFrequency) return frequency;
      const smooth = (turns - scaling.lowFrequency) / (scaling.highFrequency - scaling.lowFrequency);
      return (1 - smooth) * (frequency / scaling.factor) + smooth * frequency;
    }
    default: return scaling satisfies never;
  }
}

/** The table of positions `from … from + count − 1`, angles in float64, rounded once. */
export function ropeTable(device: Device, config: ModelConfig, from: number, count: number): RopeTable {
  const half = config.headDim / 2;
  const { cos, sin } = valuesAt(config, from, count);
  const table = (own: Own, values: Float32Array): DeviceTensor<'f32'> => {
    const tensor = own(device.alloc('f32', [count, half]));
    device.write(tensor, values);
    return tensor;
  };
  return owning((own) => ({ cos: table(own, cos), sin: table(own, sin) }));
}

interface RopeValues { readonly cos: Float32Array; readonly sin: Float32Array }

/** A million angles take longer than a device may wait, and chunks have the same ones every time: those of a model's first positions are kept. */
const kept = new WeakMap<ModelConfig, RopeValues>();
const mostKept = 2 ** 14;

function valuesAt(config: ModelConfig, from: number, count: number): RopeValues {
  const half = config.headDim / 2;
  const end = from + count;
  if (end > mostKept) return computed(config, from, count);
  let known = kept.get(config);
  if (known === undefined || known.cos.length < end * half) {
    known = computed(config, 0, 2 ** Math.ceil(Math.log2(Math.max(1, end))));
    kept.set(config, known);
  }
  return { cos: known.cos.subarray(from * half, end * half), sin: known.sin.subarray(from * half, end * half) };
}

function computed(config: ModelConfig, from: number, count: number): RopeValues {
  const frequencies = ropeFrequencies(config);
  const half = frequencies.length;
  const [cos, sin] = [new Float32Array(count * half), new Float32Array(count * half)];
  for (let q = 0; q < count; q++) {
    for (let i = 0; i < half; i++) {
      const angle = (from + q) * (frequencies[i] ?? 0);
      cos[q * half + i] = Math.cos(angle);
      sin[q * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
