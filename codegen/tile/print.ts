import type { GridAxis } from '../../dsl/manifest.js';
import type { Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { isTile, productsOf } from './walk.js';
import type { Channel, Frame, Param, Pipe, Tile, TileKernel, TileStmt } from './ir.js';

/** A tile program as text: parameters, grid, tiles, then one statement a line. */
export const printTile = (k: TileKernel): string => tileLines(k).map((l) => l.text).join('\n');

/** A line of a printed program and, where it is a statement, its place in the source. */
export interface TileLine { readonly text: string; readonly span: Span | undefined }

/** The lines of `printTile`, an empty one last. */
export function tileLines(k: TileKernel): readonly TileLine[] {
  const names = (role: Param['role']): string => k.params.filter((p) => p.role === role).map((p) => `${p.name}: ${p.dtype}[${p.order.join(', ')}]`).join(', ');
  const scratch = names('scratch');
  const head = [
    `kernel ${k.name}(${names('param')}) -> ${names('result')}${scratch === '' ? '' : ` scratch ${scratch}`}`,
    `grid ${k.grid.map(gridText).join(', ')}`,
    ...(k.frame ? [frameText(k.frame)] : []),
    ...k.pipes.map(pipeText),
    ...(k.roles?.channels ?? []).map(channelText),
    ...k.tiles.map((t) => `tile ${tileText(t)}`),
  ];
  const placeless = (text: string): TileLine => ({ text, span: undefined });
  const loading = k.roles ? [...k.roles.loading.flatMap((own) => [placeless('loading'), ...own.flatMap(placedLines)]), placeless('computing')] : [];
  return [...head.map(placeless), ...loading, ...k.body.flatMap(placedLines), placeless('')];
}

const gridText = (g: GridAxis): string => `${g.axis} by ${g.block}`;
const frameText = (f: Frame): string => `frame ${f.kind}: rows ${f.rows.map((a) => a.axis).join(', ') || 'none'} over ${f.warps.rows} x ${f.warps.columns} warps${f.whole.length > 0 ? `, ${f.whole.join(', ')} whole` : ''}${f.kind === 'spread' ? `, ${f.vector} columns a lane` : ''}`;
const pipeText = (p: Pipe): string => `pipe ${p.name}: ${p.held === 'registers' ? 'one ahead, in registers,' : `${p.stages} stages${p.held === 'lanes' ? ', every lane its own,' : ''}`} of ${p.loads.map((l) => `${l.dst.name} <- ${view(l.src)}`).join(', ')}; ${p.axis} in ${scalarText(p.from, p.args.map((t) => t.name))} .. ${scalarText(p.to, p.args.map((t) => t.name))} by ${p.step}`;
const channelText = (c: Channel): string => `channel ${c.name}: ${c.stages} stages of ${c.loads.map((l) => `${l.dst.name} <- ${view(l.src)}`).join(', ')}`;

function tileText(t: Tile): string {
  return `${t.name}: ${t.dtype}[${t.shape.map((a) => `${a.axis} ${a.size}`).join(', ')}]${t.layout === 'array' ? '' : ` ${t.layout}`}`;
}

/** A statement's own line, then the lines of what stands inside. */
function placedLines(s: TileStmt): readonly TileLine[] {
  const own = (text: string): TileLine => ({ text, span: s.span });
  const inside = (body: readonly TileStmt[]): readonly TileLine[] => body.flatMap(placedLines).map((l) => ({ ...l, text: `  ${l.text}` }));
  const head = own(stmtText(s));
  switch (s.kind) {
    case 'loop': return [head, ...inside(s.body)];
    case 'when': return [head, ...inside(s.body), ...(s.otherwise.length > 0 ? [own('otherwise'), ...inside(s.otherwise)] : [])];
    default: return [head];
  }
}

function stmtText(s: TileStmt): string {
  switch (s.kind) {
    case 'load': return `load ${s.dst.name} <- ${view(s.src)}`;
    case 'prime': case 'advance': case 'drain': return `${s.kind} ${s.pipe.name}`;
    case 'gather': return `gather ${s.dst.name} <- ${isTile(s.src) ? s.src.name : view(s.src)} at ${s.axis} = ${s.index.name} else ${number(s.outside)}`;
    case 'store': return `store ${view(s.dst)} <- ${s.src.name}${s.through ? ` through ${s.through.lines.name}` : ''}`;
    case 'copy': return `copy ${s.dst.name} <- ${s.src.name}`;
    case 'fill': return `fill ${s.dst.name} <- ${number(s.value)}`;
    case 'map': return `map ${s.dst.name} <- ${scalarText(s.fn, s.args.map((a) => a.name))}`;
    case 'reduce': return `reduce ${s.dst.name} ${s.accumulate ? `${s.op}=` : `<- ${s.op}`} ${s.src.name} over ${s.axis}${s.apart === true ? ' apart' : ''}`;
    case 'own': return `own ${s.dst.name} of ${s.axis} by ${s.rows}`;
    case 'unite': return `unite ${s.dst.name} ${s.op}`;
    case 'topk': return `topk ${view(s.dst)} <- ${view(s.src)} over ${s.axis} as ${s.as}`;
    case 'mma': return `mma ${productsOf(s).map((p) => p.dst.name).join(' | ')} ${s.accumulate ? '+=' : '<-'} ${s.lhs.name} * ${productsOf(s).map((p) => p.rhs.name).join(' | ')} over ${s.over}`;
    case 'loop': return `for ${s.axis} in ${scalarText(s.from, s.args.map((t) => t.name))} .. ${scalarText(s.to, s.args.map((t) => t.name))} by ${s.step}${s.own ? ` own ${scalarText(s.own, s.args.map((t) => t.name))}` : ''}${s.full ? ' full' : ''}${s.padded ? ' padded' : ''}${s.once === true ? ' once' : ''}`;
    case 'when': return `when ${scalarText(s.cond, s.args.map((t) => t.name))}`;
    case 'send': case 'receive': return `${s.kind} ${s.channel.name}`;
    case 'release': return `release ${s.channel.name}${s.behind ? ' behind' : ''}`;
    case 'clear': return `clear ${s.dst.name} beyond ${s.axis}`;
    case 'settle': return `settle ${s.finished.map((t) => t.name).join(', ')}${s.pending > 0 ? `; ${s.pending} pending` : ''}`;
    case 'barrier': return s.alone === true ? 'wait for copies' : s.copies ? 'barrier behind copies' : 'barrier';
    default: return s satisfies never;
  }
}

const view = (p: Param): string => `${p.name}[${p.order.map((a) => (a in p.at ? `${a} = ${p.at[a]}` : a)).join(', ')}]`;
const number = (x: number): string => (Object.is(x, -0) ? '-0' : String(x));

const symbols: Partial<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/', rem: '%', pow: '**', lt: '<', le: '<=', eq: '==', and: '&&', or: '||' };

/** Scalar code as text, operands by name; every nested operation in parentheses. */
export function scalarText(s: Scalar, args: readonly string[]): string {
  const inner = (x: Scalar): string => {
    const text = scalarText(x, args);
    return x.kind === 'select' || (x.kind === 'binary' && symbols[x.op] !== undefined) ? `(${text})` : text;
  };
  switch (s.kind) {
    case 'lit': return number(s.value);
    case 'arg': return args[s.index] ?? `$${s.index}`;
    case 'pos': return `at.${s.axis}`;
    case 'size': return `size.${s.axis}`;
    case 'unary': return `${s.op}(${scalarText(s.a, args)})`;
    case 'binary': {
      const symbol = symbols[s.op];
      return symbol === undefined ? `${s.op}(${scalarText(s.a, args)}, ${scalarText(s.b, args)})` : `${inner(s.a)} ${symbol} ${inner(s.b)}`;
    }
    case 'select': return `${inner(s.cond)} ? ${inner(s.a)} : ${inner(s.b)}`;
    default: return s satisfies never;
  }
}
