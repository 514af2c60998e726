import type { ParamDef, ResultDef } from '../../dsl/definition.js';
import type { Axis, FoldLoop, TensorExpr } from '../../dsl/expr.js';
import type { DType } from '../../dsl/dtype.js';
import type { Free } from '../graph/free.js';
import type { Launch } from '../graph/launch.js';
import type { Param, Tile, TileAxis, TileStmt } from './ir.js';

/** A block of statements being written: the launch's body, or a loop's. Values computed here are remembered here. */
export interface Scope {
  /** The axis this block walks; undefined for the launch's body. */
  readonly axis: Axis | undefined;
  readonly stmts: TileStmt[];
  readonly memo: Map<TensorExpr, Tile>;
  /** Loads by parameter and axis order. */
  readonly loads: Map<string, Tile>;
  /** Loops already written here, with the tiles that hold their last states. */
  readonly loops: Map<FoldLoop, ReadonlyMap<string, Tile>>;
}
/** Scopes from the launch's body to the innermost open loop. */
export type Stack = readonly [Scope, ...Scope[]];

/** What lowering one launch knows and collects. */
export interface Context {
  readonly launch: Launch;
  readonly free: Free;
  readonly inlined: ReadonlySet<TensorExpr>;
  /** Results that a loop stores window by window. */
  readonly kept: ReadonlyMap<FoldLoop, readonly ResultDef[]>;
  /** Size of the window of every axis that has one in tiles; an axis with a block of 1 on the grid has none. */
  readonly windows: ReadonlyMap<Axis, number>;
  /** Axis order of the tile of a node. */
  readonly orderOf: (e: TensorExpr) => readonly Axis[];
  /** Axis order of the loaded operands of products: rows, sum, columns; or as memory has them, for targets that read them either way. */
  readonly operands: 'asMultiplied' | 'asStored';
  readonly params: ReadonlyMap<string, Param>;
  readonly tiles: Tile[];
  /** Where a carry stands now: its tile, and the scope in which its value changes. */
  readonly carries: Map<string, { readonly tile: Tile; readonly scope: Scope }>;
}

export const newScope = (axis: Axis | undefined): Scope => ({ axis, stmts: [], memo: new Map(), loads: new Map(), loops: new Map() });

export const innermost = (stack: Stack): Scope => stack.at(-1) ?? stack[0];

export const into = (stack: Stack, scope: Scope): Stack => [...stack, scope];

/** The outermost scopes in which what `free` names is constant: a value computed there serves all loops inside. */
export function homeOf(free: ReadonlySet<string>, stack: Stack, ctx: Context): Stack {
  let depth = 0;
  stack.forEach((scope, i) => { if (scope.axis !== undefined && free.has(`axis ${scope.axis}`)) depth = i; });
  for (const [name, { scope }] of ctx.carries) {
    if (free.has(`carry ${name}`)) depth = Math.max(depth, stack.indexOf(scope));
  }
  const [first, ...rest] = stack;
  return [first, ...rest.slice(0, depth)];
}

/** Binds carries to the tiles that hold them, and forgets values that read carries of the same names before. */
export function bindCarries(tiles: ReadonlyMap<string, Tile>, scope: Scope, ctx: Context): void {
  const stale = [...tiles].filter(([name, tile]) => ctx.carries.get(name)?.tile !== tile || ctx.carries.get(name)?.scope !== scope).map(([name]) => `carry ${name}`);
  for (const e of [...scope.memo.keys()]) if (stale.some((name) => ctx.free.expr(e).has(name))) scope.memo.delete(e);
  for (const [name, tile] of tiles) ctx.carries.set(name, { tile, scope });
}

/** Axes in `order` that have a window, with its size. */
export function shapeOf(order: readonly Axis[], ctx: Context): readonly TileAxis[] {
  return order.flatMap((axis) => {
    const size = ctx.windows.get(axis);
    return size === undefined ? [] : [{ axis, size }];
  });
}

/** A new tile under a name no other tile and no parameter has. */
export function newTile(hint: string, dtype: DType, order: readonly Axis[], ctx: Context): Tile {
  const plain = hint.replace(/\W/g, '_');
  const base = ctx.params.has(plain) ? `${plain}Tile` : plain;
  const taken = (name: string): boolean => ctx.tiles.some((t) => t.name === name) || ctx.params.has(name);
  let name = base;
  for (let i = 2; taken(name); i++) name = `${base}${i}`;
  const tile: Tile = { name, dtype, shape: shapeOf(order, ctx), layout: 'array' };
  ctx.tiles.push(tile);
  return tile;
}

/** A parameter or result as a launch sees it. */
export function memoryOf(p: ParamDef | ResultDef, launch: Launch): Param {
  return { name: p.name, dtype: p.dtype, order: p.order, at: {}, role: launch.scratch.has(p.name) ? 'scratch' : launch.results.has(p.name) ? 'result' : 'param' };
}
