import { CompileError } from '../../dsl/diagnostic.js';
import type { Carry, Fold, FoldLoop, FoldState, TensorExpr } from '../../dsl/expr.js';
import { arg, binary, lit, pos, size, unary, type BinaryOp, type Scalar } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { floorTo, plus, smaller } from './affine.js';
import type { Loop, Tile, TileStmt } from './ir.js';
import { bindCarries, homeOf, innermost, into, memoryOf, newScope, newTile, type Context, type Stack } from './scopes.js';

type TileOf = (e: TensorExpr, stack: Stack, ctx: Context) => Tile;

/** Writes the fold's loop where it does not depend on loops around, once for all folds that share it, and yields the tile of its result. */
export function lowerFold(e: Fold, stack: Stack, ctx: Context, tileOf: TileOf): Tile {
  const home = homeOf(ctx.free.loop(e.loop), stack, ctx);
  const scope = innermost(home);
  const done = scope.loops.get(e.loop) ?? writeLoop(e, home, ctx, tileOf);
  scope.loops.set(e.loop, done);
  bindCarries(done, scope, ctx);
  return tileOf(e.result, stack, ctx);
}

/** fill states; loop { store what is kept; references' next; new = moved ⊕ block, from old values; then states ← new }. */
function writeLoop(e: Fold, home: Stack, ctx: Context, tileOf: TileOf): ReadonlyMap<string, Tile> {
  const { loop } = e;
  const outer = innermost(home);
  const carried = new Map<string, Tile>();
  const start = (carry: Carry, value: number): void => {
    const dst = newTile(carry.name, carry.dtype, ctx.orderOf(carry), ctx);
    outer.stmts.push({ kind: 'fill', dst, value, span: carry.span });
    carried.set(carry.name, dst);
  };
  for (const r of loop.references) start(r.carry, r.start);
  for (const s of loop.states) start(s.carry, s.init);

  const inner = newScope(loop.axis);
  const stack = into(home, inner);
  bindCarries(carried, inner, ctx);
  // Stored first: what follows may then take the place of the tile.
  for (const r of ctx.kept.get(loop) ?? []) inner.stmts.push({ kind: 'store', src: tileOf(r.value, stack, ctx), dst: memoryOf(r, ctx.launch), span: r.value.span });
  const next = loop.references.map((r) => [r.carry, tileOf(r.next, stack, ctx)] as const);
  const states = loop.states.map((s) => [s.carry, joined(s, stack, ctx, tileOf)] as const);
  for (const [carry, src] of [...states, ...next]) {
    const dst = carried.get(carry.name);
    if (dst && dst !== src) inner.stmts.push({ kind: 'copy', dst, src, span: carry.span });
  }
  outer.stmts.push(loopOver(loop, inner.stmts, e.span, ctx));
  return carried;
}

const joins: Readonly<Record<'sum' | 'max' | 'min', BinaryOp>> = { sum: 'add', max: 'max', min: 'min' };

/** The tile of `moved ⊕ block`. */
function joined(s: FoldState, stack: Stack, ctx: Context, tileOf: TileOf): Tile {
  if (s.monoid === 'topk') throw new CompileError('L108', `a fold whose state is a list of positions ('${s.carry.name}') cannot be launched yet; return it as a topk`, s.carry.span);
  const moved = tileOf(s.moved, stack, ctx);
  const block = tileOf(s.block, stack, ctx);
  const dst = newTile(`${s.carry.name}New`, s.carry.dtype, ctx.orderOf(s.carry), ctx);
  innermost(stack).stmts.push({ kind: 'map', dst, fn: binary(joins[s.monoid], arg(0), arg(1), s.block.span), args: [moved, block], span: s.block.span });
  return dst;
}

/** A loop over the whole axis, or this block's part of it, in the blocks that the schedule gives it. */
export function loopOver(loop: Pick<FoldLoop, 'axis'>, body: readonly TileStmt[], span: Span, ctx: Context): Loop {
  const step = ctx.windows.get(loop.axis);
  if (step === undefined) throw new Error(`the schedule gives no block for '${loop.axis}'`);
  const rule = ctx.launch.def.sizes[loop.axis];
  const full = rule?.kind === 'fixed' && rule.size % step === 0;
  const { from, to } = ctx.launch.split?.of === loop.axis ? partOf(ctx.launch.split, step, span) : { from: lit(0, span), to: size(loop.axis, span) };
  return { kind: 'loop', axis: loop.axis, from, to, args: [], step, full, padded: false, body, span };
}

/** Whole blocks of the axis, as many for each part as it takes; the last parts may be short or empty. */
function partOf(split: NonNullable<Context['launch']['split']>, step: number, span: Span): { readonly from: Scalar; readonly to: Scalar } {
  const blocks = floorTo(plus(size(split.of, span), step - 1), step);
  const length = binary('mul', unary('floor', binary('div', plus(binary('add', unary('floor', binary('div', blocks, lit(step, span))), size(split.axis, span)), -1), size(split.axis, span))), lit(step, span));
  const from = binary('mul', pos(split.axis, span), length);
  return { from, to: smaller(binary('add', from, length), size(split.of, span)) };
}
