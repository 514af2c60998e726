import type { Axis } from '../../../dsl/expr.js';
import type { Emission } from '../../emit/emission.js';
import { positionAt } from '../../emit/address.js';
import type { Channel, Frame, Load, Param, Pipe, Tile, TileAxis, TileMap } from '../../tile/ir.js';
import { extended, matrixAxes, sidesOf } from '../../tile/sides.js';
import { tileType } from '../common/elements.js';

/** What printing a statement needs to know beside the emission. */
export interface Context {
  readonly e: Emission;
  readonly frame: Frame | undefined;
  /** Where what threads share, or have a part of each, begins in shared memory. */
  readonly offsets: ReadonlyMap<Tile, number>;
  /** The contracted axis under which a product reads an operand. */
  readonly overOf: ReadonlyMap<Tile, Axis>;
  readonly pipeOf: ReadonlyMap<Tile, Pipe>;
  /** What brings an operand that a thread of its own loads. */
  readonly channelOf: ReadonlyMap<Tile, Channel>;
  /** Of a tile that lies behind or in front of others, what all of them are together. */
  readonly wholeOf: ReadonlyMap<Tile, Whole>;
  /** Tiles whose every reader rounds what it takes to the tile's dtype. */
  readonly roundedByReaders: ReadonlySet<Tile>;
  /** Maps of which memory keeps 16 bits an element. */
  readonly coarse: ReadonlySet<TileMap>;
  /** Tiles that are read from memory where they are needed. */
  readonly readInPlace: ReadonlyMap<Tile, Load>;
  /** Single numbers that are made once, before everything that reads them. */
  readonly numbers: ReadonlySet<Tile>;
}

/** Tiles behind each other: accumulators in registers, or operands in one place of shared memory. `tile` names them all. */
export interface Whole { readonly tile: Tile; readonly parts: readonly Tile[] }

/** Where an element stands inside a loop over a tile: its index along each axis of the tile or its frame. */
export interface Spot { readonly index: (axis: Axis) => string | undefined }

/** A product of extents: `BQ * BR`, 1 for none. */
export const extentText = (e: Emission, axes: readonly TileAxis[]): string => axes.map(e.extent).join(' * ') || '1';

/** The index along each of several axes that are walked as one, from the index along all of them. */
export function splitIndex(e: Emission, axes: readonly TileAxis[], all: string): ReadonlyMap<Axis, string> {
  if (axes.length === 1) return new Map(axes.map((a) => [a.axis, all]));
  return new Map(axes.map((a, i) => {
    const inner = axes.slice(i + 1);
    const quotient = inner.length === 0 ? all : inner.length === 1 ? `${all} / ${extentText(e, inner)}` : `${all} / (${extentText(e, inner)})`;
    return [a.axis, i === 0 ? `(${quotient})` : `(${quotient} % ${e.extent(a)})`];
  }));
}

/** The index along axes that are walked as one, from those along each. */
export function joinIndex(e: Emission, axes: readonly TileAxis[], at: (axis: Axis) => string | undefined): string {
  return axes.reduce((text, a, i) => {
    const own = at(a.axis) ?? '0';
    if (i === 0) return own;
    return `${/^[\w.]+$/.test(text) ? text : `(${text})`} * ${e.extent(a)} + ${own}`;
  }, '0');
}

/** What a group of axes is called when it is walked as one. */
export const groupName = (e: Emission, axes: readonly TileAxis[], several: string): string => {
  const [only, more] = axes;
  return only && !more ? e.index(only.axis) : several;
};

const isFramed = (t: Tile): boolean => t.layout === 'tile' || t.layout === 'packed' || t.layout === 'rows' || t.layout === 'columns';

/** A tile that is read panel by panel as it arrives, and what its element is called. */
export interface Received { readonly tile: Tile; readonly name: string }

/** A loop over the elements of a tile, each in the thread that holds it; plain lines for a single number. */
export function eachElement(c: Context, t: Tile, body: (spot: Spot) => void, received?: Received): void {
  const { e } = c;
  const axes = extended(t);
  if (axes.length === 0) return body({ index: () => undefined });
  const used = new Set<Axis>();
  if (!isFramed(t) || !c.frame) {
    const indexes = axes.map((a) => `int ${e.index(a.axis)}`).join(', ');
    const isOwn = (axis: Axis): boolean => axes.some((a) => a.axis === axis);
    return e.scope(() => `eachElement<${axes.map(e.extent).join(', ')}>([&](${indexes})`, [], () => body({ index: (axis) => (isOwn(axis) ? e.index(axis) : undefined) }), ');');
  }
  const { columns } = sidesOf(t, c.frame);
  const rows = t.layout === 'columns' ? [] : c.frame.rows;
  const [row, column] = [groupName(e, rows, 'row'), groupName(e, columns, 'column')];
  const texts = new Map([...(rows.length > 0 ? splitIndex(e, rows, row) : []), ...(columns.length > 0 ? splitIndex(e, columns, column) : [])]);
  const index = (axis: Axis): string | undefined => {
    if (texts.has(axis)) used.add(axis);
    return texts.get(axis);
  };
  const parameters = (): string => ['At at', ...(received ? [`float ${received.name}`] : []), ...(used.size === 0 ? [] : [...(t.layout === 'columns' ? [] : [`int ${row}`]), ...(t.layout === 'rows' ? [] : [`int ${column}`])])].join(', ');
  const channel = received && c.channelOf.get(received.tile);
  const over = channel && received ? `eachReceived(${e.tile(t)}, rings.${channel.name}, ${e.tile(received.tile)}` : `each(${e.tile(t)}`;
  e.scope(() => `${over}, [&](${parameters()})`, [], () => body({ index }), ');');
}

