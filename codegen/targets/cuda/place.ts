import { dtypeBytes } from '../../../dsl/dtype.js';
import type { Emission } from '../../emit/emission.js';
import type { Param, TileKernel, TileStmt } from '../../tile/ir.js';
import { statements } from '../../tile/walk.js';
import { longestName } from '../common/parameters.js';

/** How a block finds its place: the number of places, lines that follow from the place's number `i`, and the block's origins. */
export interface Found { readonly count: string; readonly lines: readonly string[]; readonly origins: readonly string[] }

/** Which place block number `at` of so many takes: what masks make long comes last in a grid, and must start first. */
export const numberOf = ({ schedule: { order } }: TileKernel, at: string, count: string): string => (order === 'longestFirst' || order === 'resident' ? `${count} - 1 - ${at}` : at);

/** Origins from the block's number: last axis fastest, unless the schedule orders blocks otherwise. */
export function place(kernel: TileKernel, e: Emission): Found {
  const counts = kernel.grid.map((g) => {
    const n = lengthOf(kernel, g.axis, e);
    return g.block === 1 ? n : `blocks(${n}, ${e.extent({ axis: g.axis, size: g.block })})`;
  });
  const { numbers, lines } = (kernel.schedule.order === 'resident' ? resident(kernel, counts, e) : undefined) ?? inOrder(kernel, counts);
  const origins = kernel.grid.map((g, i) => (g.block === 1 ? (numbers[i] ?? '') : `${numbers[i] ?? ''} * ${e.extent({ axis: g.axis, size: g.block })}`));
  return { count: counts.length === 0 ? '1' : counts.join(' * '), lines, origins };
}

const lengthOf = (kernel: TileKernel, axis: string, e: Emission): string => (kernel.sizes[axis]?.kind === 'ragged' ? longestName(axis) : e.length(axis));

/** The block's number on each axis of the grid, and lines that they need. */
interface Numbers { readonly numbers: readonly string[]; readonly lines: readonly string[] }

/** Last axis fastest; grouped, the last two axes go by groups of rows. */
function inOrder(kernel: TileKernel, counts: readonly string[]): Numbers {
  const plane = kernel.schedule.order === 'grouped' && counts.length > 1 ? counts.length - 2 : undefined;
  const numbers = counts.map((_, i) => (plane !== undefined && i >= plane ? (i === plane ? 'tile.row' : 'tile.column') : numberIn('i', counts, i)));
  const lines = plane === undefined ? [] : [`const Place tile = grouped(${plane === 0 ? 'i' : `i % (${counts.slice(plane).join(' * ')})`}, ${counts.slice(plane).join(', ')});`];
  return { numbers, lines };
}

/** Of a number that counts places of axes, the last one fastest, the number on one of them. */
function numberIn(number: string, counts: readonly string[], i: number): string {
  const inner = counts.slice(i + 1);
  const quotient = inner.length === 0 ? number : `${number} / ${inner.length > 1 ? `(${inner.join(' * ')})` : (inner[0] ?? '')}`;
  return i === 0 ? quotient : `${quotient} % ${counts[i] ?? ''}`;
}

/**
 * Blocks that walk the same memory, at other positions of an axis that it has not, run at the same time, and no more such
 * walks than the cache holds what they read; among those the last positions come first. Undefined where no memory is
 * walked by several blocks.
 */
function resident(kernel: TileKernel, counts: readonly string[], e: Emission): Numbers | undefined {
  const walked = walkedBy(kernel);
  const own = kernel.grid.map((g) => g.block === 1 && walked.some((p) => p.order.includes(g.axis)));
  const cut = kernel.grid.map((g) => g.block > 1);
  if (!own.includes(true) || cut.filter((c) => c).length !== 1 || walked.some((p) => p.order.some((a) => !hasLength(kernel, a)))) return undefined;
  const rows = counts.filter((_, i) => !cut[i]);
  const shared = counts.filter((_, i) => !cut[i] && !own[i]);
  const isOwn = (axis: string): boolean => kernel.grid.some((g, i) => own[i] && g.axis === axis);
  const tall = [`walksInCache(${bytesOf(kernel, walked, isOwn, e)})`, ...shared].join(' * ');
  const column = counts[cut.indexOf(true)] ?? '';
  const row = (i: number): number => cut.slice(0, i).filter((c) => !c).length;
  return {
    lines: [`const Place tile = grouped(i, ${rows.join(' * ')}, ${column}, ${tall});`],
    numbers: counts.map((_, i) => (cut[i] ? 'tile.column' : numberIn('tile.row', rows, row(i)))),
  };
}

/** Bytes of what a walk reads, those of the same lengths together. */
function bytesOf(kernel: TileKernel, walked: readonly Param[], isOwn: (axis: string) => boolean, e: Emission): string {
  const sums = new Map<string, number>();
  for (const p of walked) {
    const axes = p.order.filter((a) => !isOwn(a));
    const lengths = axes.filter((a) => fixedSize(kernel, a) === undefined).map((a) => lengthOf(kernel, a, e)).join(' * ');
    sums.set(lengths, (sums.get(lengths) ?? 0) + axes.reduce((n, a) => n * (fixedSize(kernel, a) ?? 1), dtypeBytes[p.dtype]));
  }
  return [...sums].map(([lengths, bytes]) => (lengths === '' ? String(bytes) : `Index(${bytes}) * ${lengths}`)).join(' + ');
}

const fixedSize = (kernel: TileKernel, axis: string): number | undefined => { const rule = kernel.sizes[axis]; return rule?.kind === 'fixed' ? rule.size : undefined; };
const hasLength = (kernel: TileKernel, axis: string): boolean => fixedSize(kernel, axis) !== undefined || kernel.args.some((a) => a.kind === 'size' && a.axis === axis);

/** Memory that a block loads window by window. */
function walkedBy(kernel: TileKernel): readonly Param[] {
  const loops = statements((kernel.roles?.loading ?? []).flat()).filter((s) => s.kind === 'loop');
  return [...new Map(loops.flatMap((l) => statements(l.body)).flatMap(sourcesOf).map((p) => [p.name, p])).values()];
}
const sourcesOf = (s: TileStmt): readonly Param[] => (s.kind === 'send' ? s.channel.loads.map((l) => l.src) : []);
