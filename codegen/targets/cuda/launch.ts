import type { ArgRef } from '../../../dsl/manifest.js';
import { dimensions, emission, type Emission, type Origin } from '../../emit/emission.js';
import type { Writer } from '../../emit/writer.js';
import type { Tile, TileKernel } from '../../tile/ir.js';
import { byValue, memoryType, tileType } from '../cpu/elements.js';
import { blockParameters, longestName, paramOf } from '../cpu/launch.js';

/** Tiles begin at multiples of this many bytes: a line of shared memory. */
const tileAlignment = 128;

/** Where each tile with an extent begins in shared memory, and how many bytes all of them need. A single number lives in a register. */
export function sharedLayout(kernel: TileKernel): { readonly offsets: ReadonlyMap<Tile, number>; readonly bytes: number } {
  const offsets = new Map<Tile, number>();
  let bytes = 0;
  for (const t of tilesOf(kernel)) {
    const axes = dimensions(t);
    if (axes.length === 0) continue;
    offsets.set(t, bytes);
    bytes += Math.ceil(axes.reduce((n, a) => n * a.size, 4) / tileAlignment) * tileAlignment;
  }
  return { offsets, bytes };
}
const tilesOf = (kernel: TileKernel): readonly Tile[] => [...kernel.tiles, ...kernel.pipes.flatMap((p) => p.tiles)];

/** Threads of one block. */
export const threadsOf = (kernel: TileKernel): number => kernel.schedule.warps * 32;

/** A launch: its constants, the work of one block as a function, and the kernel that finds the block's place in the grid. */
export function printLaunch(kernel: TileKernel, body: (e: Emission) => void, out: Writer): void {
  const e = emission(kernel);
  const origins = kernel.grid.map((g): Origin => ({ axis: g.axis, step: g.block, full: false, aligned: true }));
  const { offsets, bytes } = sharedLayout(kernel);
  e.scope(() => `__device__ static void block(${blockParameters(kernel, e).map((p) => p.text).join(', ')})`, origins, () => {
    for (const t of tilesOf(kernel)) e.line(declaration(t, offsets.get(t), e));
    body(e);
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
  out.gap();
  out.append(text);
  out.line(`}  // namespace ${name}`);
  out.gap();
  out.block(`KERNEL(${threadsOf(kernel)}) ${kernel.name}(${kernel.args.map((a) => parameter(kernel, a, e)).join(', ')})`, () => entry.forEach((l) => out.line(l)));
}

function declaration(t: Tile, offset: number | undefined, e: Emission): string {
  const type = tileType(t.dtype);
  if (offset === undefined) return `${type} ${e.tile(t)};`;
  return `auto& ${e.tile(t)} = tileAt<${type}${dimensions(t).map((a) => `[${e.extent(a)}]`).join('')}>(${offset});`;
}

/** Every argument of the launch, in order, whether the block uses it or not. */
function parameter(kernel: TileKernel, a: ArgRef, e: Emission): string {
  switch (a.kind) {
    case 'param': case 'result': case 'scratch': {
      const p = paramOf(kernel, a.name);
      return `${p.role === 'param' && !byValue(p) ? 'const ' : ''}${memoryType[p.dtype]}${byValue(p) ? '' : '*'} ${e.param(p)}`;
    }
    case 'offsets': return `const int* ${e.used.offsets.get(a.axis) ?? e.fresh(`${a.axis}Offsets`)}`;
    case 'size': return `int ${kernel.sizes[a.axis]?.kind === 'ragged' ? longestName(a.axis) : e.length(a.axis)}`;
    default: return a satisfies never;
  }
}

/** Origins from the block's number, last axis fastest. */
function printEntry(kernel: TileKernel, e: Emission): readonly string[] {
  const passed = blockParameters(kernel, e).map((p) => p.name);
  const counts = kernel.grid.map((g) => {
    const n = kernel.sizes[g.axis]?.kind === 'ragged' ? longestName(g.axis) : e.length(g.axis);
    return g.block === 1 ? n : `blocks(${n}, ${e.extent({ axis: g.axis, size: g.block })})`;
  });
  const origins = kernel.grid.map((g, i) => {
    const inner = counts.slice(i + 1);
    const quotient = inner.length === 0 ? 'i' : `i / ${inner.length > 1 ? `(${inner.join(' * ')})` : (inner[0] ?? '')}`;
    const place = i === 0 ? quotient : `${quotient} % ${counts[i] ?? ''}`;
    return g.block === 1 ? place : `${place} * ${e.extent({ axis: g.axis, size: g.block })}`;
  });
  const parameters = passed.slice(0, passed.length - origins.length);
  const number = kernel.schedule.order === 'longestFirst' ? 'gridDim.x - 1 - blockIdx.x' : 'blockIdx.x';
  const place = origins.length === 0 ? [] : [`const int i = ${number};`];
  return [`using namespace ${kernel.name}_block;`, ...place, `block(${[...parameters, ...origins].join(', ')});`];
}
