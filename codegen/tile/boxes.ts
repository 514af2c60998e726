import type { SizeRule } from '../../dsl/definition.js';
import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { MapRef } from '../../dsl/manifest.js';
import type { Load, Param, Tile, TileKernel } from './ir.js';
import { extended, matrixAxes } from './sides.js';
import { statements } from './walk.js';

/** Bytes of a line of swizzled shared memory: how long a box is along the innermost axis. */
export const lineBytes = 128;
/** Rows of a warpgroup's part of a product. */
export const groupRows = 64;
/** What the copy engine takes: positions of a box along one axis, and axes. */
const longestSide = 256;
const mostAxes = 5;

/** Lengths of a launch's axes. */
type Sizes = Readonly<Record<Axis, SizeRule>>;

/** Axes of memory as the copy engine sees it: a ragged axis and the one before it are packed into one. */
export const packedAxes = (p: Param, sizes: Sizes): readonly Axis[] =>
  p.order.filter((axis, i) => {
    const next = sizes[p.order[i + 1] ?? ''];
    return !(next?.kind === 'ragged' && next.by === axis);
  });

/** How the boxes of a window of memory look that a tile takes in lines of its innermost axis; `rows`: positions of a box along an axis that one box does not take whole. */
export function mapOf(p: Param, t: Tile, sizes: Sizes, rows?: Readonly<Record<Axis, number>>): MapRef {
  const order = packedAxes(p, sizes);
  const sideOf = (axis: Axis): number => (axis in p.at ? 1 : rows?.[axis] ?? t.shape.find((a) => a.axis === axis)?.size ?? 1);
  return { kind: 'map', name: p.name, order, box: order.map((axis) => (axis === order.at(-1) ? lineBytes / dtypeBytes[p.dtype] : sideOf(axis))) };
}

/** Whether a load can be left to the copy engine and products read what it brings: 16-bit numbers in lines. `over`: the axis of the product. */
export const isBoxed = (s: Pick<Load, 'dst' | 'src'>, over: Axis, sizes: Sizes): boolean => dtypeBytes[s.dst.dtype] === 2 && isInLines(s, over, sizes);

/** Whether boxes bring a tile: numbers as memory has them, whole lines of the innermost axis `over`, rows in whole groups of eight. */
export function isInLines({ dst, src }: Pick<Load, 'dst' | 'src'>, over: Axis, sizes: Sizes): boolean {
  const axes = matrixAxes(dst, over);
  const [inner, more] = axes?.inner ?? [];
  if (!axes || !inner || more || dst.dtype !== src.dtype || dst.dtype === 'i32') return false;
  const order = packedAxes(src, sizes);
  const rows = axes.outer.reduce((n, a) => n * a.size, 1);
  // Boxes are written axis by axis as memory has them.
  const asStored = order.filter((axis) => extended(dst).some((a) => a.axis === axis)).join() === extended(dst).map((a) => a.axis).join();
  return asStored && order.length <= mostAxes && order.length > 1 && order.at(-1) === inner.axis && (inner.size * dtypeBytes[dst.dtype]) % lineBytes === 0 && rows % 8 === 0 && axes.outer.every((a) => a.size <= longestSide);
}

/** Maps that a launch takes: of what is loaded in boxes, and of what is stored so. */
export function mapsOf(k: TileKernel): readonly MapRef[] {
  const loads = (k.roles?.channels ?? []).flatMap((c) => c.loads.map((l) => mapOf(l.src, l.dst, k.sizes)));
  const stores = k.roles ? statements(k.body).flatMap((s): readonly MapRef[] => (s.kind === 'store' && s.through ? [mapOf(s.dst, s.src, k.sizes, Object.fromEntries((k.frame?.rows ?? []).map((a) => [a.axis, groupRows])))] : [])) : [];
  return [...loads, ...stores].filter((m, i, all) => all.findIndex((o) => o.name === m.name) === i);
}
