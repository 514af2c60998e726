import type { Device, DeviceTensor, LaunchArgs } from '../device.js';
import type { Pass } from './pass.js';
import type { RopeRows } from './rope.js';
import type { LayerWeights, Projection } from './weights.js';

/** Rows that projections read: normed, or as they stand with the norm that each projection does itself. */
export type Entering =
  | { readonly kind: 'normed'; readonly x: DeviceTensor }
  | { readonly kind: 'plain'; readonly x: DeviceTensor; readonly gain: DeviceTensor; readonly eps: number };

/** Whether the rows of a pass are normed once, or in every projection that reads them: one launch less, the same norms in every block of outputs. */
export type Norms = 'once' | 'everywhere';

/** Up to so many rows, norming them again costs less than a launch. To blocks of a GPU, where they are several, normed rows come like weights: ahead. */
const fewRows = { cpu: 16, reference: 16, cuda: 1, emulator: 1 } as const;

/** Packed chunks are normed once however few they are: what one gives must not depend on its neighbours. */
export const normsOf = ({ kind }: Pick<Device, 'kind'>, { ids, rows }: Pick<Pass, 'ids' | 'rows'>): Norms =>
  rows.kind === 'sequence' && ids.length <= fewRows[kind] ? 'everywhere' : 'once';

/** Rows `h` under a norm; those that are normed once into the first rows of `into`. */
export function enter(device: Device, h: DeviceTensor, gain: DeviceTensor, eps: number, norms: Norms, into: DeviceTensor): Entering {
  if (norms === 'everywhere') return { kind: 'plain', x: h, gain, eps };
  const x = into.slice(0, h.shape[0] ?? 0);
  device.launch('rmsNorm', { x: h, gain, eps }, { out: x });
  return { kind: 'normed', x };
}

const kernels = {
  normed: { product: 'linear', turned: 'linearRope', gated: 'swiglu' },
  plain: { product: 'normLinear', turned: 'normLinearRope', gated: 'normSwiglu' },
} as const;
const argsOf = (from: Entering): LaunchArgs => (from.kind === 'plain' ? { x: from.x, gain: from.gain, eps: from.eps } : { x: from.x });

/** `out` [rows, outputs]. */
export function project(device: Device, from: Entering, { w, bias }: Projection, out: DeviceTensor): void {
  const name = kernels[from.kind].product;
  if (bias) device.launch(`${name}Bias`, { ...argsOf(from), w, bias }, { out });
  else device.launch(name, { ...argsOf(from), w }, { out });
}

/** Heads turned by their rows' angles: `out` [rows, …] in the order heads, head dimension. */
export function projectHeads(device: Device, from: Entering, projection: Projection, rope: RopeRows, out: DeviceTensor): void {
  if (from.kind === 'plain') return projectSomeTurned(device, from, projection, headCount(projection, rope), rope, out);
  launchHeads(device, kernels.normed.turned, argsOf(from), projection, rope, out);
}

/** Of all heads the first `turning` turned, in one launch: queries, keys and values whose weights lie behind each other. */
export function projectSomeTurned(device: Device, from: Entering & { readonly kind: 'plain' }, projection: Projection, turning: number, rope: RopeRows, out: DeviceTensor): void {
  launchHeads(device, kernels.plain.turned, { ...argsOf(from), turning }, projection, rope, out);
}

const headCount = ({ w }: Projection, rope: RopeRows): number => (w.shape[0] ?? 0) / (2 * (rope.cos.shape[1] ?? 0));

function launchHeads(device: Device, name: 'linearRope' | 'normLinearRope', x: LaunchArgs, { w, bias }: Projection, rope: RopeRows, out: DeviceTensor): void {
  const half = rope.cos.shape[1] ?? 0;
  const heads = headCount({ w, bias }, rope);
  const args = { ...x, w: w.reshape([heads, 2, half, w.shape[1] ?? 0]), ...rope };
  const results = { out: out.reshape([out.shape[0] ?? 0, heads, 2, half]) };
  if (bias) device.launch(`${name}Bias`, { ...args, bias: bias.reshape([heads, 2, half]) }, results);
  else device.launch(name, args, results);
}

/** The gated half of the MLP: `out` [rows, ffn]. */
export function projectGated(device: Device, from: Entering, { gate, up }: Pick<LayerWeights, 'gate' | 'up'>, out: DeviceTensor): void {
  device.launch(kernels[from.kind].gated, { ...argsOf(from), gate, up }, { out });
}
