/** A straight line through points by least squares, and the largest share by which a point lies off it. */
export interface Line { readonly fixed: number; readonly slope: number; readonly off: number }

export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (f: (p: readonly [number, number]) => number): number => points.reduce((n, p) => n + f(p), 0) / points.length;
  const [x, y] = [mean((p) => p[0]), mean((p) => p[1])];
  const slope = mean((p) => (p[0] - x) * (p[1] - y)) / mean((p) => (p[0] - x) ** 2);
  const fixed = y - slope * x;
  return { fixed, slope, off: Math.max(...points.map(([px, py]) => Math.abs(fixed + slope * px - py) / py)) };
}
