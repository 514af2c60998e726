import type { DType } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/index.js';

/** Element i of a parameter that is not drawn from a normal distribution. */
export type Draw = (i: number, uniform: number) => number;

/** One call that an independent implementation judges. */
export interface FileCase {
  readonly kernel: string;
  /** The dtype parameter E, where there is one. */
  readonly dtype: DType;
  /** Length of every axis; of a ragged one, the lengths of its parts. */
  readonly sizes: Readonly<Record<Axis, number | readonly number[]>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly draws: Readonly<Record<string, Draw>>;
  /** How many times the error of the unfused computation is allowed. */
  readonly factor: number;
  /** How many times the call is made; all results must be the same bits. */
  readonly repeats: number;
}

/** (query rows, keys) of FlashAttention's tests (tests/test_flash_attn.py, BSD). */
export const pairs: readonly (readonly [q: number, k: number])[] = [
  [1, 1], [3, 3], [64, 128], [128, 192], [256, 256], [239, 1], [799, 3], [113, 203], [113, 128], [128, 217], [113, 211], [108, 256], [256, 512], [384, 256], [640, 128],
  [512, 256], [1024, 1024], [1023, 1024], [1024, 1023], [2048, 2048], [4096, 4096], [4224, 4224],
];
/** Decoding against a cache, likewise. */
const cachePairs: readonly (readonly [q: number, k: number])[] = [[1, 128], [1, 339], [3, 1024], [64, 800], [3, 799], [16, 20000], [2048, 3577]];

/** Six query heads with six, three, two and one KV heads. */
const heads = [{ g: 6, r: 1 }, { g: 3, r: 2 }, { g: 2, r: 3 }, { g: 1, r: 6 }] as const;
const dims = { fullAttention: [64, 96, 128, 256], causalAttention: [64, 96, 128, 256], endCausalAttention: [64, 96, 128, 256], windowAttention: [64, 128], lengthAttention: [64, 128] } as const;
const dtypes = ['bf16', 'f16'] as const;

function turn<T>(among: readonly T[], i: number): T {
  const found = among[i % among.length];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}

/**
 * All cases. Short pairs meet every mask, head dim and dtype; long ones every mask, with head dims and dtypes in turn.
 * Head groupings take turns everywhere.
 */
export function fileCases(quick: boolean): readonly FileCase[] {
  const all = [...attentionCases(), ...flexibleCases(), ...rowCases(), ...raggedCases()];
  return quick ? all.filter((c, i) => i % 29 === 0 && elements(c) < 40_000).slice(0, 12).map((c) => ({ ...c, repeats: Math.min(c.repeats, 3) })) : all;
}

const elements = ({ sizes }: FileCase): number => Object.values(sizes).reduce<number>((n, s) => n * (typeof s === 'number' ? s : s.reduce((a, b) => a + b, 0)), 1) / 64;

function attentionCases(): readonly FileCase[] {
  return [...pairs, ...cachePairs].flatMap(([q, k], p) => Object.entries(dims).flatMap(([kernel, ds], m) => {
    const choices = ds.flatMap((d) => dtypes.map((dtype) => ({ d, dtype })));
    const short = Math.max(q, k) <= 256;
    return choices.filter((_, i) => short || i === (p + m) % choices.length || i === (p + m + 3) % choices.length).map(({ d, dtype }, i): FileCase => ({
      kernel, dtype, sizes: { b: short ? 2 : 1, q, k, d, ...turn(heads, p + i) }, numbers: numbersOf(kernel, d, k, p + i), factor: 2, repeats: q === 256 && k === 512 ? 100 : 1,
      draws: { length: (b, u) => (b === 0 ? k : Math.floor(u * k)) },
    }));
  }));
}

/** Windows to both sides, one side, the query alone, and wider than the keys. */
function numbersOf(kernel: string, d: number, k: number, i: number): Readonly<Record<string, number>> {
  if (kernel !== 'windowAttention') return { scale: d ** -0.5 };
  const windows = [{ left: Math.floor(k / 3), right: 0 }, { left: Math.floor(k / 5), right: Math.floor(k / 7) }, { left: 0, right: 0 }, { left: 2 * k, right: 3 }] as const;
  return { scale: d ** -0.5, ...turn(windows, i) };
}