/** An operand by name: of a pipe or a channel, the stage in use. */
export function operandText(c: Context, t: Tile): string {
  const pipe = c.pipeOf.get(t);
  const channel = c.channelOf.get(t);
  if (channel) return `${c.e.tile(t)}.at(rings.${channel.name}.stage)`;
  return pipe ? `${c.e.tile(t)}.at(${pipe.name}Stage)` : c.e.tile(t);
}

/** Rows and columns of an operand as a matrix. */
export function operandAxes(c: Context, t: Tile): { readonly outer: readonly TileAxis[]; readonly inner: readonly TileAxis[] } {
  const over = c.overOf.get(t);
  const axes = over === undefined ? undefined : matrixAxes(t, over);
  if (!axes) throw new Error(`emit: tile '${t.name}' is no operand`);
  return axes;
}

/** The element of a tile at a spot of another tile that it meets. */
export function elementText(c: Context, t: Tile, spot: Spot): string {
  const { e } = c;
  if (extended(t).length === 0) return e.tile(t);
  if (isFramed(t)) return `${e.tile(t)}[at]`;
  if (t.layout === 'array') return `${e.tile(t)}(${extended(t).map((a) => spot.index(a.axis) ?? '0').join(', ')})`;
  const { outer, inner } = operandAxes(c, t);
  return `${operandText(c, t)}.get(${joinIndex(e, outer, spot.index)}, ${joinIndex(e, inner, spot.index)})`;
}

/** The statement that gives an element its value. */
export function assignment(c: Context, t: Tile, spot: Spot, value: string): string {
  if (extended(t).length === 0 && c.numbers.has(t)) return `const ${tileType(t.dtype)} ${c.e.tile(t)} = ${value};`;
  if (t.layout !== 'operand' || extended(t).length === 0) return `${elementText(c, t, spot)} = ${value};`;
  const { outer, inner } = operandAxes(c, t);
  return `${operandText(c, t)}.set(${joinIndex(c.e, outer, spot.index)}, ${joinIndex(c.e, inner, spot.index)}, ${value});`;
}

/** Conditions under which an element lies on the axes of its tile, and within the tile where its frame is larger. */
export function insideText(c: Context, t: Tile, spot: Spot): readonly string[] {
  const { e } = c;
  const padded = paddedAxes(c, t);
  return extended(t).flatMap((a) => {
    const bound = e.valid(a);
    return bound !== e.extent(a) || padded.has(a.axis) ? [`${spot.index(a.axis) ?? '0'} < ${bound}`] : [];
  });
}

/** Conditions under which the positions that a statement touches of memory lie on their axes. */
export const onAxesText = ({ e }: Context, p: Param): readonly string[] =>
  Object.entries(p.at).flatMap(([axis, at]) => (at > 0 && e.origin(axis) !== undefined ? [`${positionAt(e.origin(axis), at)} < ${e.length(axis)}`] : []));

/** Conditions under which an element lies within its tile. */
export function paddingText(c: Context, t: Tile, spot: Spot): readonly string[] {
  const padded = paddedAxes(c, t);
  return extended(t).filter((a) => padded.has(a.axis)).map((a) => `${spot.index(a.axis) ?? '0'} < ${c.e.extent(a)}`);
}

/** The outermost axis of each side on which a tile's frame reaches beyond the tile. */
function paddedAxes(c: Context, t: Tile): ReadonlySet<Axis> {
  if (!c.frame || !isFramed(t)) return new Set();
  const { rows, columns } = sidesOf(t, c.frame);
  const { frame } = c;
  return new Set([...(rows.length > 0 && isPadded(frame, 'rows', frame.rows) ? rows.slice(0, 1) : []), ...(columns.length > 0 && isPadded(frame, 'columns', columns) ? columns.slice(0, 1) : [])].map((a) => a.axis));
}

/** Whether the frame holds more rows or columns than the axes have. */
export function isPadded(frame: Frame, side: 'rows' | 'columns', axes: readonly TileAxis[]): boolean {
  const extent = axes.reduce((n, a) => n * a.size, 1);
  const piece = side === 'rows' ? (frame.kind === 'accumulators' ? 16 : 1) * frame.warps.rows : (frame.kind === 'accumulators' ? 8 : 32 * frame.vector) * (axes.every((a) => frame.whole.includes(a.axis)) ? 1 : frame.warps.columns);
  return extent % piece !== 0;
}
