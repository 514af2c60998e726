import type { Axis } from '../../../dsl/expr.js';
import { product, strideFactors } from '../../emit/address.js';
import { dimensions, type Emission } from '../../emit/emission.js';
import type { Mma, Tile, TileAxis } from '../../tile/ir.js';
import { elementOf, loops } from './elements.js';
import type { Placement } from './placement.js';

const has = (t: Tile, axis: Axis): boolean => dimensions(t).some((a) => a.axis === axis);

/** Which operand gives the rows and which the columns: columns run along the innermost axis of the result. */
export function sides(s: Mma): { readonly rows: Tile; readonly columns: Tile } {
  const inner = dimensions(s.dst).findLast((a) => has(s.lhs, a.axis) !== has(s.rhs, a.axis));
  return inner && has(s.lhs, inner.axis) ? { rows: s.rhs, columns: s.lhs } : { rows: s.lhs, columns: s.rhs };
}

/** One or more axes that are walked as one: `inner` steps of `stride`, `count` of them. */
interface Run { readonly axes: readonly TileAxis[] }

/**
 * The product as one call on matrices, with loops around it for what is left: batch axes, and rows or columns that are
 * not evenly spaced in both places.
 */
export function printMma(s: Mma, e: Emission, { inPlace }: Placement): void {
  const { rows, columns } = sides(s);
  const strideOf = (t: Tile): Strides => stridesOf(e, t, inPlace);
  const [ofDst, ofRows, ofColumns] = [strideOf(s.dst), strideOf(rows), strideOf(columns)];
  const all = dimensions(s.dst);
  const rowAxis = longest(runs(all.filter((a) => has(rows, a.axis) && !has(columns, a.axis)), e, ofDst, ofRows));
  const columnAxis = longest(runs(all.filter((a) => has(columns, a.axis) && !has(rows, a.axis)), e, ofDst, ofColumns));
  const inside = new Set([...rowAxis.axes, ...columnAxis.axes].map((a) => a.axis));
  const at = (axis: Axis): string | undefined => (inside.has(axis) || axis === s.over ? undefined : e.index(axis));
  const over = s.lhs.shape.find((a) => a.axis === s.over) ?? { axis: s.over, size: 1 };
  loops(e, all.filter((a) => !inside.has(a.axis)), e.valid, () => {
    const operand = (t: Tile, strides: Strides, row: Run, column: Run): string => {
      const pair = [row, column].map((r) => strideText(strides, r));
      return matrixText(e, t, strides, inPlace.has(t), at, pair[0] ?? '0', pair[1] ?? '0', row, column);
    };
    const along: Run = { axes: over.size > 1 ? [over] : [] };
    const parts = [
      operand(s.dst, ofDst, rowAxis, columnAxis), operand(rows, ofRows, rowAxis, along), operand(columns, ofColumns, along, columnAxis),
      countText(e, rowAxis), countText(e, columnAxis), e.valid(over), s.accumulate ? 'accumulate' : 'overwrite',
    ];
    e.line(`mma(${parts.join(', ')});`);
  });
}

/** Per axis, the lengths whose product is its stride. */
type Strides = ReadonlyMap<Axis, readonly string[]>;

function stridesOf(e: Emission, t: Tile, inPlace: Placement['inPlace']): Strides {
  const memory = inPlace.get(t);
  if (memory) return new Map(dimensions(t).map((a) => [a.axis, strideFactors(e, memory.src, a.axis)]));
  const axes = dimensions(t);
  return new Map(axes.map((a, i) => [a.axis, axes.slice(i + 1).map(e.extent)]));
}

/** Neighbouring axes become one where both operands step over the inner one evenly. */
function runs(axes: readonly TileAxis[], e: Emission, ...strides: readonly Strides[]): readonly Run[] {
  return axes.reduce<readonly Run[]>((done, a) => {
    const last = done.at(-1);
    const outer = last?.axes.at(-1);
    const even = outer !== undefined && strides.every((s) => same(s.get(outer.axis), [e.extent(a), ...(s.get(a.axis) ?? [])]));
    return last && even ? [...done.slice(0, -1), { axes: [...last.axes, a] }] : [...done, { axes: [a] }];
  }, []);
}

const same = (a: readonly string[] | undefined, b: readonly string[]): boolean => a !== undefined && a.length === b.length && a.every((x, i) => x === b[i]);
const sizeOf = (r: Run): number => r.axes.reduce((n, a) => n * a.size, 1);
const longest = (all: readonly Run[]): Run => all.reduce((best, r) => (sizeOf(r) > sizeOf(best) ? r : best), { axes: [] });

/** A run steps by the stride of its innermost axis; no axis: there is one row or column. */
function strideText(strides: Strides, r: Run): string {
  const inner = r.axes.at(-1);
  return inner === undefined ? '0' : product(strides.get(inner.axis) ?? []);
}

/** All of the inner axes of a run, the outermost up to its valid extent. */
const countText = (e: Emission, r: Run): string => {
  const [outer, ...inner] = r.axes;
  return outer === undefined ? '1' : [e.valid(outer), ...inner.map(e.extent)].join(' * ');
};

function matrixText(
  e: Emission, t: Tile, strides: Strides, isMemory: boolean, at: (axis: Axis) => string | undefined, row: string, column: string, rowRun: Run, columnRun: Run,
): string {
  const axes = dimensions(t);
  const fixed = axes.filter((a) => at(a.axis) !== undefined);
  if (isMemory) {
    const offset = fixed.map((a) => term(at(a.axis) ?? '0', product(strides.get(a.axis) ?? [])));
    return `{${[e.tile(t), ...offset].join(' + ')}, ${row}, ${column}}`;
  }
  const [first, second, third] = axes.slice(fixed.length);
  const leading = fixed.every((a, i) => axes[i] === a);
  if (leading && second && !third) {
    const name = e.tile(t) + fixed.map((a) => `[${at(a.axis) ?? '0'}]`).join('');
    if (rowRun.axes.length === 1 && columnRun.axes.length === 1) {
      return first?.axis === rowRun.axes[0]?.axis ? `matrix(${name})` : `transposed(${name})`;
    }
  }
  return `{&${elementOf(e, t, at)}, ${row}, ${column}}`;
}

const term = (index: string, stride: string): string => (stride === '1' ? index : stride.includes(' * ') ? `${index} * (${stride})` : `Index(${index}) * ${stride}`);
