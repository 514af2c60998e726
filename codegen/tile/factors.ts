import { arg, binary, lit, mapScalar, scalarChildren, select, type Scalar } from '../../dsl/scalar.js';
import type { Loop, Tile, TileKernel, TileMap, TileReduce, TileStmt, When } from './ir.js';
import { mapBlocks, readsOf, statements, writes } from './walk.js';

/**
 * Puts off a factor that is the same for the whole block, where what follows can take it up for less: largest and smallest
 * elements once a row, differences in the multiply-add that makes them.
 *   map s <- s·c; reduce m <- max s; map p <- exp2(s − m)
 *   →  when c ≥ 0 { reduce m <- max s; map m <- m·c; map p <- exp2(s·c − m) } otherwise { as it was }
 * Where a mask decides, in windows that it leaves whole. Preconditions: regions are split, frames chosen, roles not given.
 */
export function deferFactors(k: TileKernel): TileKernel {
  const tiles = [...k.tiles];
  const body = mapBlocks(k.body, (block) => {
    const changed = block.flatMap((s): readonly TileStmt[] => (s.kind === 'loop' ? withDeferred(s, tiles) : [s]));
    return changed.length === block.length && changed.every((s, i) => s === block[i]) ? block : changed;
  });
  return body === k.body ? k : { ...k, body, tiles };
}

/** A scaled value: the map that scales, in its block or in the whole branch of a mask, and by what. */
interface Scaled { readonly at: number; readonly map: TileMap; readonly when: When | undefined; readonly factor: Scalar; readonly factors: readonly Tile[] }

function withDeferred(loop: Loop, tiles: Tile[]): readonly TileStmt[] {
  const scaled = loop.body.map((s, at) => scaledAt(s, at)).find((x) => x !== undefined);
  if (!scaled) return [loop];
  const { at, map, when } = scaled;
  const end = lastReader(loop.body, at, map.dst);
  const run = loop.body.slice(at + 1, end + 1);
  const reducesIt = (s: TileStmt): s is TileReduce => s.kind === 'reduce' && s.src === map.dst;
  // Worth it where something is found out about whole rows first; maps and those reductions are all that may see the value.
  if (end < 0 || !run.some(reducesIt) || !run.every((s) => !touches(s, map.dst) || s.kind === 'map' || (reducesIt(s) && (s.op === 'max' || s.op === 'min') && !s.accumulate))) return [loop];
  const isPositive: Tile = { name: freshName('isPositive', tiles), dtype: 'i32', shape: [], layout: 'array' };
  tiles.push(isPositive);
  const { span } = map;
  const decide: TileMap = { kind: 'map', dst: isPositive, fn: select(binary('le', lit(0, span), scaled.factor, span), lit(1, span), lit(0, span), span), args: scaled.factors, span };
  const cond = when ? binary('and', when.cond, arg(when.args.length, span), span) : arg(0, span);
  const branch: When = {
    kind: 'when', cond, args: [...(when?.args ?? []), isPositive], span,
    body: run.flatMap((s) => deferred(s, scaled)), otherwise: when ? [...when.otherwise, ...run] : [map, ...run],
  };
  return [decide, { ...loop, body: [...loop.body.slice(0, at), branch, ...loop.body.slice(end + 1)] }];
}

function scaledAt(s: TileStmt, at: number): Scaled | undefined {
  const when = s.kind === 'when' ? s : undefined;
  const [only, more] = when ? when.body : [s];
  if (!only || more || only.kind !== 'map' || only.dst.layout !== 'tile' || only.dst.dtype !== 'f32') return undefined;
  // The branch of a mask is one of maps alone that make the same tile.
  if (when && (when.otherwise.length === 0 || !when.otherwise.every((x) => x.kind === 'map'))) return undefined;
  const { fn, args, dst } = only;
  if (fn.kind !== 'binary' || fn.op !== 'mul') return undefined;
  const isOwn = (x: Scalar): boolean => x.kind === 'arg' && args[x.index] === dst;
  const factor = isOwn(fn.a) ? fn.b : isOwn(fn.b) ? fn.a : undefined;
  if (!factor || !isUniform(factor, args)) return undefined;
  // Numbered by itself: the value it scales is not among its operands.
  const factors = args.filter((t) => t !== dst);
  const own = (x: Scalar): Scalar => (x.kind === 'arg' ? { ...x, index: factors.findIndex((t) => t === args[x.index]) } : mapScalar(x, own));
  return { at, map: only, when, factor: own(factor), factors };
}

/** Whether code is the same number for the whole block, whatever the turn of a loop. */
const isUniform = (s: Scalar, args: readonly Tile[]): boolean =>
  s.kind === 'arg' ? args[s.index]?.shape.length === 0 && args[s.index]?.layout === 'array' : s.kind !== 'pos' && scalarChildren(s).every((c) => isUniform(c, args));

const touches = (s: TileStmt, t: Tile): boolean => statements([s]).some((x) => readsOf(x).includes(t) || writes(x).includes(t));

/** The last statement that reads the value made at `at`: one that writes another over it ends its life. */
function lastReader(body: readonly TileStmt[], at: number, t: Tile): number {
  let last = -1;
  for (const [i, s] of body.entries()) {
    if (i <= at) continue;
    if (readsOf(s).includes(t)) last = i;
    if (writes(s).includes(t)) return last;
    if ((s.kind === 'loop' || s.kind === 'when') && touches(s, t)) return -1;
  }
  return last;
}

/** A statement that reads the value before its factor. */
function deferred(s: TileStmt, { map, factor, factors }: Scaled): readonly TileStmt[] {
  if (s.kind === 'reduce' && s.src === map.dst) return [s, { kind: 'map', dst: s.dst, fn: binary('mul', arg(0, s.span), shifted(factor, 1), s.span), args: [s.dst, ...factors], span: s.span }];
  if (s.kind !== 'map' || !s.args.includes(map.dst)) return [s];
  const go = (x: Scalar): Scalar => (x.kind === 'arg' && s.args[x.index] === map.dst ? binary('mul', x, shifted(factor, s.args.length), x.span) : mapScalar(x, go));
  return [{ ...s, fn: go(s.fn), args: [...s.args, ...factors] }];
}

const shifted = (s: Scalar, by: number): Scalar => (s.kind === 'arg' ? { ...s, index: s.index + by } : mapScalar(s, (x) => shifted(x, by)));

function freshName(wanted: string, tiles: readonly Tile[]): string {
  const taken = (name: string): boolean => tiles.some((t) => t.name === name);
  let name = wanted;
  for (let i = 2; taken(name); i++) name = `${wanted}${i}`;
  return name;
}
