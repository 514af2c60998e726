import type { ArgRef } from '../../../dsl/manifest.js';
import { emission, type Emission, type Origin } from '../../emit/emission.js';
import type { Writer } from '../../emit/writer.js';
import type { Axis } from '../../../dsl/expr.js';
import type { Frame, Roles, Tile, TileAxis, TileKernel, TileStmt } from '../../tile/ir.js';
import { extended, isWhole, matrixAxes, sidesOf } from '../../tile/sides.js';
import { mapsOf } from '../../tile/boxes.js';
import { besidesOf } from '../../tile/beside.js';
import { operandsOf, readsOf, statements, writes } from '../../tile/walk.js';
import { dtypeBytes } from '../../../dsl/dtype.js';
import { type Found, numberOf, place } from './place.js';
import { type Context, extentText, operandAxes, type Whole } from './spot.js';
import { byValue, memoryType, tileType } from '../common/elements.js';
import { barriersOf, linesAlignment, linesBytes, loadingThreads, packedText, placesText, ringsText } from './roles.js';
import { blockParameters, longestName, paramOf } from '../common/parameters.js';

/** Tiles begin at multiples of this many bytes: a line of shared memory. */
const tileAlignment = 128;
/** What `topk` of the device header counts in. */
const topkBytes = (256 + 2 * 32) * 4;

/** The contracted axis under which products read each of their operands; of an operand that is only copied from, its innermost. */
export function contractedAxes(kernel: TileKernel): ReadonlyMap<Tile, Axis> {
  const copied = kernel.tiles.flatMap((t): (readonly [Tile, Axis])[] => {
    const inner = t.layout === 'operand' || t.layout === 'panels' ? extended(t).at(-1) : undefined;
    return inner ? [[t, inner.axis]] : [];
  });
  return new Map([...copied, ...statements(kernel.body).flatMap((s): (readonly [Tile, Axis])[] => (s.kind === 'mma' ? operandsOf(s).map((t) => [t, s.over] as const) : []))]);
}

/** Where each tile that threads share begins in shared memory, and how many bytes all of them need. */
export function sharedLayout(kernel: TileKernel): { readonly offsets: ReadonlyMap<Tile, number>; readonly bytes: number; /** Those of tiles alone. */ readonly tiles: number } {
  const over = contractedAxes(kernel);
  const { roles } = kernel;
  const rings = roles ? roles.channels : kernel.pipes.filter((p) => p.held === 'shared');
  const staged = kernel.body.flatMap((s) => (s.kind === 'store' && s.through ? [[s.through.lines, s.through.places] as const] : []));
  const stages = new Map([...rings.flatMap((p) => p.loads.map((l) => [l.dst, p.stages] as const)), ...staged]);
  const offsets = new Map<Tile, number>();
  let bytes = kernel.body.some((s) => s.kind === 'topk') ? topkBytes : 0;
  const alignment = roles ? linesAlignment : tileAlignment;
  const besides = besidesOf(kernel.body);
  for (const p of kernel.pipes) {
    if (p.held !== 'lanes') continue;
    for (const { dst } of p.loads) {
      offsets.set(dst, bytes);
      bytes += p.stages * laneBytes(dst, kernel);
    }
  }
  for (const t of kernel.tiles) {
    if (extended(t).length === 0 || !['array', 'operand', 'panels'].includes(t.layout) || offsets.has(t)) continue;
    // Every stage has one behind the other.
    const together = besides.find((g) => g.includes(t)) ?? [t];
    const size = roles ? linesBytes(t) : tileBytes(t, over.get(t));
    for (const [i, part] of together.entries()) offsets.set(part, bytes + i * size);
    bytes += Math.ceil((together.length * size * (stages.get(t) ?? 1)) / alignment) * alignment;
  }
  return { offsets, bytes: roles ? barriersOf(roles, bytes).end : bytes, tiles: bytes };
}

