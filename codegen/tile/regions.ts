import type { Axis } from '../../dsl/expr.js';
import { arg, binary, lit, mapScalar, pos, scalarChildren, select, size, unary, type Scalar } from '../../dsl/scalar.js';
import { scalarKey } from '../graph/keys.js';
import { affineOf, atLeast0, ceilTo, extreme, floorTo, larger, negated, plus, scaled, smaller, sum, windowRange, type Affine, type Range } from './affine.js';
import { groupRows } from './boxes.js';
import { compacted, compactedBounds } from './compacted.js';
import type { Loop, Tile, TileKernel, TileMap, TileStmt } from './ir.js';
import { newNumber } from './newNumber.js';
import { keepsStates, leavesStates, statesOf } from './unchanged.js';
import { mapBlocks, statements, withBody } from './walk.js';

/**
 * Splits loops by what interval analysis knows of the masks inside, for conditions affine in positions, sizes and scalar
 * parameters: windows where a mask hides everything are not visited, where it hides nothing its code is gone, and only
 * the rest decides per element:
 *   for k { s = k ≤ q ? x : −∞ … }   →   for k in 0 .. kRest full { s = x … }; for k in kRest .. kEnd { s = k ≤ q ? x : −∞ … }
 * Skipping needs proof that a hidden window changes no state.
 */
export function splitRegions(k: TileKernel, how: RegionStyle = 'loops'): TileKernel {
  const tiles = [...k.tiles];
  const body = split(k.body, { open: new Map(k.grid.map((g) => [g.axis, g.block])), named: (wanted) => newNumber(wanted, tiles, k), how, grouped: groupedAxis(k) });
  return body === k.body ? k : { ...k, body, tiles };
}

/** `loops`: a loop for each region. `branches`: one loop that asks which region it is in, which keeps a pipe and its registers one. */
export type RegionStyle = 'loops' | 'branches';

/** The axis of which each warpgroup of a block has rows of its own, and how many warpgroups have, where there are several; `isPacked`: whether an axis lies packed in memory. */
interface Grouped { readonly axis: Axis; readonly groups: number; readonly isPacked: (axis: Axis) => boolean }

function groupedAxis({ grid, sizes, schedule: { roles } }: TileKernel): Grouped | undefined {
  if (roles === 'uniform' || roles.by !== 'warpgroups' || roles.consumers === 1) return undefined;
  const [only, more] = grid.filter((g) => g.block === roles.consumers * groupRows);
  return more || !only ? undefined : { axis: only.axis, groups: roles.consumers, isPacked: (axis) => sizes[axis]?.kind === 'ragged' };
}

/** `open`: block size of every axis that has an origin here. */
interface Around { readonly open: ReadonlyMap<Axis, number>; readonly named: Place['newNumber']; readonly how: RegionStyle; readonly grouped: Grouped | undefined }

function split(body: readonly TileStmt[], around: Around): readonly TileStmt[] {
  const made = body.map((s): readonly TileStmt[] => {
    if (s.kind === 'when') return [{ ...s, body: split(s.body, around), otherwise: split(s.otherwise, around) }];
    if (s.kind !== 'loop') return [s];
    const inside = new Map([...around.open, [s.axis, s.step]]);
    const inner = withBody(s, split(s.body, { ...around, open: inside }));
    const place: Place = { origin: (axis) => inside.get(axis), newNumber: around.named, grouped: around.grouped };
    return (around.how === 'branches' ? branchesOf(inner, place) : undefined) ?? regionsOf(inner, place);
  });
  return made.every((m, i) => m.length === 1 && m[0] === body[i]) ? body : made.flat();
}

interface Place {
  /** Block size of an axis that has an origin here, undefined for one that stands whole. */
  readonly origin: (axis: Axis) => number | undefined;
  /** A tile for one whole number. */
  readonly newNumber: (name: string) => Tile;
  readonly grouped?: Grouped | undefined;
}

/** Origins of the loop's windows in [from, to). */
interface Interval { readonly from: Scalar; readonly to: Scalar }
/** `some`: outside it the condition holds nowhere in a window; `all`: inside it, everywhere. Both up to what is known; `all` may be nothing. */
interface Regions { readonly some: Interval; readonly all: Interval | undefined }

/** A mask of the loop: where it is not `visible` no state changes if it `hides`, and nothing is to be done if it `skips`. */
interface Mask { readonly cond: Scalar; readonly key: string; readonly visible: boolean; readonly regions: Regions; readonly hides: boolean; readonly skips: boolean }

