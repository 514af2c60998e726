import { roundTo } from '../../dsl/dtype.js';
import type { Axis, ReduceOp } from '../../dsl/expr.js';
import { evalScalar, type Scalar } from '../../dsl/scalar.js';
import type { Channel, Param, Tile, TileGather, TileKernel, TileMap, TileReduce, TileStmt, TileTopK, Mma } from '../../codegen/tile/ir.js';
import { isTile, productsOf, statements } from '../../codegen/tile/walk.js';

/** Memory by name; a kernel's results and scratch must be allocated. */
export type Memory = Readonly<Record<string, Float64Array>>;
/** Lengths of the axes that are arguments, and prefix sums of the ragged ones. */
export interface Lengths { readonly sizes: Readonly<Record<Axis, number>>; readonly offsets?: Readonly<Record<Axis, readonly number[]>> }

/**
 * Runs a tile program in float64, block by block. Elements that the IR leaves unspecified are NaN, so a program that
 * relies on one gives NaN. `rounded` rounds to the dtype of every tile and parameter. `observe` sees every statement that
 * a block's computing warps carry out before it happens, and the end of each block.
 */
export function runTile(k: TileKernel, memory: Memory, lengths: Lengths, rounded = false, observe: (s: TileStmt | 'end') => void = () => {}): void {
  const counts = k.grid.map((g) => Math.ceil(longest(k, g.axis, lengths) / g.block));
  const total = counts.reduce((n, c) => n * c, 1);
  for (let flat = 0; flat < total; flat++) {
    const origins = new Map<Axis, number>();
    let rest = flat;
    for (let i = k.grid.length - 1; i >= 0; i--) {
      const g = k.grid[i];
      const count = counts[i];
      if (!g || count === undefined) continue;
      origins.set(g.axis, (rest % count) * g.block);
      rest = Math.floor(rest / count);
    }
    const block: Block = { k, memory, lengths, origins, tiles: new Map(), rounded, padded: new Set(), sent: new Map(), observe: () => {}, group: 0, rows: new Map() };
    // All is sent before anything is computed: channels hold any number of windows here.
    for (const own of k.roles?.loading ?? []) run(own, block);
    // Warpgroups see the same windows, and each stores its own rows.
    const groups = statements(k.body).find((s) => s.kind === 'own')?.groups ?? 1;
    for (let group = 0; group < groups; group++) {
      const part: Block = { ...block, tiles: new Map(), sent: new Map(block.sent), observe, group };
      run(k.body, part);
      const left = [...part.sent].find(([, windows]) => windows.length > 0);
      if (left) throw new Error(`${k.name} leaves windows of '${left[0].name}' unread`);
    }
    observe('end');
  }
}

interface Block {
  readonly k: TileKernel;
  readonly memory: Memory;
  readonly lengths: Lengths;
  readonly origins: Map<Axis, number>;
  readonly tiles: Map<Tile, Float64Array>;
  readonly rounded: boolean;
  /** Axes of the padded loops around: what lies beyond them is computed. */
  readonly padded: Set<Axis>;
  readonly observe: (s: TileStmt | 'end') => void;
  readonly sent: Map<Channel, readonly (readonly Float64Array[])[]>;
  /** The warpgroup whose part this is, and the rows it has. */
  readonly group: number;
  readonly rows: Map<Axis, readonly [from: number, to: number]>;
}

function longest(k: TileKernel, axis: Axis, lengths: Lengths): number {
  const rule = k.sizes[axis];
  const given = lengths.sizes[axis];
  if (rule?.kind === 'fixed') return rule.size;
  if (given === undefined) throw new Error(`runTile: the size of '${axis}' is not given`);
  return given;
}

const origin = (axis: Axis, b: Block): number => b.origins.get(axis) ?? 0;

/** Length of an axis in this block: of a ragged one, the length of this row. */
function length(axis: Axis, b: Block): number {
  const rule = b.k.sizes[axis];
  if (rule?.kind !== 'ragged') return longest(b.k, axis, b.lengths);
  const offsets = b.lengths.offsets?.[axis];
  const row = origin(rule.by, b);
  return (offsets?.[row + 1] ?? 0) - (offsets?.[row] ?? 0);
}

/** Rows of a ragged axis from where this part begins to the end of memory. */
function following(axis: Axis, b: Block): number {
  const rule = b.k.sizes[axis];
  const offsets = b.lengths.offsets?.[axis];
  return rule?.kind === 'ragged' ? (offsets?.at(-1) ?? 0) - (offsets?.[origin(rule.by, b)] ?? 0) : 0;
}