const extent = (group: readonly TileAxis[]): number => group.reduce((n, a) => n * a.size, 1);

function tileBytes(t: Tile, over: Axis | undefined): number {
  const axes = t.layout === 'operand' && over !== undefined ? matrixAxes(t, over) : undefined;
  if (!axes) return extent(t.shape) * 4;
  const size = dtypeBytes[t.dtype];
  const up = (n: number, to: number): number => Math.ceil(n / to) * to;
  return up(extent(axes.outer), 16) * (size === 2 ? up(extent(axes.inner), 16) : up(extent(axes.inner), 4) + 4) * size;
}

/** What all lanes have of a spread tile, in pieces of 16 bytes: rows and columns up to what they share out evenly. */
function laneBytes(t: Tile, { frame }: TileKernel): number {
  if (!frame) throw new Error(`emit: tile '${t.name}' has no frame`);
  const { rows, columns } = frame.warps;
  return rows * columns * 32 * 16 * Math.ceil(extent(frame.rows) / rows) * Math.ceil(extent(sidesOf(t, frame).columns) / (32 * frame.vector * columns));
}

/** The functions of the threads that load, each the first of a warp. */
const loaders = ['load', 'loadPanels'] as const;

/** Threads of one block. */
export const threadsOf = (kernel: TileKernel): number => kernel.schedule.warps * 32 + (kernel.roles ? loadingThreads(kernel.roles) : 0);

/** A launch: its constants, the work of one block as a function for each of its roles, and the kernel that finds the block's place in the grid. */
export function printLaunch(kernel: TileKernel, context: (e: Emission) => Context, body: (c: Context, body: readonly TileStmt[]) => void, out: Writer): void {
  const e = emission(kernel);
  const c = context(e);
  const { roles } = kernel;
  const origins = kernel.grid.map((g): Origin => ({ axis: g.axis, step: g.block, full: false, aligned: true }));
  const { offsets, bytes, tiles } = sharedLayout(kernel);
  // What each function takes, by its name: what the text up to its end uses.
  const passed = new Map<string, readonly string[]>();
  const role = (name: string, stmts: readonly TileStmt[]): void => {
    const used = roles ? usedIn(stmts, c) : undefined;
    const head = (): string => {
      const [maps, parameters] = [mapParameters(kernel, stmts), blockParameters(kernel, e)];
      passed.set(name, [...maps.map((m) => `${m}Map`), ...parameters.slice(0, parameters.length - kernel.grid.length).map((p) => p.name)]);
      return `${isAhead(kernel) ? 'template <bool IN_VECTORS> ' : ''}DEVICE void ${name}(${[...(roles ? ['Rings& rings'] : []), ...maps.map((m) => `const TensorMap& ${m}Map`), ...parameters.map((p) => p.text.replace('* ', '* __restrict__ '))].join(', ')})`;
    };
    e.scope(head, origins, () => {
      kernel.tiles.forEach((t) => {
        if (c.numbers.has(t) || c.readInPlace.has(t)) return;
        const whole = c.wholeOf.get(t);
        if (whole?.parts[0] === t && used?.has(whole.tile) === true) e.line(wholeText(whole, offsets.get(t), c));
        if (used?.has(t) ?? true) e.line(declaration(t, offsets.get(t), c));
      });
      body(c, stmts);
    });
  };
  if (roles) {
    roles.loading.forEach((own, i) => {
      role(loaders[i] ?? '', own);
      e.out().gap();
    });
  }
  role(roles ? 'compute' : 'block', kernel.body);
  const text = e.out().lines();
  const entry = roles ? printRolesEntry(kernel, roles, place(kernel, e), passed) : printEntry(kernel, place(kernel, e), passed.get('block') ?? [], e);
  const constants = [...e.used.constants];
  const name = `${kernel.name}_block`;
  kernel.summary.forEach((l) => out.line(`// ${l}`));
  const blocks = Object.entries(kernel.schedule.block).map(([axis, size]) => `${axis} ${size}`);
  out.line(`// ${blocks.length === 0 ? 'One block' : `Blocks: ${blocks.join(', ')}`}; ${threadsOf(kernel)} threads; shared ${Math.ceil(bytes / 1024)} KiB.`);
  out.line(`namespace ${name} {`);
  if (constants.length > 0) out.line(`constexpr int ${constants.map(([n, value]) => `${n} = ${value}`).join(', ')};`);
  if (kernel.frame) out.line(`using Warps = ${frameText(kernel.frame)};`);
  if (roles) ringsText(kernel, roles, tiles).forEach((l) => out.line(l));
  out.gap();
  out.append(text);
  out.line(`}  // namespace ${name}`);
  out.gap();
  out.block(`KERNEL(${threadsOf(kernel)}, ${kernel.schedule.blocksPerProcessor}) ${kernel.name}(${[...kernel.args.map((a) => parameter(kernel, a, e))].join(', ')})`, () => entry.forEach((l) => out.line(l)));
}

