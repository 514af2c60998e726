import type { Axis } from '../../../dsl/expr.js';
import { address, element, product, strideFactors, type Place } from '../../emit/address.js';
import { floatLiteral } from '../../emit/literal.js';
import type { Load, Param, Store, Tile, TileAxis, TileGather } from '../../tile/ir.js';
import { extended, isWhole, sidesOf } from '../../tile/sides.js';
import { isTile } from '../../tile/walk.js';
import { converted, loadedText } from './loaded.js';
import { printStagedStore } from './roles.js';
import { assignment, type Context, eachElement, elementText, extentText, groupName, insideText, onAxesText, operandAxes, operandText, splitIndex, type Spot } from './spot.js';
import { byValue, memoryType, roundsLoaded, tileType } from '../common/elements.js';

/** The window of a parameter that a tile stands for. */
const atOrigins = (c: Context): Place => c.e.origin;
/** Whether neighbours along `axis` lie side by side. */
const isContiguous = (c: Context, p: Param, axis: Axis): boolean => strideFactors(c.e, p, axis).length === 0;

/** Places a load: numbers and scattered elements one by one, rows of a frame in vectors, operands by asynchronous copies where memory has their dtype. `stage` names the stage that an operand of a pipe goes to. */
export function printLoad(s: Load, c: Context, stage?: string): void {
  const { e } = c;
  if (c.readInPlace.has(s.dst)) return;
  if (extended(s.dst).length === 0) return e.line(assignment(c, s.dst, { index: () => undefined }, converted(s, `${byValue(s.src) ? e.param(s.src) : element(e, s.src, atOrigins(c))}`)));
  if (s.dst.layout === 'operand') return printOperandLoad(s, c, stage === undefined ? operandText(c, s.dst) : `${e.tile(s.dst)}.at(${stage})`);
  const vectors = inVectors(s, c);
  if (vectors) return e.line(`${vectors.kind === 'line' ? 'loadLine' : 'load'}(${[e.tile(s.dst), ...vectors.args].join(', ')});`);
  eachElement(c, s.dst, (spot) => e.line(assignment(c, s.dst, spot, loadedText(s, c, spot))));
}

/** Asks for what {@link printLoad} loads in vectors, into `unread`, without waiting for it. */
export function printFetch(s: Load, c: Context, unread: string): void {
  const vectors = inVectors(s, c);
  if (!vectors) throw new Error(`emit: '${s.dst.name}' is not read in vectors`);
  c.e.line(`${vectors.kind === 'line' ? 'fetchLine' : 'fetch'}(${[unread, ...vectors.args].join(', ')});`);
}

/** How a load to registers is called that moves whole vectors: a line of columns or rows of a frame; undefined where there are none. */
function inVectors(s: Load, c: Context): { readonly kind: 'line' | 'rows'; readonly args: readonly string[] } | undefined {
  const { e } = c;
  if (roundsLoaded(s)) return undefined;
  const [column, second] = extended(s.dst);
  if (s.dst.layout === 'columns' && column !== undefined && second === undefined && s.src.order.includes(column.axis) && isContiguous(c, s.src, column.axis)) {
    const isThere = onAxesText(c, s.src);
    return { kind: 'line', args: [isThere.length === 0 ? e.valid(column) : `${isThere.join(' && ')} ? ${e.valid(column)} : 0`, address(e, s.src, atOrigins(c))] };
  }
  const row = s.dst.layout === 'tile' ? rowsOf(c, s.src, s.dst) : undefined;
  return row && { kind: 'rows', args: [row.count, row.columns, row.begin] };
}

/** How many rows and columns of a framed tile there are, and a function that says where a row begins; undefined where columns do not lie side by side. */
function rowsOf(c: Context, p: Param, t: Tile, more?: { readonly axis: Axis; readonly index: string; readonly length: string }): { readonly count: string; readonly columns: string; readonly begin: string } | undefined {
  const { e, frame } = c;
  if (!frame) return undefined;
  const { columns } = sidesOf(t, frame);
  const [column, second] = columns;
  if (!column || second || !p.order.includes(column.axis) || !isContiguous(c, p, column.axis) || more?.axis === column.axis) return undefined;
  const name = groupName(e, frame.rows, 'row');
  const rows = frame.rows.length > 0 ? splitIndex(e, frame.rows, name) : new Map<Axis, string>();
  const within: Place = (axis) => (axis !== more?.axis && axis !== column.axis && extended(t).some((a) => a.axis === axis) ? rows.get(axis) : undefined);
  const pointer = address(e, p, (axis) => (axis === more?.axis ? more.index : e.origin(axis)), within);
  const begin = more ? `[&](At at, int ${name}) { return inside(${more.index}, ${more.length}) ? ${pointer} : nullptr; }` : `[&](int ${name}) { return ${pointer}; }`;
  const isThere = onAxesText(c, p);
  if (isThere.length > 0 && frame.rows.length > 1) return undefined;
  const count = countText(c, t, name, rows);
  return { count: isThere.length === 0 ? count : `${isThere.join(' && ')} ? ${count} : 0`, columns: e.valid(column), begin };
}

/** The number of rows, or a function that says whether a row is one. */
function countText(c: Context, t: Tile, name: string, index: ReadonlyMap<Axis, string>): string {
  const { e, frame } = c;
  const all = frame?.rows ?? [];
  const [only, second] = all;
  const own = extended(t);
  if (only && !second) return own.some((a) => a.axis === only.axis) ? e.valid(only) : e.extent(only);
  const partial = all.filter((a) => own.some((x) => x.axis === a.axis) && e.valid(a) !== e.extent(a));
  const total = extentText(e, all);
  if (partial.length === 0) return total;
  return `[&](int ${name}) { return ${[`${name} < ${total}`, ...partial.map((a) => `${index.get(a.axis) ?? '0'} < ${e.valid(a)}`)].join(' && ')}; }`;
}