function regionsOf(loop: Loop, place: Place): readonly TileStmt[] {
  const args: Tile[] = [...loop.args];
  const masks = masksOf(loop, place, args);
  if (masks.length === 0) return [loop];
  const { before, named } = naming(loop, place, args);
  const some = masks.filter((m) => m.skips).map((m) => m.regions.some).reduce(intersect, { from: loop.from, to: loop.to });
  const from = named(`${loop.axis}First`, some.from);
  const to = named(`${loop.axis}End`, some.to);
  const part = (a: Scalar, b: Scalar, full: boolean): Loop => {
    const bounds = compactedBounds(a, b, args);
    return { ...loop, ...bounds, full, body: full ? unmasked(loop.body, masks) : loop.body };
  };
  const alls = masks.flatMap((m) => (m.regions.all ? [m.regions.all] : []));
  if (alls.length < masks.length) return [...before, part(from, to, false)];
  // Whole windows only, so that a full loop has constant extents.
  const whole = alls.reduce(intersect, { from: lit(0), to: floorTo(size(loop.axis), loop.step) });
  const full = isZero(whole.from) ? from : named(`${loop.axis}Full`, larger(from, smaller(whole.from, to)));
  const rest = named(`${loop.axis}Rest`, larger(full, smaller(whole.to, to)));
  const head = isZero(whole.from) ? [] : [part(from, full, false)];
  return [...before, ...head, part(full, rest, true), part(rest, to, false)];
}

/** Gives values names in front of a loop, each computed once; a literal or a length is its own name. */
function naming(loop: Loop, place: Place, args: Tile[]): { readonly before: readonly TileStmt[]; readonly named: (name: string, value: Scalar) => Scalar } {
  const before: TileStmt[] = [];
  const named = (name: string, value: Scalar): Scalar => {
    if (value.kind === 'lit' || value.kind === 'size' || value.kind === 'arg') return value;
    const dst = place.newNumber(name);
    before.push({ kind: 'map', dst, ...compacted(value, args), span: loop.span });
    args.push(dst);
    return arg(args.length - 1, loop.span);
  };
  return { before, named };
}

/**
 * One loop over the windows that matter, in which only the masks ask where they are, and what lies beyond the axis is
 * masked like everything else. Undefined where no mask hides what lies beyond without changing a state, and none can be added.
 */
function branchesOf(loop: Loop, place: Place): readonly TileStmt[] | undefined {
  if (loop.full || statesOf(loop.body).length === 0) return undefined;
  const args: Tile[] = [...loop.args];
  const masks = masksOf(loop, place, args);
  const guard = masks.find((m) => m.hides);
  const added = guard ? undefined : hidable(loop);
  if (!guard && !added) return undefined;
  const { before, named } = naming(loop, place, args);
  const some = masks.filter((m) => m.skips).map((m) => m.regions.some).reduce(intersect, { from: loop.from, to: loop.to });
  const from = named(`${loop.axis}First`, some.from);
  const to = named(`${loop.axis}End`, some.to);
  const known = masks.filter((m) => m.regions.all);
  const whole = known.flatMap((m) => (m.regions.all ? [m.regions.all] : [])).reduce(intersect, { from: lit(0), to: floorTo(size(loop.axis), loop.step) });
  const own = ownOf(loop, place, args);
  const rest = named(`${loop.axis}Rest`, own?.whole ?? whole.to);
  const isBelow = binary('lt', pos(loop.axis), rest);
  const cond = isZero(whole.from) ? isBelow : binary('and', binary('le', named(`${loop.axis}Full`, whole.from), pos(loop.axis)), isBelow);
  const inAxis = binary('lt', pos(loop.axis), size(loop.axis));
  const body = mapBlocks(loop.body, (block) => block.map((s): TileStmt => {
    if (s.kind !== 'map') return s;
    const open = known.reduce((f, m) => assumed(f, s, m.key, m.visible), s.fn);
    const closed = guard ? guarded(s.fn, s, guard, inAxis) : s === added?.map ? select(inAxis, s.fn, lit(added.value), s.span) : s.fn;
    if (closed === s.fn && open === s.fn) return s;
    const test = compacted(cond, args);
    return { kind: 'when', cond: test.fn, args: test.args, body: [{ ...s, ...compacted(open, s.args) }], otherwise: [{ ...s, fn: closed }], span: s.span };
  }));
  // Windows are counted from 0, so that what the own rows leave out begins where a window does.
  const end = own?.to && isZero(from) ? named(`${loop.axis}OwnEnd`, own.to) : undefined;
  return [...(own ? [own.rows] : []), ...before, { ...loop, ...compactedBounds(from, to, args, end), padded: true, body }];
}

/** The rows of a warpgroup by themselves, where masks ask for rows: how far no mask hides anything of them, and where all masks hide everything; how many rows come before them is told in front. */
interface OwnRows { readonly rows: TileStmt; readonly whole: Scalar; readonly to: Scalar | undefined }