/** Tiles that statements touch. */
function usedIn(stmts: readonly TileStmt[], c: Context): ReadonlySet<Tile> {
  const wholes = (tiles: readonly Tile[]): readonly Tile[] => tiles.flatMap((t) => c.wholeOf.get(t)?.tile ?? []);
  return new Set(statements(stmts).flatMap((s): readonly Tile[] => {
    if (s.kind === 'send') return s.channel.loads.map((l) => l.dst);
    if (s.kind === 'receive' || s.kind === 'release') return [];
    if (s.kind === 'mma' && s.beside) return [s.lhs, ...writes(s), ...wholes([s.dst, s.rhs])];
    return [...readsOf(s), ...writes(s), ...wholes(writes(s)), ...(s.kind === 'store' && s.through ? [s.through.lines] : [])];
  }));
}

/** The declaration of tiles behind each other as one. */
function wholeText({ tile, parts }: Whole, offset: number | undefined, c: Context): string {
  const { e, frame } = c;
  if (tile.layout !== 'tile' || !frame) return placesText(tile, offset ?? 0, c, parts.length);
  return `Warps::Tile<${extentText(e, frame.rows)}, ${parts.length} * ${extentText(e, sidesOf(tile, frame).columns)}> ${e.tile(tile)};`;
}

/** What statements send or store in boxes. */
function mapParameters(kernel: TileKernel, stmts: readonly TileStmt[]): readonly string[] {
  const used = new Set(statements(stmts).flatMap((s) => (s.kind === 'send' ? s.channel.loads.map((l) => l.src.name) : s.kind === 'store' && s.through ? [s.dst.name] : [])));
  return mapsOf(kernel).filter((m) => used.has(m.name)).map((m) => m.name);
}

const frameText = (f: Frame): string => (f.kind === 'accumulators' ? `Accumulators<${f.warps.rows}, ${f.warps.columns}>` : `Spread<${f.warps.rows}, ${f.warps.columns}, ${f.vector}>`);

