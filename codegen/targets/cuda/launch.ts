import type { ArgRef } from '../../../dsl/manifest.js';
import { emission, type Emission, type Origin } from '../../emit/emission.js';
import type { Writer } from '../../emit/writer.js';
import type { Axis } from '../../../dsl/expr.js';
import type { Frame, Tile, TileAxis, TileKernel } from '../../tile/ir.js';
import { extended, isWhole, matrixAxes, sidesOf } from '../../tile/sides.js';
import { statements } from '../../tile/walk.js';
import { dtypeBytes } from '../../../dsl/dtype.js';
import { type Context, extentText, operandAxes } from './spot.js';
import { byValue, memoryType, tileType } from '../common/elements.js';
import { blockParameters, longestName, paramOf } from '../common/parameters.js';

/** Tiles begin at multiples of this many bytes: a line of shared memory. */
const tileAlignment = 128;
/** What `topk` of the device header counts in. */
const topkBytes = (256 + 2 * 32) * 4;

/** The contracted axis under which products read each of their operands; of an operand that is only copied from, its innermost. */
export function contractedAxes(kernel: TileKernel): ReadonlyMap<Tile, Axis> {
  const copied = kernel.tiles.flatMap((t): (readonly [Tile, Axis])[] => {
    const inner = t.layout === 'operand' ? extended(t).at(-1) : undefined;
    return inner ? [[t, inner.axis]] : [];
  });
  return new Map([...copied, ...statements(kernel.body).flatMap((s): (readonly [Tile, Axis])[] => (s.kind === 'mma' ? [[s.lhs, s.over], [s.rhs, s.over]] : []))]);
}

/** Where each tile that threads share begins in shared memory, and how many bytes all of them need. */
export function sharedLayout(kernel: TileKernel): { readonly offsets: ReadonlyMap<Tile, number>; readonly bytes: number } {
  const over = contractedAxes(kernel);
  const stages = new Map(kernel.pipes.flatMap((p) => p.loads.map((l) => [l.dst, p.stages] as const)));
  const offsets = new Map<Tile, number>();
  let bytes = kernel.body.some((s) => s.kind === 'topk') ? topkBytes : 0;
  for (const t of kernel.tiles) {
    if (extended(t).length === 0 || (t.layout !== 'array' && t.layout !== 'operand')) continue;
    offsets.set(t, bytes);
    bytes += Math.ceil((tileBytes(t, over.get(t)) * (stages.get(t) ?? 1)) / tileAlignment) * tileAlignment;
  }
  return { offsets, bytes };
}

function tileBytes(t: Tile, over: Axis | undefined): number {
  const axes = t.layout === 'operand' && over !== undefined ? matrixAxes(t, over) : undefined;
  const extent = (group: readonly TileAxis[]): number => group.reduce((n, a) => n * a.size, 1);
  if (!axes) return extent(t.shape) * 4;
  const size = dtypeBytes[t.dtype];
  const up = (n: number, to: number): number => Math.ceil(n / to) * to;
  return up(extent(axes.outer), 16) * (size === 2 ? up(extent(axes.inner), 16) : up(extent(axes.inner), 4) + 4) * size;
}

/** Threads of one block. */
export const threadsOf = (kernel: TileKernel): number => kernel.schedule.warps * 32;

/** A launch: its constants, the work of one block as a function, and the kernel that finds the block's place in the grid. */
export function printLaunch(kernel: TileKernel, context: (e: Emission) => Context, body: (c: Context) => void, out: Writer): void {
  const e = emission(kernel);
  const c = context(e);
  const origins = kernel.grid.map((g): Origin => ({ axis: g.axis, step: g.block, full: false, aligned: true }));
  const { offsets, bytes } = sharedLayout(kernel);
  e.scope(() => `DEVICE void block(${blockParameters(kernel, e).map((p) => p.text.replace('* ', '* __restrict__ ')).join(', ')})`, origins, () => {
    for (const t of kernel.tiles) if (!c.numbers.has(t) && !c.readInPlace.has(t)) e.line(declaration(t, offsets.get(t), c));
    body(c);
  });
  const text = e.out().lines();
  const entry = printEntry(kernel, e);
  const constants = [...e.used.constants];
  const name = `${kernel.name}_block`;
  kernel.summary.forEach((l) => out.line(`// ${l}`));
  const blocks = Object.entries(kernel.schedule.block).map(([axis, size]) => `${axis} ${size}`);
  out.line(`// ${blocks.length === 0 ? 'One block' : `Blocks: ${blocks.join(', ')}`}; ${threadsOf(kernel)} threads; shared ${Math.ceil(bytes / 1024)} KiB.`);
  out.line(`namespace ${name} {`);
  if (constants.length > 0) out.line(`constexpr int ${constants.map(([n, value]) => `${n} = ${value}`).join(', ')};`);
  if (kernel.frame) out.line(`using Warps = ${frameText(kernel.frame)};`);
  out.gap();
  out.append(text);
  out.line(`}  // namespace ${name}`);
  out.gap();
  out.block(`KERNEL(${threadsOf(kernel)}, ${kernel.schedule.blocksPerProcessor}) ${kernel.name}(${kernel.args.map((a) => parameter(kernel, a, e)).join(', ')})`, () => entry.forEach((l) => out.line(l)));
}

