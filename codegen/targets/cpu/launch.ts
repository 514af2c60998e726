import type { Axis } from '../../../dsl/expr.js';
import type { ArgRef, GridAxis } from '../../../dsl/manifest.js';
import type { Span } from '../../../dsl/span.js';
import { dimensions, emission, type Emission, type Origin } from '../../emit/emission.js';
import type { Writer } from '../../emit/writer.js';
import type { Param, Tile, TileKernel, TileStmt } from '../../tile/ir.js';
import { byValue, memoryType, tileType } from './elements.js';

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

/**
 * Statements in paragraphs: a line of the author's, when it is another than before (`last`), then what came of it. A load
 * says itself what it loads; the paragraph that needs it is not interrupted.
 */
export function printBody(body: readonly TileStmt[], statement: (s: TileStmt) => void, e: Emission, last?: Span): void {
  for (const s of body) {
    last = paragraph(s, e, last);
    e.out().from(s.span, () => statement(s));
  }
}

/** The comment that opens a paragraph, unless `s` belongs to the paragraph of `last`; returns the place whose paragraph is open. */
export function paragraph(s: TileStmt, e: Emission, last: Span | undefined): Span | undefined {
  if (s.kind === 'load' || s.span.line === 0 || (s.span.line === last?.line && s.span.file === last.file)) return last;
  e.out().from(s.span, () => e.line(comment(s.span)));
  return s.span;
}

function comment(span: Span): string {
  const [first = '', ...rest] = span.text.trim().split('\n');
  const name = span.binding === undefined || /^(const|return) /.test(first) ? '' : `${span.binding} = `;
  const text = `${name}${first.trim()}${rest.length > 0 ? ' …' : ''}`;
  return `// ${span.file.split('/').at(-1) ?? span.file}:${span.line}  ${text.length > 110 ? `${text.slice(0, 109)}…` : text}`;
}

function tileDeclaration(t: Tile, e: Emission): string {
  const axes = dimensions(t);
  const name = `${tileType(t.dtype)} ${e.tile(t)}`;
  return axes.length === 0 ? `${name};` : `TILE ${name}${axes.map((a) => `[${e.extent(a)}]`).join('')};`;
}

/** A parameter of a generated function: its name, and its declaration. */
export interface Parameter { readonly name: string; readonly text: string }

/** What the block function takes: what its text uses, in the order of the launch's arguments, then the origins. */
export function blockParameters(kernel: TileKernel, e: Emission): readonly Parameter[] {
  const used = kernel.args.flatMap((a) => argument(kernel, a, e, false) ?? []);
  return [...used, ...kernel.grid.map((g): Parameter => ({ name: e.originName(g.axis), text: `int ${e.originName(g.axis)}` }))];
}

/** @throws Error when the launch lacks the parameter: a fault of the pass that made it. */
export const paramOf = (kernel: TileKernel, name: string): Param => {
  const p = kernel.params.find((x) => x.name === name);
  if (!p) throw new Error(`emit: launch '${kernel.name}' has no parameter '${name}'`);
  return p;
};

/** One argument as a parameter of the block; undefined when the block does not use it. */
function argument(kernel: TileKernel, a: ArgRef, e: Emission, all: boolean): Parameter | undefined {
  switch (a.kind) {
    case 'param': case 'result': case 'scratch': {
      const p = paramOf(kernel, a.name);
      const name = e.used.params.get(a.name) ?? (all ? e.param(p) : undefined);
      const type = `${p.role === 'param' && !byValue(p) ? 'const ' : ''}${memoryType[p.dtype]}${byValue(p) ? '' : '*'}`;
      return name === undefined ? undefined : { name, text: `${type} ${name}` };
    }
    case 'offsets': {
      const name = e.used.offsets.get(a.axis);
      return name === undefined ? undefined : { name, text: `const int* ${name}` };
    }
    case 'size': {
      const name = kernel.sizes[a.axis]?.kind === 'ragged' ? undefined : e.used.lengths.get(a.axis);
      return name === undefined ? undefined : { name, text: `int ${name}` };
    }
    default: return a satisfies never;
  }
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
/** The length of a ragged axis that the grid covers. */
export const longestName = (axis: Axis): string => `${axis}Longest`;

function unpack(kernel: TileKernel, a: ArgRef, i: number, e: Emission): readonly string[] {
  const isGrid = a.kind === 'size' && kernel.sizes[a.axis]?.kind === 'ragged' && kernel.grid.some((g) => g.axis === a.axis);
  if (isGrid) return [`const int ${longestName(a.axis)} = size(args[${i}]);`];
  const p = argument(kernel, a, e, false);
  if (!p) return [];
  const isPointer = p.text.includes('*');
  const type = p.text.slice(0, p.text.lastIndexOf(' ')).replace('*', '');
  if (a.kind === 'size') return [`const ${p.text} = size(args[${i}]);`];
  return [isPointer ? `${p.text} = tensor<${type}>(args[${i}]);` : `const ${p.text} = scalar<${type}>(args[${i}]);`];
}
