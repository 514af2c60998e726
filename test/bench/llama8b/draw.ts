/** bf16 bits of a number, rounded to nearest even. */
function bf16Bits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** So many equally likely values stand for a distribution: 16 random bits choose one. */
const quantiles = 2 ** 16;

/** bf16 quantiles of a normal distribution. */
export function normalTable(mean: number, spread: number): Uint16Array {
  return Uint16Array.from({ length: quantiles }, (_, i) => bf16Bits(mean + spread * standardQuantile((i + 0.5) / quantiles)));
}

/** Acklam's approximation of the inverse of the normal distribution, good to 1e-9 of its value. */
function standardQuantile(p: number): number {
  if (p > 0.5) return -standardQuantile(1 - p);
  if (p < 0.02425) {
    const t = Math.sqrt(-2 * Math.log(p));
    return (((((-7.784894002430293e-3 * t - 0.3223964580411365) * t - 2.400758277161838) * t - 2.549732539343734) * t + 4.374664141464968) * t + 2.938163982698783)
      / ((((7.784695709041462e-3 * t + 0.3224671290700398) * t + 2.445134137142996) * t + 3.754408661907416) * t + 1);
  }
  const [t, r] = [p - 0.5, (p - 0.5) ** 2];
  return ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r - 30.66479806614716) * r + 2.506628277459239) * t)
    / (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1);
}

/** A state from a name, the same everywhere (FNV-1a, then mixed). */
export function stateOf(name: string): Uint32Array {
  let hash = 0x811c9dc5;
  for (const c of new TextEncoder().encode(name)) hash = Math.imul(hash ^ c, 0x01000193);
  return Uint32Array.from({ length: 4 }, (_, i) => {
    let x = Math.imul(hash + i, 0x9e3779b9) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) | 1;
  });
}

/** Fills `out` with draws from a table, by Marsaglia's xorshift128; the state goes on. An odd length leaves the last element's partner out. */
export function draw(out: Uint16Array, table: Uint16Array, state: Uint32Array): void {
  const numbers = Int32Array.from(state);
  let [x = 1, y = 1, z = 1, w = 1] = numbers;
  // Rotated by hand: a destructuring swap would make an array for every draw.
  for (let i = 0; i < out.length; i += 2) {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    out[i] = table[w & 0xffff] ?? 0;
    out[i + 1] = table[w >>> 16] ?? 0;
  }
  state.set([x, y, z, w]);
}
