import { dtypeBytes } from '../../dsl/dtype.js';
import type { Axis, Cast, Dot, Gather, Input, MapExpr, Reduce, TensorExpr } from '../../dsl/expr.js';
import { arg, binary, unary, type Scalar } from '../../dsl/scalar.js';
import { composed } from '../graph/fusion.js';
import type { Param, Tile, TileStmt } from './ir.js';
import { lowerFold } from './lowerFold.js';
import { dotRoles } from './order.js';
import { homeOf, innermost, newTile, type Context, type Scope, type Stack } from './scopes.js';

/** The tile that holds `e` over the windows open in `stack`; written once, in the outermost scope where it is constant. */
export function tileOf(e: TensorExpr, stack: Stack, ctx: Context): Tile {
  if (e.kind === 'carry') return carryTile(e.name, ctx);
  const home = homeOf(ctx.free.expr(e), stack, ctx);
  const scope = innermost(home);
  const done = scope.memo.get(e);
  if (done) return done;
  const tile = compute(e, home, ctx);
  scope.memo.set(e, tile);
  return tile;
}

function carryTile(name: string, ctx: Context): Tile {
  const bound = ctx.carries.get(name);
  if (!bound) throw new Error(`carry '${name}' is read outside its fold`);
  return bound.tile;
}

function compute(e: Exclude<TensorExpr, { kind: 'carry' }>, stack: Stack, ctx: Context): Tile {
  switch (e.kind) {
    case 'input': return loaded(e, ctx.orderOf(e), stack, ctx);
    case 'map': return mapped(e, stack, ctx);
    case 'reduce': return reduced(e, stack, ctx);
    case 'dot': return multiplied(e, stack, ctx);
    case 'gather': return gathered(e, stack, ctx);
    case 'cast': return converted(e, stack, ctx);
    case 'fold': return lowerFold(e, stack, ctx, tileOf);
    case 'topk': case 'reaxis': throw new Error(`${e.kind} reached lowering; partition removes it`);
    default: return e satisfies never;
  }
}

/** What a value is called in the program: the author's binding where there is one. */
function nameOf(e: TensorExpr): string {
  if (e.span.binding !== undefined) return e.span.binding;
  switch (e.kind) {
    case 'input': case 'carry': return e.name;
    case 'map': case 'cast': return 'value';
    case 'reduce': return `${e.axis}${e.op === 'sum' ? 'Sum' : e.op === 'max' ? 'Max' : 'Min'}`;
    case 'dot': return 'product';
    case 'gather': return 'picked';
    case 'topk': case 'reaxis': case 'fold': return e.kind;
    default: return e satisfies never;
  }
}

function put(s: TileStmt, scope: Scope): void {
  scope.stmts.push(s);
}

function paramOf(e: Input, ctx: Context): Param {
  const p = ctx.params.get(e.name);
  if (!p) throw new Error(`input '${e.name}' is no parameter of ${ctx.launch.symbol}`);
  return { ...p, order: e.axes };
}

/** `e` in a given axis order; one load for each order that is asked for. */
function loaded(e: Input, order: readonly Axis[], stack: Stack, ctx: Context): Tile {
  const scope = innermost(homeOf(ctx.free.expr(e), stack, ctx));
  const key = `${e.name}:${e.dtype}[${e.axes.join()}]:${order.filter((a) => ctx.windows.has(a)).join()}`;
  const done = scope.loads.get(key);
  if (done) return done;
  const dst = newTile(`${e.name}${e.axes.length === 0 ? 'Value' : 'Tile'}`, e.dtype, order, ctx);
  put({ kind: 'load', dst, src: paramOf(e, ctx), span: e.span }, scope);
  scope.loads.set(key, dst);
  return dst;
}

function mapped(e: MapExpr, stack: Stack, ctx: Context, dtype: Tile['dtype'] = e.dtype, name = nameOf(e), wrap: (fn: Scalar) => Scalar = (fn) => fn): Tile {
  const { fn, args } = composed(e, ctx.inlined);
  const tiles = args.map((a) => tileOf(a, stack, ctx));
  const dst = newTile(name, dtype, ctx.orderOf(e), ctx);
  put({ kind: 'map', dst, fn: wrap(fn), args: tiles, span: e.span }, innermost(stack));
  return dst;
}

