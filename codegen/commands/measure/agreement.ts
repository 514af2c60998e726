import type { KernelDef } from '../../../dsl/definition.js';
import type { DType } from '../../../dsl/dtype.js';
import { nodesOf } from '../../../dsl/walk.js';
import type { Device } from '../../../runtime/device.js';
import { widen } from '../tensors.js';
import { blank, type Call } from './inputs.js';
import type { AxisLengths } from './lengths.js';

/** Results by name, as float64. */
export type Results = Readonly<Record<string, Float64Array>>;

/** What a kernel makes of a call; rejects with what the device says. */
export async function resultsOf(device: Device, name: string, { args, results, sizes }: Call): Promise<Results> {
  for (const t of Object.values(results)) blank(device, t);
  device.launch(name, args, results, sizes);
  await device.sync();
  return Object.fromEntries(await Promise.all(Object.entries(results).map(async ([key, t]) => {
    const { buffer, byteOffset, byteLength } = await device.read(t);
    return [key, widen(t.dtype, new Uint8Array(buffer, byteOffset, byteLength))] as const;
  })));
}

const roundingUnit: Readonly<Record<DType, number>> = { f32: 2 ** -24, f16: 2 ** -11, bf16: 2 ** -8, f8e4m3: 2 ** -4, i32: 0 };
/** Of chosen positions, how many may differ: numbers that are equal but for rounding are chosen in another order. */
const mostMoved = 1e-3;

/**
 * Where two schedules' results differ by more than rounding explains: a sum of n terms in another order differs by √n units of f32,
 * times a factor for what meets on the way, and whatever the kernel rounds to fewer bits by a few units of those; all at
 * the scale of the largest result. Undefined where they agree.
 */
export function disagreement(def: KernelDef, lengths: AxisLengths, expected: Results, found: Results): string | undefined {
  const rounded = Math.max(...nodesOf(def.results.map((r) => r.value)).map((e) => (e.kind === 'cast' ? roundingUnit[e.dtype] : 0)));
  for (const { name, dtype, order } of def.results) {
    const summed = Math.max(1, ...def.params.map((p) => p.order.reduce((n, a) => n * (order.includes(a) ? 1 : (lengths[a] ?? 1)), 1)));
    const [want, have] = [expected[name] ?? new Float64Array(), found[name] ?? new Float64Array()];
    const scale = want.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
    const bound = scale * (64 * 2 ** -24 * Math.sqrt(summed) + 4 * Math.max(rounded, roundingUnit[dtype]));
    const differ = (i: number): boolean => { const [a, b] = [want[i] ?? 0, have[i] ?? 0]; return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) > bound : !Object.is(a, b); };
    let places = 0;
    let first: number | undefined;
    for (let i = 0; i < want.length; i++) {
      if (!differ(i)) continue;
      first ??= i;
      places++;
    }
    if (first !== undefined && (dtype !== 'i32' || places > mostMoved * want.length)) return `'${name}' differs in ${places} of ${want.length} places, first [${first}]: ${have[first]} where the model's schedule gives ${want[first]}`;
  }
  return undefined;
}