const frameText = (f: Frame): string => (f.kind === 'accumulators' ? `Accumulators<${f.warps.rows}, ${f.warps.columns}>` : `Spread<${f.warps.rows}, ${f.warps.columns}, ${f.vector}>`);

function declaration(t: Tile, offset: number | undefined, c: Context): string {
  const { e } = c;
  const type = tileType(t.dtype);
  const axes = extended(t);
  if (axes.length === 0) return `${type} ${e.tile(t)};`;
  if (t.layout === 'array') return `const Array<${[type, ...axes.map(e.extent)].join(', ')}> ${e.tile(t)}{sharedAt<${type}>(${offset ?? 0})};`;
  if (t.layout === 'operand') {
    const { outer, inner } = operandAxes(c, t);
    const element = memoryType[t.dtype];
    const operand = `Operand<${element}, ${extentText(e, outer)}, ${extentText(e, inner)}>`;
    const pipe = c.pipeOf.get(t);
    return `const ${pipe ? `Ring<${operand}, ${pipe.stages}>` : operand} ${e.tile(t)}{sharedAt<${element}>(${offset ?? 0})};`;
  }
  if (!c.frame) throw new Error(`emit: tile '${t.name}' has no frame`);
  const rows = t.layout === 'columns' ? [] : [extentText(e, c.frame.rows)];
  const columns = t.layout === 'rows' ? [] : [extentText(e, sidesOf(t, c.frame).columns)];
  const name = { tile: 'Tile', rows: 'Rows', columns: 'Columns' }[t.layout];
  return `Warps::${isWhole(t, c.frame) ? 'Whole::' : ''}${name}<${[...rows, ...columns, ...(type === 'int' ? ['int'] : [])].join(', ')}> ${e.tile(t)};`;
}

/** Every argument of the launch, in order, whether the block uses it or not. */
function parameter(kernel: TileKernel, a: ArgRef, e: Emission): string {
  switch (a.kind) {
    case 'param': case 'result': case 'scratch': {
      const p = paramOf(kernel, a.name);
      return `${p.role === 'param' && !byValue(p) ? 'const ' : ''}${memoryType[p.dtype]}${byValue(p) ? '' : '* __restrict__'} ${e.param(p)}`;
    }
    case 'offsets': return `const int* ${e.used.offsets.get(a.axis) ?? e.fresh(`${a.axis}Offsets`)}`;
    case 'size': return `int ${kernel.sizes[a.axis]?.kind === 'ragged' ? longestName(a.axis) : e.length(a.axis)}`;
    case 'map': return `TENSOR_MAP ${a.name}Map`;
    default: return a satisfies never;
  }
}

/** Origins from the block's number, last axis fastest; grouped, the last two axes go by groups of rows. */
function printEntry(kernel: TileKernel, e: Emission): readonly string[] {
  const passed = blockParameters(kernel, e).map((p) => p.name);
  const counts = kernel.grid.map((g) => {
    const n = kernel.sizes[g.axis]?.kind === 'ragged' ? longestName(g.axis) : e.length(g.axis);
    return g.block === 1 ? n : `blocks(${n}, ${e.extent({ axis: g.axis, size: g.block })})`;
  });
  const plane = kernel.schedule.order === 'grouped' && counts.length > 1 ? counts.length - 2 : undefined;
  const numbers = kernel.grid.map((_, i) => {
    if (plane !== undefined && i >= plane) return i === plane ? 'tile.row' : 'tile.column';
    const inner = counts.slice(i + 1);
    const quotient = inner.length === 0 ? 'i' : `i / ${inner.length > 1 ? `(${inner.join(' * ')})` : (inner[0] ?? '')}`;
    return i === 0 ? quotient : `${quotient} % ${counts[i] ?? ''}`;
  });
  const origins = kernel.grid.map((g, i) => (g.block === 1 ? (numbers[i] ?? '') : `${numbers[i] ?? ''} * ${e.extent({ axis: g.axis, size: g.block })}`));
  const parameters = passed.slice(0, passed.length - origins.length);
  const number = kernel.schedule.order === 'longestFirst' ? 'blocksOfGrid() - 1 - blockOfGrid()' : 'blockOfGrid()';
  const place = origins.length === 0 ? [] : [`const int i = ${number};`];
  const tile = plane === undefined ? [] : [`const Place tile = grouped(${plane === 0 ? 'i' : `i % (${counts.slice(plane).join(' * ')})`}, ${counts.slice(plane).join(', ')});`];
  return [`using namespace ${kernel.name}_block;`, ...place, ...tile, `block(${[...parameters, ...origins].join(', ')});`];
}