const known = new WeakMap<Block, Readonly<Record<Axis, number>>>();

/** Lengths of all axes, the same throughout a block: what is ragged is so by an axis of the grid. */
function sizesOf(b: Block): Readonly<Record<Axis, number>> {
  const sizes = known.get(b) ?? Object.fromEntries(Object.keys(b.k.sizes).filter((a) => b.k.sizes[a]?.kind === 'fixed' || b.lengths.sizes[a] !== undefined).map((a) => [a, length(a, b)]));
  known.set(b, sizes);
  return sizes;
}

function scalarOf(s: Scalar, b: Block, args: readonly number[] = [], at: Readonly<Record<Axis, number>> = {}): number {
  return evalScalar(s, { args, pos: { ...Object.fromEntries(b.origins), ...at }, size: sizesOf(b) });
}

function data(t: Tile, b: Block): Float64Array {
  const made = b.tiles.get(t) ?? new Float64Array(t.shape.reduce((n, a) => n * a.size, 1)).fill(NaN);
  b.tiles.set(t, made);
  return made;
}

const flatIndex = (t: Tile, at: Readonly<Record<Axis, number>>): number => t.shape.reduce((n, a) => n * a.size + (at[a.axis] ?? 0), 0);

/** Elements from one position on an axis to the next. */
const strideOf = (t: Tile, axis: Axis): number => flatIndex(t, { [axis]: 1 });

/** Calls `f` at every element of `t`, with window indices and whether the element is valid, and whether it is computed. */
function each(t: Tile, b: Block, f: (at: Record<Axis, number>, valid: boolean, flat: number, computed: boolean) => void): void {
  const total = t.shape.reduce((n, a) => n * a.size, 1);
  for (let flat = 0; flat < total; flat++) {
    const at: Record<Axis, number> = {};
    let rest = flat;
    let [valid, computed] = [true, true];
    for (let i = t.shape.length - 1; i >= 0; i--) {
      const a = t.shape[i];
      if (!a) continue;
      at[a.axis] = rest % a.size;
      rest = Math.floor(rest / a.size);
      const isInside = origin(a.axis, b) + (at[a.axis] ?? 0) < length(a.axis, b);
      valid &&= isInside;
      computed &&= isInside || b.padded.has(a.axis);
    }
    f(at, valid, flat, computed);
  }
}

const absolute = (at: Readonly<Record<Axis, number>>, b: Block): Record<Axis, number> => Object.fromEntries(Object.entries(at).map(([a, i]) => [a, i + origin(a, b)]));

/** Whether an element's position in the window is among the own warpgroup's rows. */
const isOwn = (at: Readonly<Record<Axis, number>>, b: Block): boolean => [...b.rows].every(([axis, [from, to]]) => at[axis] === undefined || (from <= at[axis] && at[axis] < to));

/** Whether the positions that a statement touches of memory lie on their axes. */
const isOnAxes = (p: Param, b: Block): boolean => Object.entries(p.at).every(([axis, i]) => origin(axis, b) + i < length(axis, b));

/** Address of a parameter's element at whole positions; a ragged pair is packed behind the offsets. */
function address(p: Param, at: Readonly<Record<Axis, number>>, b: Block): number {
  const position = (a: Axis): number => (a in p.at ? origin(a, b) + (p.at[a] ?? 0) : at[a] ?? origin(a, b));
  const rule = (axis: Axis | undefined) => b.k.sizes[axis ?? ''];
  return p.order.reduce((n, axis, i) => {
    const [own, next] = [rule(axis), rule(p.order[i + 1])];
    if (next?.kind === 'ragged' && next.by === axis) return n;
    const offsets = own?.kind === 'ragged' && own.by === p.order[i - 1] ? b.lengths.offsets?.[axis] : undefined;
    if (offsets && own?.kind === 'ragged') return n * (offsets.at(-1) ?? 0) + (offsets[position(own.by)] ?? 0) + position(axis);
    return n * length(axis, b) + position(axis);
  }, 0);
}

function read(p: Param, at: Readonly<Record<Axis, number>>, b: Block): number {
  const value = b.memory[p.name]?.[address(p, at, b)];
  if (value === undefined) throw new Error(`${b.k.name} reads '${p.name}' outside its memory at ${JSON.stringify(at)}`);
  return value;
}