/** Masks and score functions of attention-gym and of PyTorch's tests of FlexAttention (BSD), at their proportions. */
function flexibleCases(): readonly FileCase[] {
  const kernels: readonly (readonly [string, Readonly<Record<string, number>>, Readonly<Record<string, Draw>>?])[] = [
    ['slidingWindowMask', { width: 256 }], ['prefixMask', { length: 256 }], ['documentMask', {}, { ofQuery: (i) => Math.floor(i / 171), ofKey: (i) => Math.floor(i / 171) }],
    ['dilatedMask', { stride: 4 }], ['neighbourMask', { width: 32, reach: 6 }], ['inverseCausalMask', {}], ['blockCausalMask', { block: 96 }],
    ['alibi', {}, { slope: (i) => 2 ** (-(i + 1) / 2) }], ['softcap', { cap: 30 }], ['softcap', { cap: 50 }], ['softcap', { cap: 15 }], ['relativeBias', {}], ['distanceBias', {}], ['headBias', {}], ['trigonometric', {}], ['sinkAttention', {}],
  ];
  const shapes = [{ b: 2, q: 1024, k: 1024, g: 4, r: 2 }, { b: 1, q: 333, k: 333, g: 1, r: 3 }, { b: 1, q: 1000, k: 1999, g: 2, r: 1 }] as const;
  const dimsOf = (kernel: string): readonly number[] => (['slidingWindowMask', 'prefixMask', 'documentMask', 'alibi', 'softcap'].includes(kernel) ? [64, 128] : [64]);
  return kernels.flatMap(([kernel, numbers, draws = {}]) => shapes.flatMap((shape) => dimsOf(kernel).map((d): FileCase => ({
    kernel, dtype: 'bf16', sizes: { ...shape, d }, numbers: { scale: d ** -0.5, ...numbers }, factor: kernel === 'softcap' ? 3 : 2, repeats: 1,
    draws: kernel === 'documentMask' && shape.k !== shape.q ? { ...draws, ofKey: (i) => Math.floor(i / 342) } : draws,
  }))));
}

function rowCases(): readonly FileCase[] {
  const shapes = [{ q: 512, e: 1024, f: 768 }, { q: 1, e: 4096, f: 4096 }, { q: 333, e: 500, f: 1001 }, { q: 17, e: 40, f: 24 }, { q: 2048, e: 4096, f: 512 }] as const;
  const products = ['matmul', 'matmulRows', 'geluBias', 'rmsNormMatmul', 'layerNormed'].flatMap((kernel) => dtypes.flatMap((dtype) => shapes.map(({ q, e, f }): FileCase =>
    ({ kernel, dtype, sizes: kernel === 'layerNormed' ? { q, e } : { q, e, f }, numbers: {}, draws: {}, factor: 2, repeats: q === 512 ? 100 : 1 }))));
  const one = (kernel: string, sizes: FileCase['sizes'], numbers: FileCase['numbers'] = {}): FileCase => ({ kernel, dtype: 'bf16', sizes, numbers, draws: {}, factor: 2, repeats: 1 });
  return [
    ...products, one('scoreEntropy', { q: 700, k: 3000, d: 64 }, { scale: 1 / 8 }), one('scoreEntropy', { q: 1, k: 1, d: 64 }, { scale: 1 / 8 }), one('route', { q: 1000, e: 512, x: 64, n: 2 }),
    one('topOfRow', { q: 9, k: 8192, n: 4000 }), one('topOfRow', { q: 3, k: 100, n: 100 }), one('topOfRow', { q: 1, k: 70_000, n: 1 }),
  ];
}

function raggedCases(): readonly FileCase[] {
  const parts = [[1, 300, 17, 128, 0, 511], [64, 64], [1], [900, 33]] as const;
  return parts.flatMap((lengths, i) => dtypes.flatMap((dtype) => [64, 128].map((d): FileCase =>
    ({ kernel: 'raggedAttention', dtype, sizes: { q: lengths, k: lengths, d, ...turn(heads, i) }, numbers: { scale: d ** -0.5 }, draws: {}, factor: 2, repeats: 1 }))));
}
