import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { type DType, dtypes, roundTo } from '../../dsl/dtype.js';
import { f8e4m3Byte, f8e4m3Value } from '../../dsl/f8e4m3.js';
import type { ArgSpec, KernelEntry, Manifest } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import type { Device, DeviceTensor } from '../../runtime/device.js';
import { openCpuDevice } from '../../runtime/load.js';
import { referenceDevice } from '../kit/referenceDevice.js';
import { length } from '../kit/shapes.js';
import { uniform } from '../kit/values.js';

// Every kernel of the runtime, compiled for the processor, against its own TypeScript at tile edges.

const cpu = openCpuDevice();
const reference = await referenceDevice();
afterAll(async () => { await cpu[Symbol.asyncDispose](); });
const kernels: Manifest['kernels'] = manifest.kernels;

/** Length of every axis; of a ragged one, the lengths of its parts. */
type Sizes = Readonly<Record<string, number | readonly number[]>>;
const total = (size: Sizes[string] | undefined): number => (typeof size === 'number' ? size : (size ?? []).reduce((a, b) => a + b, 0));
const longest = (size: Sizes[string] | undefined): number => (typeof size === 'number' ? size : Math.max(0, ...(size ?? [])));
/** Whole numbers below the axis that they index. */
const indexes: Readonly<Record<string, string>> = { ids: 't', target: 't', index: 'k', column: 'n', columns: 'k' };
const scalars: Readonly<Record<string, (sizes: Sizes, seed: number) => number>> = {
  eps: () => 1e-5, scale: () => 0.125, threshold: () => 0.03, edge: (_, seed) => seed % 40, zones: (_, seed) => seed % 8,
  // Behind the last row that a causal kernel sees, before, and in between: rows from the first key on always see one.
  first: ({ k }, seed) => seed % longest(k), rows: (_, seed) => 1 + (seed % 40), length: ({ n }) => longest(n),
  turning: ({ h }, seed) => seed % (longest(h) + 1), lo: (_, seed) => seed % 3, behind: (_, seed) => seed % 5, sure: (_, seed) => seed % 7, width: (_, seed) => 1 + (seed % 2000),
};
/** Copies and choices are exact; what sums may differ by its roundings. */
const exact = new Set(['embed', 'takeRows', 'compact', 'headPeaks', 'joinRows', 'pick', 'widen', 'pool', 'selectTokens', 'selectStored', 'bestOfRows', 'bestRow']);
/** Kernels whose results are f32 sums of products, whatever is multiplied: nothing in them is rounded to bf16. */
const unrounded = new Set(['linearAdd', 'logits']);
const maxLength: Readonly<Record<string, number>> = { r: 3, g: 3, w: 10, j: 9, h: 4 };
const limit = (name: string, axis: string): number => maxLength[axis] ?? (/Attention/.test(name) ? 140 : name === 'widen' ? 1100 : 70);
/** What must be no longer than what: queries are rows among the keys, a choice takes from so many. */
const within: Readonly<Record<string, readonly [shorter: string, longer: string]>> = { chunkAttention: ['q', 'k'], chunkAttentionScaled: ['q', 'k'], queryAttention: ['q', 'k'], queryAttentionScaled: ['q', 'k'], tailScore: ['q', 'k'], tailScoreMax: ['q', 'k'], selectTokens: ['n', 'k'], joinRows: ['q', 'k'], joinRowsScaled: ['q', 'k'], selectStored: ['m', 'n'], bestOfRows: ['n', 'w'], bestRow: ['m', 'b'] };

/** One to three parts; the offsets count them. */
const sizesOf = (name: string, entry: KernelEntry) => fc.integer({ min: 1, max: 3 }).chain((parts) => fc.record(Object.fromEntries(Object.entries(entry.sizes).map(([axis, spec]): [string, fc.Arbitrary<number | number[]>] => {
  const one = length({ max: limit(name, axis) });
  switch (spec.kind) {
    case 'fixed': return [axis, fc.constantFrom(...spec.sizes)];
    case 'dynamic': return [axis, axis === 'c' ? fc.constant(parts) : one];
    case 'ragged': return [axis, fc.array(one, { minLength: parts, maxLength: parts })];
    default: return spec satisfies never;
  }
})))).map((drawn: Sizes): Sizes => {
  const [shorter, longer] = within[name] ?? [];
  const [a, b] = [drawn[shorter ?? ''], drawn[longer ?? '']];
  if (shorter === undefined || a === undefined || b === undefined) return drawn;
  return { ...drawn, [shorter]: typeof a === 'number' ? Math.min(a, longest(b)) : a.map((n, i) => Math.min(n, typeof b === 'number' ? b : (b[i] ?? 0))) };
});

