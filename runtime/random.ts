const rounds = 10;
const [multiplierA, multiplierB] = [0xd2511f53, 0xcd9e8d57] as const;
const [stepA, stepB] = [0x9e3779b9, 0xbb67ae85] as const;

/** Four u32. */
export type Words = readonly [number, number, number, number];

/**
 * Philox4x32-10 (Salmon et al., 2011): random bits as a function of a counter and a key, without state. What is drawn for
 * one counter does not depend on what was drawn for others.
 */
export function philox([a, b, c, d]: Words, [k0, k1]: readonly [number, number]): Words {
  let [w, x, y, z] = [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
  let [p, q] = [k0 >>> 0, k1 >>> 0];
  for (let round = 0; round < rounds; round++) {
    const [highA, lowA, highB, lowB] = [high(multiplierA, w), Math.imul(multiplierA, w) >>> 0, high(multiplierB, y), Math.imul(multiplierB, y) >>> 0];
    [w, x, y, z] = [(highB ^ x ^ p) >>> 0, lowB, (highA ^ z ^ q) >>> 0, lowA];
    [p, q] = [(p + stepA) >>> 0, (q + stepB) >>> 0];
  }
  return [w, x, y, z];
}

/** The upper half of a product of two u32. */
const high = (a: number, b: number): number => Number((BigInt(a) * BigInt(b)) >> 32n);

/** The number in [0, 1) that is drawn at a place of a sequence, with 53 random bits. */
export function uniformAt(seed: number, place: number): number {
  const [upper, lower] = philox([place, 0, 0, 0], [seed, 0]);
  return ((upper >>> 5) * 2 ** 26 + (lower >>> 6)) / 2 ** 53;
}

/** A seed that nobody chose. */
export const drawSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