function ownOf(loop: Loop, place: Place, args: Tile[]): OwnRows | undefined {
  if (!place.grouped) return undefined;
  const { axis: grouped, groups, isPacked } = place.grouped;
  const masks = masksOf(loop, { ...place, origin: (axis) => (axis === grouped ? groupRows : place.origin(axis)) }, args);
  if (!masks.some((m) => [m.regions.some, ...(m.regions.all ? [m.regions.all] : [])].some((i) => readsPos(i.to, grouped)))) return undefined;
  const dst = place.newNumber(`${grouped}Own`);
  const before = arg(args.push(dst) - 1, loop.span);
  const moved = (s: Scalar): Scalar => (s.kind === 'pos' && s.axis === grouped ? binary('add', s, before) : mapScalar(s, moved));
  const whole = masks.flatMap((m) => (m.regions.all ? [m.regions.all] : [])).reduce(intersect, { from: lit(0), to: floorTo(size(loop.axis), loop.step) });
  // What a packed axis' last window holds beyond it all warps clear together: none may leave it out.
  const some = masks.filter((m) => m.skips).map((m) => m.regions.some.to);
  return { rows: { kind: 'own', dst, axis: grouped, rows: groupRows, groups, span: loop.span }, whole: moved(whole.to), to: some.some((s) => readsPos(s, grouped)) && !isPacked(loop.axis) ? some.map(moved).reduce(smaller, loop.to) : undefined };
}

/** A mask's code with positions beyond the axis hidden as well. */
function guarded(fn: Scalar, s: TileMap, m: Mask, inAxis: Scalar): Scalar {
  const go = (x: Scalar): Scalar => {
    if (x.kind !== 'select' || maskKey(x.cond, s) !== m.key) return mapScalar(x, go);
    const cond = m.visible ? binary('and', inAxis, x.cond) : binary('or', unary('not', inAxis), x.cond);
    return { ...x, cond, a: go(x.a), b: go(x.b) };
  };
  return go(fn);
}

/** An element-wise value that, were it this number everywhere in a window, would keep the window from changing any state. */
function hidable(loop: Loop): { readonly map: TileMap; readonly value: number } | undefined {
  for (const map of loop.body) {
    if (map.kind !== 'map' || map.dst.dtype === 'i32' || !map.dst.shape.some((a) => a.axis === loop.axis && a.size > 1)) continue;
    const value = [-Infinity, 0].find((v) => keepsStates(loop.body, (m) => (m === map ? lit(v) : m.fn)));
    if (value !== undefined) return { map, value };
  }
  return undefined;
}

const isZero = (s: Scalar): boolean => s.kind === 'lit' && s.value === 0;

const intersect = (a: Interval, b: Interval): Interval => ({ from: isZero(a.from) ? b.from : isZero(b.from) ? a.from : larger(a.from, b.from), to: smaller(a.to, b.to) });

/** The conditions of selects inside the loop that depend on its axis, and what is known of them. */
function masksOf(loop: Loop, place: Place, tiles: Tile[]): readonly Mask[] {
  const found = new Map<string, Mask>();
  const carries = statesOf(loop.body).length > 0;
  for (const s of statements(loop.body)) {
    if (s.kind !== 'map') continue;
    for (const cond of conditions(s.fn)) {
      const key = maskKey(cond, s);
      if (found.has(key) || !readsPos(cond, loop.axis)) continue;
      for (const visible of [true, false]) {
        const local = renumbered(cond, s, tiles);
        const regions = local && regionsWhere(local, visible, loop, place);
        if (!regions) continue;
        const hidden = (m: TileMap): Scalar => assumed(m.fn, m, key, !visible);
        const hides = carries && keepsStates(loop.body, hidden);
        if (hides || (regions.all && visible && !found.has(key))) found.set(key, { cond, key, visible, regions, hides, skips: leavesStates(loop.body, hidden) });
        if (hides) break;
      }
    }
  }
  return [...found.values()];
}

const conditions = (s: Scalar): readonly Scalar[] => [...(s.kind === 'select' ? [s.cond] : []), ...scalarChildren(s).flatMap(conditions)];
const readsPos = (s: Scalar, axis: Axis): boolean => (s.kind === 'pos' ? s.axis === axis : scalarChildren(s).some((c) => readsPos(c, axis)));

/** A condition's identity in the loop: its code with operands by tile. */
function maskKey(cond: Scalar, s: TileMap): string {
  const named = (x: Scalar): string => (x.kind === 'arg' ? `${x.index}=${s.args[x.index]?.name ?? ''}` : scalarChildren(x).map(named).join());
  return `${scalarKey(cond)} ${named(cond)}`;
}

/** `cond` with its operands numbered in `tiles`; undefined when it reads anything but whole numbers that hold for the whole block. */
function renumbered(cond: Scalar, s: TileMap, tiles: Tile[]): Scalar | undefined {
  let fits = true;
  const go = (x: Scalar): Scalar => {
    if (x.kind !== 'arg') return mapScalar(x, go);
    const tile = s.args[x.index];
    if (!tile || tile.shape.length > 0 || tile.dtype !== 'i32') {
      fits = false;
      return x;
    }
    if (!tiles.includes(tile)) tiles.push(tile);
    return arg(tiles.indexOf(tile), x.span);
  };
  const made = go(cond);
  return fits ? made : undefined;
}