function inputs(device: Device, entry: KernelEntry, dtype: DType, sizes: Sizes, seed: number): Readonly<Record<string, DeviceTensor | number>> {
  const args = Object.fromEntries(entry.params.map((p, i) => {
    if (p.order.length === 0) return [p.name, scalars[p.name]?.(sizes, seed) ?? 0];
    const tensor = device.alloc(dtypeOf(p, dtype), shapeOf(entry, p, sizes));
    const count = tensor.shape.reduce((n, s) => n * s, 1);
    const below = longest(sizes[indexes[p.name] ?? '']);
    const draw = (j: number): number => 2 * uniform(seed + i, j) - 1;
    // Scales are powers of two; numbers in units of them go as far as 8 bits do.
    const values = Float32Array.from({ length: count }, (_, j) => (/Scale$/.test(p.name) ? 2 ** Math.round(3 * draw(j) - 7) : tensor.dtype === 'f8e4m3' && dtype !== 'f8e4m3' ? roundTo.f8e4m3(128 * draw(j)) : draw(j)));
    device.write(tensor, tensor.dtype === 'i32' ? Int32Array.from(values, (x) => Math.floor(((x + 1) / 2) * (below || 100))) : bitsOf(tensor.dtype, values));
    return [p.name, tensor];
  }));
  const offsets = Object.entries(sizes).flatMap(([axis, parts]) => {
    if (typeof parts === 'number') return [];
    const starts = parts.reduce((sums, n) => [...sums, (sums.at(-1) ?? 0) + n], [0]);
    const tensor = device.alloc('i32', [starts.length]);
    device.write(tensor, Int32Array.from(starts));
    return [[`offsets.${axis}`, tensor] as const];
  });
  return { ...args, ...Object.fromEntries(offsets) };
}
const dtypeOf = (p: ArgSpec, variant: DType): DType => dtypes.find((t) => t === p.dtype) ?? variant;
/** A ragged axis and the one before it are packed into one dimension. */
const shapeOf = (entry: KernelEntry, p: ArgSpec, sizes: Sizes): number[] => p.order.flatMap((axis, i) => (entry.sizes[p.order[i + 1] ?? '']?.kind === 'ragged' ? [] : [total(sizes[axis])]));
/** f16 gets the bits of bf16: any bits are f16 numbers, these are finite. */
const bitsOf = (dtype: DType, values: Float32Array): ArrayBufferView => (dtype === 'f32' ? values : dtype === 'f8e4m3' ? Uint8Array.from(values, f8e4m3Byte) : Uint16Array.from(new Uint32Array(values.buffer), (b) => (b >>> 16) & 0xbbff));

async function launch(device: Device, name: string, entry: KernelEntry, dtype: DType, sizes: Sizes, seed: number): Promise<readonly Float64Array[]> {
  const results = Object.fromEntries(entry.results.map((r) => [r.name, device.alloc(dtypeOf(r, dtype), shapeOf(entry, r, sizes))]));
  const args = inputs(device, entry, dtype, sizes, seed);
  device.launch(name, args, results, name === 'pool' ? { j: total(sizes['j']) } : {});
  const read = await Promise.all(Object.values(results).map(async (t) => {
    const values = await device.read(t);
    return Float64Array.from(t.dtype === 'f8e4m3' ? Array.from(values, f8e4m3Value) : t.dtype === 'bf16' ? new Float32Array(Uint32Array.from(values, (b) => b << 16).buffer) : values);
  }));
  for (const t of [...Object.values(args), ...Object.values(results)]) if (typeof t !== 'number') t[Symbol.dispose]();
  return read;
}

/** Roundings of the longest sum, in units of the largest result; bf16 rounds results, and weights on the way. */
function tolerance(name: string, dtype: DType, result: ArgSpec | undefined, sizes: Sizes, expected: Float64Array): (want: number) => number {
  if (exact.has(name)) return () => 0;
  // Half of the last of four bits, and below 2⁻⁶ half of 2⁻⁹; the reference does not round.
  if (result?.dtype === 'f8e4m3') return (want) => Math.max(2 ** -4 * Math.abs(want), 2 ** -10);
  const largest = expected.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 1);
  const bound = (dtype === 'bf16' && !unrounded.has(name) ? 2 ** -6 : (Math.max(...Object.values(sizes).map(longest)) + 16) * 2 ** -23) * largest;
  return () => bound;
}

const cases = Object.entries(kernels).flatMap(([name, entry]) => [...new Set(entry.variants.map((v) => v.dtypes['E'] ?? 'f32'))].map((dtype) => ({ name, entry, dtype })));
describe.each(cases)('$name, $dtype', ({ name, entry, dtype }) => {
  test.prop([sizesOf(name, entry), fc.nat(10000)], { numRuns: 12 })('means what its source says', async (sizes, seed) => {
    const expected = await launch(reference, name, entry, dtype, sizes, seed);
    const actual = await launch(cpu, name, entry, dtype, sizes, seed);
    actual.forEach((values, i) => {
      const want = expected[i] ?? new Float64Array();
      const bound = tolerance(name, dtype, entry.results[i], sizes, want);
      const wrong = values.findIndex((x, j) => !(x === want[j] || Math.abs(x - (want[j] ?? NaN)) <= bound(want[j] ?? 0)));
      expect({ result: entry.results[i]?.name, wrong, actual: values[wrong], want: want[wrong] }).toEqual({ result: entry.results[i]?.name, wrong: -1, actual: undefined, want: undefined });
    });
  });
});