function write(t: Tile, flat: number, x: number, b: Block): void {
  data(t, b)[flat] = Number.isNaN(x) ? x : t.dtype === 'i32' || b.rounded ? roundTo[t.dtype](x) : x;
}

function run(body: readonly TileStmt[], b: Block): void {
  for (const s of body) {
    b.observe(s);
    step(s, b);
  }
}

function step(s: TileStmt, b: Block): void {
  switch (s.kind) {
    case 'load': each(s.dst, b, (at, valid, flat) => write(s.dst, flat, valid && isOnAxes(s.src, b) ? read(s.src, absolute(at, b), b) : 0, b)); return;
    case 'store':
      each(s.src, b, (at, valid, flat) => {
        const memory = b.memory[s.dst.name];
        const to = address(s.dst, absolute(at, b), b);
        if (!valid || !isOnAxes(s.dst, b) || !isOwn(at, b)) return;
        if (!memory || to >= memory.length) throw new Error(`${b.k.name} writes '${s.dst.name}' outside its memory`);
        const x = data(s.src, b)[flat] ?? NaN;
        memory[to] = b.rounded || s.dst.dtype === 'i32' ? roundTo[s.dst.dtype](x) : x;
      });
      return;
    case 'copy': {
      const from = data(s.src, b);
      const values: number[] = [];
      each(s.dst, b, (at) => { values.push(from[flatIndex(s.src, at)] ?? NaN); });
      for (const [flat, x] of values.entries()) write(s.dst, flat, x, b);
      return;
    }
    case 'fill': each(s.dst, b, (_at, _valid, flat) => write(s.dst, flat, s.value, b)); return;
    case 'map': mapTile(s, b); return;
    case 'reduce': reduceTile(s, b); return;
    case 'mma': for (const p of productsOf(s)) mma({ ...s, dst: p.dst, rhs: p.rhs }, b); return;
    case 'gather': gather(s, b); return;
    case 'topk': topk(s, b); return;
    case 'loop': {
      const args = s.args.map((t) => data(t, b)[0] ?? NaN);
      const to = scalarOf(s.to, b, args);
      for (let i = scalarOf(s.from, b, args); i < to; i += s.step) {
        b.origins.set(s.axis, i);
        if (s.full && i + s.step > length(s.axis, b)) throw new Error(`${b.k.name}: a window of '${s.axis}' is not whole at ${i}`);
        if (i >= length(s.axis, b)) throw new Error(`${b.k.name}: a window of '${s.axis}' begins beyond its end at ${i}`);
        if (s.padded) b.padded.add(s.axis);
        run(s.body, b);
        b.padded.delete(s.axis);
        if (s.once === true) break;
      }
      b.origins.delete(s.axis);
      return;
    }
    case 'when': run(scalarOf(s.cond, b, s.args.map((t) => data(t, b)[0] ?? NaN)) ? s.body : s.otherwise, b); return;
    case 'advance': for (const l of s.pipe.loads) step(l, b); return;
    case 'send': send(s.channel, b); return;
    case 'receive': receive(s.channel, b); return;
    case 'clear': each(s.dst, b, (_at, valid, flat) => { if (!valid) write(s.dst, flat, 0, b); }); return;
    case 'barrier': case 'prime': case 'drain': case 'unite': case 'release': case 'settle': return;
    case 'own':
      b.rows.set(s.axis, [b.group * s.rows, (b.group + 1) * s.rows]);
      return write(s.dst, 0, b.group * s.rows, b);
    default: s satisfies never;
  }
}

/** What a window's loads bring, as they stand when it is sent: 0 from beyond memory, but of an axis that is packed the next part's rows. */
function send(channel: Channel, b: Block): void {
  for (const { dst, src } of channel.loads) {
    each(dst, b, (at, valid, flat) => {
      const whole = absolute(at, b);
      const isThere = valid || Object.entries(whole).every(([axis, i]) => i < (b.k.sizes[axis]?.kind === 'ragged' ? following(axis, b) : length(axis, b)));
      write(dst, flat, isThere && isOnAxes(src, b) ? read(src, whole, b) : 0, b);
    });
  }
  b.sent.set(channel, [...(b.sent.get(channel) ?? []), channel.loads.map((l) => Float64Array.from(data(l.dst, b)))]);
}

