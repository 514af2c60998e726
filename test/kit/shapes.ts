import fc, { type Arbitrary } from 'fast-check';

/** Lengths at which tiles begin, end and spill over: small ones, and the powers of two up to `max` with their neighbours. */
export function edgeLengths(max: number, tile?: number): readonly number[] {
  const edges = [1, 2, 3, ...[8, 16, 32, 64, 128, 256, 512, 1024].flatMap((n) => [n - 1, n, n + 1]), ...(tile === undefined ? [] : [tile - 1, tile, tile + 1, 2 * tile + 1])];
  return [...new Set(edges)].filter((n) => n >= 1 && n <= max).sort((a, b) => a - b);
}

/** Between which lengths an axis is drawn. */
export interface LengthOptions {
  /** Largest length drawn; 160 unless said. */
  readonly max?: number;
  /** Smallest length drawn; 1 unless said. 0 admits empty axes. */
  readonly min?: number;
  /** Block size of the schedule under test: its multiples and their neighbours are drawn too. */
  readonly tile?: number;
}

/**
 * The length of an axis: small numbers and tile edges above all. Shrinks to the smallest length that still fails.
 * @example fc.property(length({ max: 300, tile: 128 }), (n) => …)
 */
export function length(options: LengthOptions = {}): Arbitrary<number> {
  const { max = 160, min = 1, tile } = options;
  const edges = edgeLengths(max, tile).filter((n) => n >= min);
  const small = Array.from({ length: Math.min(9, max - min + 1) }, (_, i) => min + i);
  const others = Array.from({ length: Math.max(0, Math.min(max, denseUpTo) - min + 1) }, (_, i) => min + i);
  // What is drawn often stands there often, in rising order: shrinking halves its way to the left through every length.
  const often = [...small, ...edges].flatMap((n) => Array.from({ length: 8 }, () => n));
  const drawn = [...often, ...others].sort((a, b) => a - b);
  return fc.nat({ max: drawn.length - 1 }).map((i) => drawn[i] ?? min);
}

/** Beyond it only edges are drawn. */
const denseUpTo = 1100;

/** One length for each axis named. @example lengths(['q', 'k'], { max: 40 }) */
export function lengths<A extends string>(axes: readonly A[], options: LengthOptions = {}): Arbitrary<Readonly<Record<A, number>>> {
  return fc.tuple(...axes.map(() => length(options))).map((drawn) => Object.fromEntries(axes.map((a, i) => [a, drawn[i]])) as Record<A, number>);
}

/** KV heads `g` and query heads per KV head `r`, drawn as two factors. */
export const groupedHeads: Arbitrary<{ readonly g: number; readonly r: number }> = fc.record({ g: fc.constantFrom(1, 2, 3), r: fc.constantFrom(1, 2, 4) });

/** Lengths of the parts of a ragged axis: one-element parts and a short last one are likely, empty ones where `min` is 0. */
export const raggedLengths = (options: LengthOptions & { readonly maxParts?: number } = {}): Arbitrary<readonly number[]> =>
  fc.array(length(options), { minLength: 1, maxLength: options.maxParts ?? 4 });