function declaration(t: Tile, offset: number | undefined, c: Context): string {
  const { e } = c;
  const type = tileType(t.dtype);
  const axes = extended(t);
  if (axes.length === 0) return `${type} ${e.tile(t)};`;
  if (t.layout === 'array') return `const Array<${[type, ...axes.map(e.extent)].join(', ')}> ${e.tile(t)}{sharedAt<${type}>(${offset ?? 0})};`;
  if (t.layout === 'panels' || (t.layout === 'operand' && c.e.kernel.roles)) return placesText(t, offset ?? 0, c);
  if (t.layout === 'packed' && c.frame) return packedText(t, c, extentText(e, c.frame.rows));
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
  const name = { tile: 'Tile', packed: 'Tile', rows: 'Rows', columns: 'Columns' }[t.layout];
  const own = `Warps::${isWhole(t, c.frame) ? 'Whole::' : ''}${name}<${[...rows, ...columns, ...(type === 'int' ? ['int'] : [])].join(', ')}>`;
  const whole = c.wholeOf.get(t);
  return whole ? `${own}& ${e.tile(t)} = partOf<${own}, ${whole.parts.indexOf(t)}>(${e.tile(whole.tile)});` : `${own} ${e.tile(t)};`;
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

function printEntry(kernel: TileKernel, { lines, origins }: Found, passed: readonly string[], e: Emission): readonly string[] {
  const number = numberOf(kernel, 'blockOfGrid()', 'blocksOfGrid()');
  return [`using namespace ${kernel.name}_block;`, 'awaitLaunches();', ...(origins.length === 0 ? [] : [`const int i = ${number};`]), ...lines, ...callsOf(kernel, [...passed, ...origins].join(', '), e)];
}

/** Whether the work of a block is a function for vectors, and another for memory that may not be read in any. */
const isAhead = (kernel: TileKernel): boolean => kernel.pipes.some((p) => p.held !== 'shared');

function callsOf(kernel: TileKernel, args: string, e: Emission): readonly string[] {
  if (!isAhead(kernel)) return [`block(${args});`];
  const { frame } = kernel;
  const params = new Set(kernel.pipes.flatMap((p) => (p.held === 'shared' ? [] : p.loads.map((l) => l.src))));
  const conditions = [...params].map((p) => `inVectors<${frame?.vector ?? 1}>(${e.param(p)}, ${e.length(p.order.at(-1) ?? '')})`);
  return [`if (${conditions.join(' && ')}) block<true>(${args});`, `else block<false>(${args});`];
}

/** Barriers first; then each warp takes its role and, where blocks walk the grid, one place after another. */
function printRolesEntry(kernel: TileKernel, roles: Roles, { count, lines, origins }: Found, passed: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const computing = kernel.schedule.warps * 32;
  const { persistent } = kernel.schedule;
  const call = (name: string): string => `${name}(${['rings', ...(passed.get(name) ?? []), ...origins].join(', ')});`;
  const atPlaces = (calls: readonly string[]): readonly string[] => {
    if (!persistent) return [`const int i = ${numberOf(kernel, 'blockOfGrid()', 'blocksOfGrid()')};`, ...lines, ...calls];
    const head = 'for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {';
    return [head, `  const int i = ${numberOf(kernel, 'at', 'count')};`, ...[...lines, ...calls].map((l) => `  ${l}`), '}'];
  };
  const threads = roles.loading.map((_, i) => `threadOfBlock() == ${computing + 32 * i}`);
  const loads = threads.map((t, i) => (threads.length === 1 ? call(loaders[i] ?? '') : `if (${t}) ${call(loaders[i] ?? '')}`));
  const { products } = roles;
  const registers = (verb: 'give' | 'take', of: 0 | 1): readonly string[] => (products.by === 'warpgroups' ? [`  ${verb}Registers<${products.registers[of]}>();`] : []);
  const stores = statements(kernel.body).some((s) => s.kind === 'store' && s.through);
  return [
    `using namespace ${kernel.name}_block;`,
    'Rings rings;',
    `if (threadOfBlock() == ${computing}) {`, ...mapsOf(kernel).map((m) => `  prefetchMap(${m.name}Map);`), '}',
    'if (threadOfBlock() == 0) {', ...roles.channels.map((ch) => `  rings.${ch.name}.init();`), '  fenceBarriers();', '}',
    'blockBarrier();',
    'awaitLaunches();',
    ...(persistent ? [`const int count = ${count};`] : []),
    `if (threadOfBlock() >= ${computing}) {`, ...registers('give', 0), `  if (${threads.join(' || ')}) {`, ...atPlaces(loads).map((l) => `    ${l}`), '  }', '}',
    'else {', ...registers('take', 1), ...atPlaces([call('compute')]).map((l) => `  ${l}`), ...(stores ? ['  if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();'] : []), '}',
  ];
}