function receive(channel: Channel, b: Block): void {
  const [next, ...later] = b.sent.get(channel) ?? [];
  if (!next) throw new Error(`${b.k.name} receives more of '${channel.name}' than was sent`);
  b.sent.set(channel, later);
  for (const [i, l] of channel.loads.entries()) b.tiles.set(l.dst, next[i] ?? new Float64Array());
}

function mapTile(s: TileMap, b: Block): void {
  const args = s.args.map((a) => Float64Array.from(data(a, b)));
  each(s.dst, b, (at, _valid, flat, computed) => {
    const operands = s.args.map((a, i) => args[i]?.[flatIndex(a, at)] ?? NaN);
    write(s.dst, flat, computed ? scalarOf(s.fn, b, operands, absolute(at, b)) : NaN, b);
  });
}

const combine: Readonly<Record<ReduceOp, (a: number, b: number) => number>> = { sum: (a, b) => a + b, max: Math.max, min: Math.min };
const identity: Readonly<Record<ReduceOp, number>> = { sum: 0, max: -Infinity, min: Infinity };

function reduceTile(s: TileReduce, b: Block): void {
  const before = Float64Array.from(data(s.dst, b));
  const width = s.src.shape.find((a) => a.axis === s.axis)?.size ?? 0;
  const [src, stepOf] = [data(s.src, b), strideOf(s.src, s.axis)];
  const end = b.padded.has(s.axis) ? width : Math.min(width, length(s.axis, b) - origin(s.axis, b));
  each(s.dst, b, (at, _valid, flat, computed) => {
    let x = s.accumulate ? (before[flat] ?? NaN) : identity[s.op];
    for (let i = 0, from = flatIndex(s.src, at); i < end; i++) x = combine[s.op](x, src[from + i * stepOf] ?? NaN);
    write(s.dst, flat, computed ? x : NaN, b);
  });
}

/** Products of warpgroups sum over the whole window. */
function mma(s: Mma, b: Block): void {
  const before = Float64Array.from(data(s.dst, b));
  const width = s.lhs.shape.find((a) => a.axis === s.over)?.size ?? 0;
  const lhs = data(s.lhs, b);
  const [stepL, stepR] = [strideOf(s.lhs, s.over), strideOf(s.rhs, s.over)];
  const rhs = data(s.rhs, b);
  const end = b.k.roles || b.padded.has(s.over) ? width : Math.min(width, length(s.over, b) - origin(s.over, b));
  each(s.dst, b, (at, _valid, flat, computed) => {
    let x = s.accumulate ? (before[flat] ?? NaN) : 0;
    const [l, r] = [flatIndex(s.lhs, at), flatIndex(s.rhs, at)];
    for (let i = 0; i < end; i++) x += (lhs[l + i * stepL] ?? NaN) * (rhs[r + i * stepR] ?? NaN);
    write(s.dst, flat, computed ? x : NaN, b);
  });
}

function gather(s: TileGather, b: Block): void {
  const size = length(s.axis, b);
  each(s.dst, b, (at, valid, flat) => {
    if (!valid) { write(s.dst, flat, NaN, b); return; }
    const i = data(s.index, b)[flatIndex(s.index, at)] ?? NaN;
    if (!(i >= 0 && i < size)) { write(s.dst, flat, s.outside, b); return; }
    const x = isTile(s.src) ? (data(s.src, b)[flatIndex(s.src, { ...at, [s.axis]: i - origin(s.axis, b) })] ?? NaN) : read(s.src, { ...absolute(at, b), [s.axis]: i }, b);
    write(s.dst, flat, x, b);
  });
}

function topk(s: TileTopK, b: Block): void {
  const memory = b.memory[s.dst.name];
  const count = length(s.as, b);
  const values = Array.from({ length: length(s.axis, b) }, (_, i) => read(s.src, { [s.axis]: i }, b));
  const rank = (x: number): number => (Number.isNaN(x) ? -Infinity : x);
  const best = values.map((x, i) => ({ x: rank(x), nan: Number.isNaN(x), i })).sort((p, q) => Number(p.nan) - Number(q.nan) || (p.x === q.x ? 0 : q.x > p.x ? 1 : -1) || p.i - q.i).slice(0, count).map((v) => v.i).sort((p, q) => p - q);
  for (let n = 0; n < count; n++) if (memory) memory[address(s.dst, { [s.as]: n }, b)] = best[n] ?? -1;
}