function printOperandLoad(s: Load, c: Context, target: string): void {
  const { e } = c;
  const { outer, inner } = operandAxes(c, s.dst);
  const [row, column] = [outer.length === 1 ? outer[0] : undefined, inner.length === 1 ? inner[0] : undefined];
  const threads = 'Warps::threads';
  const move = s.src.dtype === s.dst.dtype ? 'copy' : 'widen';
  const isSideBySide = column !== undefined && isContiguous(c, s.src, column.axis);
  if (isSideBySide && (row !== undefined || outer.length === 0)) {
    // Of a single row, where it ends: no copy may begin inside it and reach beyond.
    const stride = row ? product(strideFactors(e, s.src, row.axis)) : e.length(column.axis);
    return e.line(`${move}Rows<${threads}>(${target}, ${row ? e.valid(row) : '1'}, ${e.valid(column)}, ${address(e, s.src, atOrigins(c))}, ${stride});`);
  }
  const [r, k] = [groupName(e, outer, 'row'), groupName(e, inner, 'column')];
  const index = new Map([...(outer.length > 0 ? splitIndex(e, outer, r) : []), ...(inner.length > 0 ? splitIndex(e, inner, k) : [])]);
  const within = (axes: readonly TileAxis[]): string => axes.filter((a) => e.valid(a) !== e.extent(a)).map((a) => `${index.get(a.axis) ?? '0'} < ${e.valid(a)}`).join(' && ');
  const indexOf: Place = (axis) => index.get(axis);
  if (isSideBySide) {
    const inRow = within(outer);
    const pointer = address(e, s.src, atOrigins(c), (axis) => (axis === column.axis ? undefined : indexOf(axis)));
    return e.line(`${move}RowsAt<${threads}>(${target}, ${extentText(e, outer)}, ${e.valid(column)}, [&](int ${r}) { return ${inRow === '' ? pointer : `${inRow} ? ${pointer} : nullptr`}; });`);
  }
  const both = [within(outer), within(inner)].filter((t) => t !== '').join(' && ');
  const pointer = address(e, s.src, atOrigins(c), indexOf);
  e.line(`${move}Elements<${threads}>(${target}, ${extentText(e, outer)}, ${extentText(e, inner)}, [&](int ${r}, int ${k}) { return ${both === '' ? pointer : `${both} ? ${pointer} : nullptr`}; });`);
}

export function printStore(s: Store, c: Context): void {
  const { e } = c;
  if (s.through) return printStagedStore(s, s.through, c);
  const type = memoryType[s.dst.dtype];
  const row = s.src.layout === 'tile' ? rowsOf(c, s.dst, s.src) : undefined;
  if (row) return e.line(`store(${e.tile(s.src)}, ${row.count}, ${row.columns}, ${row.begin});`);
  if (extended(s.src).length === 0) return e.line(`if (threadOfBlock() == 0) ${element(e, s.dst, atOrigins(c))} = ${type}(${e.tile(s.src)});`);
  eachElement(c, s.src, (spot) => {
    const owner = s.src.layout === 'rows' || s.src.layout === 'columns' || (c.frame && isWhole(s.src, c.frame)) ? [`isOwner<decltype(${e.tile(s.src)})>()`] : [];
    const conditions = [...onAxesText(c, s.dst), ...insideText(c, s.src, spot), ...owner];
    const put = `${element(e, s.dst, atOrigins(c), spot.index)} = ${type}(${elementText(c, s.src, spot)});`;
    e.line(conditions.length === 0 ? put : `if (${conditions.join(' && ')}) ${put}`);
  });
}

/** At computed positions: whole rows where the index is one number a row, else element by element. */
export function printGather(s: TileGather, c: Context): void {
  const { e } = c;
  const outside = tileType(s.dst.dtype) === 'int' ? String(s.outside) : floatLiteral(s.outside);
  if (!isTile(s.src) && s.dst.layout === 'tile' && (s.index.layout === 'rows' || extended(s.index).length === 0) && s.outside === 0 && !roundsLoaded(s)) {
    const row = rowsOf(c, s.src, s.dst, { axis: s.axis, index: elementText(c, s.index, { index: () => undefined }), length: e.length(s.axis) });
    if (row) return e.line(`load(${e.tile(s.dst)}, ${row.count}, ${row.columns}, ${row.begin});`);
  }
  eachElement(c, s.dst, (spot) => {
    const position = e.fresh('position');
    e.line(`const int ${position} = ${elementText(c, s.index, spot)};`);
    const [is, value] = isTile(s.src) ? fromTile(s.src, s, c, spot, position) : [`inside(${position}, ${e.length(s.axis)})`, converted({ dst: s.dst, src: s.src }, element(e, s.src, (axis) => (axis === s.axis ? position : e.origin(axis)), (axis) => (axis === s.axis ? undefined : spot.index(axis))))];
    e.line(assignment(c, s.dst, spot, `${[...insideText(c, s.dst, spot), is].join(' && ')} ? ${value} : ${outside}`));
  });
}

function fromTile(src: Tile, s: TileGather, c: Context, spot: Spot, position: string): readonly [string, string] {
  const origin = c.e.origin(s.axis);
  const index = origin === undefined ? position : `${position} - ${origin}`;
  const window = src.shape.find((a) => a.axis === s.axis) ?? { axis: s.axis, size: 1 };
  return [`inside(${index}, ${c.e.valid(window)})`, elementText(c, src, { index: (axis) => (axis === s.axis ? index : spot.index(axis)) })];
}

