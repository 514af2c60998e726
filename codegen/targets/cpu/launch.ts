import type { ArgRef, GridAxis } from '../../../dsl/manifest.js';
import { dimensions, emission, type Emission, type Origin } from '../../emit/emission.js';
import type { Writer } from '../../emit/writer.js';
import type { Tile, TileKernel } from '../../tile/ir.js';
import { tileType } from '../common/elements.js';
import { argument, blockParameters, longestName } from '../common/parameters.js';

/** A launch: its constants, the work of one block as a function, and the exported loop over the grid. */
export function printLaunch(kernel: TileKernel, body: (e: Emission) => void, arrays: readonly Tile[], out: Writer): void {
  const e = emission(kernel);
  const origins = kernel.grid.map((g): Origin => ({ axis: g.axis, step: g.block, full: false, aligned: true }));
  e.scope(() => `static void block(${blockParameters(kernel, e).map((p) => p.text).join(', ')})`, origins, () => {
    arrays.forEach((t) => e.line(tileDeclaration(t, e)));
    body(e);
  });
  const text = e.out().lines();
  kernel.summary.forEach((l) => out.line(`// ${l}`));
  out.line(`// ${scheduleText(kernel)}`);
  const name = `${kernel.name}_block`;
  const entry = printEntry(kernel, e);
  const constants = [...e.used.constants];
  out.line(`namespace ${name} {`);
  if (constants.length > 0) out.line(`constexpr int ${constants.map(([n, value]) => `${n} = ${value}`).join(', ')};`);
  out.gap();
  out.append(text);
  out.line(`}  // namespace ${name}`);
  out.gap();
  out.block(`KERNEL void ${kernel.name}(void* const* args)`, () => entry.forEach((l) => out.line(l)));
}

const scheduleText = ({ schedule }: TileKernel): string => {
  const blocks = Object.entries(schedule.block).map(([axis, size]) => `${axis} ${size}`);
  return blocks.length === 0 ? 'One block.' : `Blocks: ${blocks.join(', ')}.`;
};

function tileDeclaration(t: Tile, e: Emission): string {
  const axes = dimensions(t);
  const name = `${tileType(t.dtype)} ${e.tile(t)}`;
  return axes.length === 0 ? `${name};` : `TILE ${name}${axes.map((a) => `[${e.extent(a)}]`).join('')};`;
}

/** The exported function: unpacks the arguments and calls the block for every place of the grid. */
function printEntry(kernel: TileKernel, e: Emission): readonly string[] {
  const parameters = blockParameters(kernel, e);
  const extents = kernel.grid.map((g) => gridExtent(kernel, g, e));
  const unpacked = kernel.args.flatMap((a, i) => unpack(kernel, a, i, e));
  const lines = [`using namespace ${kernel.name}_block;`, ...unpacked];
  const call = (origins: readonly string[]): string => `block(${[...parameters.slice(0, parameters.length - origins.length).map((p) => p.name), ...origins].join(', ')});`;
  if (extents.length === 0) return [...lines, call([])];
  const counts = kernel.grid.map((g, i) => (g.block === 1 ? extents[i] ?? '1' : e.fresh(`${g.axis}Blocks`)));
  const declared = kernel.grid.flatMap((g, i) => (g.block === 1 ? [] : [`${counts[i] ?? ''} = blocks(${extents[i] ?? ''}, ${e.extent({ axis: g.axis, size: g.block })})`]));
  if (declared.length > 0) lines.push(`const int ${declared.join(', ')};`);
  const total = counts.join(' * ');
  const order = kernel.schedule.order === 'longestFirst' ? `int i = ${total} - 1; i >= 0; i--` : `int i = 0; i < ${total}; i++`;
  const origins = kernel.grid.map((g, i) => {
    const inner = counts.slice(i + 1);
    const quotient = inner.length === 0 ? 'i' : `i / ${inner.length > 1 ? `(${inner.join(' * ')})` : inner[0] ?? ''}`;
    const place = i === 0 ? quotient : `${quotient} % ${counts[i] ?? ''}`;
    return g.block === 1 ? place : `${place} * ${e.extent({ axis: g.axis, size: g.block })}`;
  });
  return [...lines, `#pragma omp parallel for schedule(dynamic) if (${total} > 1)`, `for (${order}) ${call(origins)}`];
}

/** The length that the grid covers: of a ragged axis, its longest. */
function gridExtent(kernel: TileKernel, g: GridAxis, e: Emission): string {
  return kernel.sizes[g.axis]?.kind === 'ragged' ? longestName(g.axis) : e.length(g.axis);
}

function unpack(kernel: TileKernel, a: ArgRef, i: number, e: Emission): readonly string[] {
  const isGrid = a.kind === 'size' && kernel.sizes[a.axis]?.kind === 'ragged' && kernel.grid.some((g) => g.axis === a.axis);
  if (isGrid) return [`const int ${longestName(a.axis)} = size(args[${i}]);`];
  const p = argument(kernel, a, e);
  if (!p) return [];
  const isPointer = p.text.includes('*');
  const type = p.text.slice(0, p.text.lastIndexOf(' ')).replace('*', '');
  if (a.kind === 'size') return [`const ${p.text} = size(args[${i}]);`];
  return [isPointer ? `${p.text} = tensor<${type}>(args[${i}]);` : `const ${p.text} = scalar<${type}>(args[${i}]);`];
}