function reduced(e: Reduce, stack: Stack, ctx: Context): Tile {
  const src = tileOf(e.arg, stack, ctx);
  const dst = newTile(nameOf(e), e.dtype, ctx.orderOf(e), ctx);
  put({ kind: 'reduce', dst, op: e.op, axis: e.axis, src, accumulate: false, span: e.span }, innermost(stack));
  return dst;
}

/** A product of tiles; element-wise and then a sum where no operand has an axis of its own. */
function multiplied(e: Dot, stack: Stack, ctx: Context): Tile {
  const roles = dotRoles(e, ctx.windows, ctx.orderOf(e));
  const isVector = roles.rows.length === 0 || roles.cols.length === 0;
  if (ctx.operands === 'asStored' ? isVector : roles.rows.length === 0 && roles.cols.length === 0) return multipliedByElement(e, stack, ctx);
  const operand = (x: TensorExpr, order: readonly Axis[]): Tile => (x.kind === 'input' ? loaded(x, ctx.operands === 'asStored' ? x.axes : order, stack, ctx) : tileOf(x, stack, ctx));
  const lhs = operand(roles.lhs, roles.lhsOrder);
  const rhs = operand(roles.rhs, roles.rhsOrder);
  const dst = newTile(nameOf(e), e.dtype, ctx.orderOf(e), ctx);
  put({ kind: 'mma', dst, lhs, rhs, over: e.over, accumulate: false, span: e.span }, innermost(stack));
  return dst;
}

function multipliedByElement(e: Dot, stack: Stack, ctx: Context): Tile {
  const lhs = tileOf(e.lhs, stack, ctx);
  const rhs = tileOf(e.rhs, stack, ctx);
  const product = newTile(`${nameOf(e)}Terms`, 'f32', [...ctx.orderOf(e), e.over], ctx);
  const scope = innermost(stack);
  put({ kind: 'map', dst: product, fn: binary('mul', arg(0), arg(1), e.span), args: [lhs, rhs], span: e.span }, scope);
  const dst = newTile(nameOf(e), e.dtype, ctx.orderOf(e), ctx);
  put({ kind: 'reduce', dst, op: 'sum', axis: e.over, src: product, accumulate: false, span: e.span }, scope);
  return dst;
}

function gathered(e: Gather, stack: Stack, ctx: Context): Tile {
  const index = tileOf(e.index, stack, ctx);
  const src = e.from.kind === 'input' ? paramOf(e.from, ctx) : tileOf(e.from, stack, ctx);
  const dst = newTile(nameOf(e), e.dtype, ctx.orderOf(e), ctx);
  put({ kind: 'gather', dst, src, axis: e.axis, index, outside: e.outside, span: e.span }, innermost(stack));
  return dst;
}

/** Rounding is the tile's dtype: a cast is a copy into a tile of its own, or a map that writes there. Widening 16 bits is nothing at all. */
function converted(e: Cast, stack: Stack, ctx: Context): Tile {
  const from = e.arg;
  if (from.dtype === e.dtype || (from.dtype !== 'i32' && e.dtype === 'f32' && dtypeBytes[from.dtype] === 2)) return tileOf(from, stack, ctx);
  const wrap = (fn: Scalar): Scalar => (e.dtype === 'i32' ? unary('trunc', fn, e.span) : fn);
  if (from.kind === 'map' && ctx.inlined.has(from)) return mapped(from, stack, ctx, e.dtype, nameOf(e), wrap);
  const src = tileOf(from, stack, ctx);
  const dst = newTile(nameOf(e), e.dtype, ctx.orderOf(e), ctx);
  put({ kind: 'map', dst, fn: wrap(arg(0, e.span)), args: [src], span: e.span }, innermost(stack));
  return dst;
}