/** The code of a map when the mask has this value. */
function assumed(fn: Scalar, s: TileMap, key: string, value: boolean): Scalar {
  const go = (x: Scalar): Scalar => (x.kind === 'select' && maskKey(x.cond, s) === key ? go(value ? x.a : x.b) : mapScalar(x, go));
  return go(fn);
}

function unmasked(body: readonly TileStmt[], masks: readonly Mask[]): readonly TileStmt[] {
  return mapBlocks(body, (block) => block.map((s) => {
    if (s.kind !== 'map') return s;
    const fn = masks.reduce((f, m) => assumed(f, s, m.key, m.visible), s.fn);
    return fn === s.fn ? s : { ...s, ...compacted(fn, s.args) };
  }));
}

/** Where `cond` (or its negation, when `holds` is false) holds; undefined when nothing is known. */
function regionsWhere(cond: Scalar, holds: boolean, loop: Loop, place: Place): Regions | undefined {
  const everywhere: Interval = { from: loop.from, to: loop.to };
  switch (cond.kind) {
    case 'unary': return cond.op === 'not' ? regionsWhere(cond.a, !holds, loop, place) : undefined;
    case 'select': return isTruth(cond.a) && isTruth(cond.b) && cond.a.value !== cond.b.value ? regionsWhere(cond.cond, (cond.a.value !== 0) === holds, loop, place) : undefined;
    case 'binary': {
      if (cond.op === 'lt' || cond.op === 'le') return compared(cond.a, cond.b, cond.op === 'lt', holds, loop, place);
      if (cond.op !== 'and' && cond.op !== 'or') return undefined;
      const a = regionsWhere(cond.a, holds, loop, place);
      const b = regionsWhere(cond.b, holds, loop, place);
      if (!a && !b) return undefined;
      // De Morgan: where the negation of `or` is wanted, it is an `and`.
      if ((cond.op === 'and') === holds) return { some: intersect(a?.some ?? everywhere, b?.some ?? everywhere), all: a?.all && b?.all ? intersect(a.all, b.all) : undefined };
      const hull = a && b && isZero(a.some.from) && isZero(b.some.from) ? { from: lit(0), to: larger(a.some.to, b.some.to) } : everywhere;
      const union = a?.all && b?.all && isZero(a.all.from) && isZero(b.all.from) ? { from: lit(0), to: larger(a.all.to, b.all.to) } : (a?.all ?? b?.all);
      return { some: { from: hull.from, to: smaller(hull.to, loop.to) }, all: union };
    }
    case 'lit': case 'arg': case 'pos': case 'size': return undefined;
    default: return cond satisfies never;
  }
}

const isTruth = (s: Scalar): s is Scalar & { readonly kind: 'lit' } => s.kind === 'lit' && (s.value === 0 || s.value === 1);

/** Windows of a ≤ b (or a < b), or of the opposite: ± position + rest ≥ 0 with the rest between its extremes over the other axes' windows. */
function compared(a: Scalar, b: Scalar, strict: boolean, holds: boolean, loop: Loop, place: Place): Regions | undefined {
  const key = (s: Scalar): string | undefined => (s.kind === 'pos' || s.kind === 'size' || s.kind === 'arg' ? scalarKey(s) : undefined);
  const [left, right] = [affineOf(a, key), affineOf(b, key)];
  if (!left || !right) return undefined;
  // a ≤ b: b − a ≥ 0; not (a ≤ b): a − b − 1 ≥ 0.
  const difference = holds ? sum(right, scaled(left, -1)) : sum(left, scaled(right, -1));
  const gap: Affine = strict === holds ? { ...difference, constant: difference.constant - 1 } : difference;
  const own = `@${loop.axis}`;
  const sign = gap.terms.get(own)?.coefficient;
  if (sign !== 1 && sign !== -1) return undefined;
  const rest: Affine = { ...gap, terms: new Map([...gap.terms].filter(([k]) => k !== own)) };
  const range = (axis: Axis): Range => windowRange(axis, place.origin(axis));
  const low = extreme(rest, true, range);
  const high = extreme(rest, false, range);
  const { step } = loop;
  return sign === -1
    ? { some: { from: lit(0), to: smaller(loop.to, plus(high, 1)) }, all: { from: lit(0), to: floorTo(atLeast0(plus(low, 1)), step) } }
    : { some: { from: floorTo(atLeast0(negated(high)), step), to: loop.to }, all: { from: ceilTo(atLeast0(negated(low)), step), to: loop.to } };
}
