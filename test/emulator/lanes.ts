// Numbers as fixtures/laneMaps*.cu make them, and words as a GPU printed them.

/** 32 stirred bits. */
export const stirred = (i: number): number => {
  let h = (Math.imul(i, 0x9e3779b1) + 0x7f4a7c15) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
};
/** Whole numbers from −8 to 8. */
export const small = (i: number): number => (stirred(i) % 17) - 8;

export const asFloat = (bits: number): number => new Float32Array(Uint32Array.of(bits).buffer)[0] ?? NaN;
export const bitsOfFloat = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0] ?? 0;

/** Words of eight hexadecimal digits each; none where nothing was printed. */
export const goldenWords = (printed = ''): readonly number[] => printed.match(/.{8}/g)?.map((hex) => Number.parseInt(hex, 16)) ?? [];
