import type { Axis } from '../../../dsl/expr.js';
import { dtypeBytes } from '../../../dsl/dtype.js';
import { groupRows, packedAxes } from '../../tile/boxes.js';
import { panelBytes, panelColumns } from '../../tile/panels.js';
import type { Channel, Clear, Own, Param, Receive, Release, Roles, Send, Settle, Store, Through, Tile, TileAxis, TileKernel } from '../../tile/ir.js';
import { extended, sidesOf } from '../../tile/sides.js';
import { positionAt } from '../../emit/address.js';
import { memoryType } from '../common/elements.js';
import { uniform } from '../control.js';
import { type Context, extentText, operandAxes, operandText } from './spot.js';

/** Threads of the warps of which one thread loads: a warpgroup beside others, since registers go by warpgroups. */
export const loadingThreads = ({ products }: Roles): number => (products.by === 'warpgroups' ? 128 : 32);
/** Lines of eight repeat their pattern: where a matrix in lines begins. */
export const linesAlignment = 1024;
/** Warps that compute. */
const computingWarps = (k: TileKernel): number => k.schedule.warps;

const lastOf = (t: Tile): TileAxis => extended(t).at(-1) ?? { axis: '', size: 1 };

/** How the text calls a channel, and the place of a tile in it that is in use. */
export const channelText = (c: Channel): string => `rings.${c.name}`;

export function printSend({ channel }: Send, c: Context): void {
  const { e } = c;
  const name = channelText(channel);
  const [panels] = channel.loads.filter((l) => l.dst.layout === 'panels');
  if (panels) return e.line(`sendPanels<${e.extent(lastOf(panels.dst))}>(${name}, ${e.tile(panels.dst)}, ${mapName(panels.src)}, ${coordinates(panels.src, c).join(', ')});`);
  e.line(`${name}.claim();`);
  for (const l of channel.loads) e.line(`send(${e.tile(l.dst)}.at(${name}.stage), ${mapName(l.src)}, ${name}.full(), ${coordinates(l.src, c).join(', ')});`);
}

/** Panels are received and released one by one where they are read. */
const isInPanels = (channel: Channel): boolean => channel.loads.some((l) => l.dst.layout === 'panels');
export function printReceive({ channel }: Receive, { e }: Context): void {
  if (!isInPanels(channel)) e.line(`${channelText(channel)}.receive();`);
}
export function printRelease({ channel, behind }: Release, { e }: Context): void {
  if (isInPanels(channel)) return;
  if (behind) e.line(`if (${e.origin(behind.axis) ?? '0'} > ${uniform(behind.from, behind.args, e, 'int')}) ${channelText(channel)}.releaseBehind();`);
  else e.line(`${channelText(channel)}.release();`);
}
export const printOwn = ({ dst, rows }: Own, { e }: Context): void => e.line(`const int ${e.tile(dst)} = warpgroupOfBlock() * ${rows};`);
export const printSettle = ({ pending, finished }: Settle, { e }: Context): void => e.line(`settle<${pending}>(${finished.map(e.tile).join(', ')});`);

export function printClear({ dst, axis }: Clear, c: Context): void {
  const { e } = c;
  if (dst.layout === 'packed') {
    const over = extended(dst).find((a) => a.axis === axis);
    if (over && e.valid(over) !== e.extent(over)) e.line(`keepColumns(${e.tile(dst)}, ${e.valid(over)});`);
    return;
  }
  const [rows] = operandAxes(c, dst).outer;
  if (rows?.axis !== axis) throw new Error(`emit: '${dst.name}' is cleared along '${axis}', which is not its rows`);
  const valid = e.valid(rows);
  if (valid !== e.extent(rows)) e.line(`if (${valid} < ${e.extent(rows)}) clearRows<Warps::threads>(${operandText(c, dst)}, ${valid});`);
}

/** The name of the parameter that says where boxes of a tensor lie. */
export const mapName = (p: Param): string => `${p.name}Map`;

/** Where a window begins on the axes of memory, innermost first. `more`: what is added along an axis. */
function coordinates(p: Param, { e }: Context, more: (axis: Axis) => string | undefined = () => undefined): readonly string[] {
  return [...packedAxes(p, e.kernel.sizes)].reverse().map((axis) => {
    const fixed = p.at[axis];
    const rule = e.kernel.sizes[axis];
    const start = rule?.kind === 'ragged' && p.order[p.order.indexOf(axis) - 1] === rule.by ? e.start(axis) : undefined;
    const parts = [start, positionAt(e.origin(axis), fixed ?? 0), more(axis)].filter((t) => t !== undefined);
    return parts.length === 0 ? '0' : parts.join(' + ');
  });
}

/** A store of accumulators through lines. */
export function printStagedStore(s: Store, { lines, places, step, first }: Through, c: Context): void {
  const { e } = c;
  const row = c.frame?.rows[0]?.axis;
  const groups = (c.frame?.warps.rows ?? 4) / 4;
  const at = coordinates(s.dst, c, (axis) => (axis === row && groups > 1 ? `warpOfBlock() / 4 * ${groupRows}` : undefined));
  e.line(`storePanels<${places}, ${step}, ${first}>(${[e.tile(lines), e.tile(s.src), mapName(s.dst), ...at].join(', ')});`);
}

/** Bytes of a matrix in lines, as much of it as is there at a time. */
export const linesBytes = (t: Tile): number => t.layout === 'panels' ? panelBytes(t) : extended(t).reduce((n, a) => n * a.size, 1) * dtypeBytes[t.dtype];

/** Where the channels' barriers lie behind `from`, and where they end. */
export function barriersOf(roles: Roles, from: number): { readonly offsets: ReadonlyMap<Channel, number>; readonly end: number } {
  const offsets = new Map<Channel, number>();
  let end = from;
  for (const c of roles.channels) {
    offsets.set(c, end);
    end += 2 * c.stages * 8;
  }
  return { offsets, end };
}

/** `struct Rings`: a channel each. */
export function ringsText(k: TileKernel, roles: Roles, from: number): readonly string[] {
  const { offsets } = barriersOf(roles, from);
  return ['struct Rings {', ...roles.channels.map((c) => `  Channel<${c.stages}, ${c.loads.reduce((n, l) => n + linesBytes(l.dst), 0)}, ${computingWarps(k)}> ${c.name}{sharedAt<Barrier>(${offsets.get(c) ?? 0})};`), '};'];
}

/** The declaration of an operand in lines; of `parts` of them one behind the other as one. */
export function placesText(t: Tile, offset: number, c: Context, parts = 1): string {
  const { e } = c;
  const { outer, inner } = operandAxes(c, t);
  const element = memoryType[t.dtype];
  const panels = `Panels<${element}, ${parts > 1 ? `${parts} * ` : ''}${extentText(e, outer)}, ${t.layout === 'panels' ? panelColumns(t) : extentText(e, inner)}>`;
  const beside = parts > 1 ? 1 : c.wholeOf.get(t)?.parts.length ?? 1;
  return `const ${c.channelOf.has(t) || t.layout === 'panels' ? `Places<${panels}${beside > 1 ? `, ${beside}` : ''}>` : panels} ${e.tile(t)}{sharedAt<${element}>(${offset})};`;
}

/** The type of a tile that products read from registers. */
export const packedText = (t: Tile, c: Context, rows: string): string => `PackedOf<${memoryType[t.dtype]}, Warps::Tile<${rows}, ${c.frame ? sidesOf(t, c.frame).columns.map(c.e.extent).join(' * ') : ''}>> ${c.e.tile(t)};`;
