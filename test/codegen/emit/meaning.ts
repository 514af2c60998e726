import type { Axis } from '../../../dsl/expr.js';
import { roundTo } from '../../../dsl/dtype.js';
import { evalScalar, type Scalar } from '../../../dsl/scalar.js';
import type { Param, Tile, TileAxis, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { isTile } from '../../../codegen/tile/walk.js';

/** What a launch computes, in float64: tile IR run statement by statement. Whatever the IR leaves unspecified is NaN. */
export interface Memory { readonly arrays: Readonly<Record<string, number[]>>; readonly sizes: Readonly<Record<Axis, number>>; readonly offsets: Readonly<Record<Axis, readonly number[]>> }

type At = Readonly<Record<Axis, number>>;
interface Run { readonly k: TileKernel; readonly m: Memory; readonly tiles: Map<Tile, number[]> }

export function runLaunch(k: TileKernel, m: Memory): void {
  const visit = (i: number, at: At): void => {
    const g = k.grid[i];
    if (!g) return block({ k, m, tiles: new Map() }, k.body, at);
    for (let a = 0; a < lengthOf({ k, m }, g.axis, at); a += g.block) visit(i + 1, { ...at, [g.axis]: a });
  };
  visit(0, {});
}

function lengthOf({ k, m }: Pick<Run, 'k' | 'm'>, axis: Axis, at: At): number {
  const rule = k.sizes[axis];
  if (rule?.kind === 'fixed') return rule.size;
  if (rule?.kind !== 'ragged') return m.sizes[axis] ?? NaN;
  const c = at[rule.by] ?? 0;
  return (m.offsets[axis]?.[c + 1] ?? NaN) - (m.offsets[axis]?.[c] ?? NaN);
}

const validOf = (r: Run, a: TileAxis, at: At): number => Math.min(a.size, lengthOf(r, a.axis, at) - (at[a.axis] ?? 0));

/** Every index of `axes`, as positions inside the tile. */
function* places(axes: readonly TileAxis[], bound: (a: TileAxis) => number): Generator<At> {
  const [first, ...rest] = axes;
  if (!first) return yield {};
  for (let i = 0; i < bound(first); i++) for (const p of places(rest, bound)) yield { ...p, [first.axis]: i };
}
const whole = (a: TileAxis): number => a.size;
const indexIn = (t: Tile, p: At): number => t.shape.reduce((n, a) => n * a.size + (p[a.axis] ?? 0), 0);

/** Where an element lies in memory, by positions on the whole axes. */
function addressOf(r: Run, p: Param, place: At, at: At): number {
  return p.order.reduce((n, axis, i) => {
    const rule = r.k.sizes[axis];
    const next = p.order[i + 1];
    const nextRule = next === undefined ? undefined : r.k.sizes[next];
    if (nextRule?.kind === 'ragged' && nextRule.by === axis) return n;
    if (rule?.kind !== 'ragged' || p.order[i - 1] !== rule.by) return n * lengthOf(r, axis, at) + (place[axis] ?? 0);
    const offsets = r.m.offsets[axis] ?? [];
    return n * (offsets.at(-1) ?? NaN) + (offsets[at[rule.by] ?? 0] ?? NaN) + (place[axis] ?? 0);
  }, 0);
}

const shifted = (p: At, at: At): At => Object.fromEntries([...new Set([...Object.keys(p), ...Object.keys(at)])].map((a) => [a, (p[a] ?? 0) + (at[a] ?? 0)]));

function block(r: Run, body: readonly TileStmt[], at: At): void {
  const read = (t: Tile, p: At): number => r.tiles.get(t)?.[indexIn(t, p)] ?? NaN;
  const write = (t: Tile, p: At, x: number): void => {
    const data = r.tiles.get(t) ?? new Array<number>(t.shape.reduce((n, a) => n * a.size, 1)).fill(NaN);
    r.tiles.set(t, data);
    data[indexIn(t, p)] = x;
  };
  const valid = (a: TileAxis): number => validOf(r, a, at);
  const sizes = Object.fromEntries(Object.keys(r.k.sizes).map((a) => [a, lengthOf(r, a, at)]));
  const scalar = (s: Scalar, pos: At, args: readonly number[] = []): number => evalScalar(s, { args, pos, size: sizes });
  const zeroes = Object.fromEntries(Object.keys(r.k.sizes).map((a) => [a, 0]));
  const memory = (p: Param): number[] => r.m.arrays[p.name] ?? [];
  for (const s of body) {
    switch (s.kind) {
      case 'load': case 'loadAsync':
        for (const p of places(s.dst.shape, whole)) {
          const inside = s.dst.shape.every((a) => (p[a.axis] ?? 0) < valid(a));
          write(s.dst, p, inside ? roundTo[s.dst.dtype](memory(s.src)[addressOf(r, s.src, shifted(p, at), at)] ?? NaN) : 0);
        }
        break;
      case 'store':
        for (const p of places(s.src.shape, valid)) memory(s.dst)[addressOf(r, s.dst, shifted(p, at), at)] = roundTo[s.dst.dtype](read(s.src, p));
        break;
      case 'gather':
        for (const p of places(s.dst.shape, valid)) {
          const i = read(s.index, p);
          const inside = i >= 0 && i < lengthOf(r, s.axis, at);
          const from = isTile(s.src) ? read(s.src, { ...p, [s.axis]: i - (at[s.axis] ?? 0) }) : memory(s.src)[addressOf(r, s.src, { ...shifted(p, at), [s.axis]: i }, at)];
          write(s.dst, p, inside ? (from ?? NaN) : s.outside);
        }
        break;
      case 'copy': for (const p of places(s.dst.shape, whole)) write(s.dst, p, roundTo[s.dst.dtype](read(s.src, p))); break;
      case 'fill': for (const p of places(s.dst.shape, whole)) write(s.dst, p, s.value); break;
      case 'map': {
        const made = [...places(s.dst.shape, valid)].map((p): [At, number] => [p, scalar(s.fn, { ...zeroes, ...shifted(p, at) }, s.args.map((t) => read(t, p)))]);
        made.forEach(([p, x]) => write(s.dst, p, s.dst.dtype === 'f32' ? x : roundTo[s.dst.dtype](x)));
        break;
      }
      case 'reduce': {
        const over = s.src.shape.find((a) => a.axis === s.axis) ?? { axis: s.axis, size: 1 };
        for (const p of places(s.dst.shape, valid)) {
          const row = [...places([over], valid)].map((k) => read(s.src, { ...p, ...k }));
          const all = s.accumulate ? [read(s.dst, p), ...row] : row;
          write(s.dst, p, s.op === 'sum' ? all.reduce((a, b) => a + b, 0) : s.op === 'max' ? Math.max(...all) : Math.min(...all));
        }
        break;
      }
      case 'mma': {
        const over = s.lhs.shape.find((a) => a.axis === s.over) ?? { axis: s.over, size: 1 };
        for (const p of places(s.dst.shape, valid)) {
          const terms = [...places([over], valid)].map((k) => read(s.lhs, { ...p, ...k }) * read(s.rhs, { ...p, ...k }));
          write(s.dst, p, terms.reduce((a, b) => a + b, s.accumulate ? read(s.dst, p) : 0));
        }
        break;
      }
      case 'loop':
        for (let o = scalar(s.from, { ...zeroes, ...at }); o < scalar(s.to, { ...zeroes, ...at }); o += s.step) block(r, s.body, { ...at, [s.axis]: o });
        break;
      case 'when': if (scalar(s.cond, { ...zeroes, ...at })) block(r, s.body, at); break;
      case 'topk': {
        const n = lengthOf(r, s.axis, at);
        const value = (i: number): number => memory(s.src)[addressOf(r, s.src, { ...at, [s.axis]: i }, at)] ?? NaN;
        const rank = (x: number): number => (Number.isNaN(x) ? -Infinity : x);
        const order = Array.from({ length: n }, (_, i) => i).sort((a, b) =>
          Number(Number.isNaN(value(a))) - Number(Number.isNaN(value(b))) || (rank(value(b)) > rank(value(a)) ? 1 : rank(value(b)) < rank(value(a)) ? -1 : a - b));
        const count = lengthOf(r, s.as, at);
        const chosen = order.slice(0, count).sort((a, b) => a - b);
        for (let i = 0; i < count; i++) memory(s.dst)[addressOf(r, s.dst, { ...at, [s.as]: i }, at)] = chosen[i] ?? -1;
        break;
      }
      case 'acquire': case 'commit': case 'wait': case 'release': case 'mmaWait': case 'barrier': break;
      case 'roles': throw new Error('roles run on no CPU');
      default: s satisfies never;
    }
  }
}
