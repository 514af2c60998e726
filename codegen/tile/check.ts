import type { Axis } from '../../dsl/expr.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Tile, TileKernel, TileStmt } from './ir.js';
import { bodyOf, isTile, paramsOf, productsOf, readsOf, writes } from './walk.js';

/**
 * Holds a tile program to the rules of the IR after `stage`: tiles and parameters are declared, shapes fit the verb,
 * windows are open, nothing is read before it is written. Throws an internal error that names the stage, the statement
 * and the author's line: a failure here is a bug of the compiler.
 */
export function checkTile(k: TileKernel, stage: string): void {
  const names = k.tiles.map((t) => t.name);
  const twice = [...names, ...k.params.map((p) => p.name)].find((n, i, all) => all.indexOf(n) !== i);
  if (twice !== undefined) throw new Error(`internal error after stage '${stage}': two tiles or parameters of ${k.name} are named '${twice}'`);
  checkBody(k.body, { k, stage, declared: new Set(k.tiles), open: new Map(k.grid.map((g) => [g.axis, g.block])), written: new Set() });
}

interface State {
  readonly k: TileKernel;
  readonly stage: string;
  readonly declared: ReadonlySet<Tile>;
  /** Size of the window of every axis on the grid or in a loop around. */
  readonly open: ReadonlyMap<Axis, number>;
  readonly written: Set<Tile>;
}

function checkBody(body: readonly TileStmt[], state: State): void {
  for (const s of body) {
    checkNames(s, state);
    const why = problem(s, state);
    if (why !== undefined) fail(s, state, why);
    if (s.kind === 'loop') {
      if (state.open.has(s.axis)) fail(s, state, `axis '${s.axis}' is already open`);
      // A loop may run zero times, so what only it writes counts as unwritten after it; where a first window is apart, the others are there only if it is.
      checkBody(s.body, { ...state, open: new Map([...state.open, [s.axis, s.step]]), written: s.once === true ? state.written : new Set(state.written) });
    } else {
      checkBody(bodyOf(s), state);
    }
    for (const t of writes(s)) state.written.add(t);
  }
}

function checkNames(s: TileStmt, state: State): void {
  for (const t of [...readsOf(s), ...writes(s)]) {
    if (!state.declared.has(t)) fail(s, state, `tile '${t.name}' is not declared`);
    const wrong = t.shape.find((a) => state.open.has(a.axis) && state.open.get(a.axis) !== a.size);
    if (wrong !== undefined) fail(s, state, `tile '${t.name}' holds ${wrong.size} of '${wrong.axis}', the window is ${state.open.get(wrong.axis)}`);
  }
  // What a release gives back may have come in a loop before it.
  if (s.kind !== 'release') for (const t of readsOf(s)) if (!state.written.has(t)) fail(s, state, `tile '${t.name}' is read before it is written`);
  for (const p of paramsOf(s)) if (!state.k.params.some((q) => q.name === p.name && q.role === p.role)) fail(s, state, `parameter '${p.name}' is not declared`);
}

/** What is wrong with a statement itself, or undefined. */
function problem(s: TileStmt, state: State): string | undefined {
  switch (s.kind) {
    case 'load': return missing(axesOf(s.dst), s.src.order, 'the parameter');
    case 'store': return missing(axesOf(s.src), s.dst.order, 'the parameter');
    case 'copy': return missing(axesOf(s.src), axesOf(s.dst), 'the destination') ?? missing(axesOf(s.dst), axesOf(s.src), 'the source');
    case 'fill': case 'unite': return undefined;
    case 'own': return s.dst.shape.length === 0 && s.dst.dtype === 'i32' ? undefined : 'a count of rows is not one whole number';
    case 'gather': return s.index.dtype === 'i32' ? missing([s.axis], isTile(s.src) ? axesOf(s.src) : s.src.order, 'the source') : 'the index is not i32';
    case 'map': return s.args.map((a) => missing(axesOf(a), axesOf(s.dst), 'the destination')).find((w) => w !== undefined) ?? scalarProblem(s.fn, s.args.length, s.dst, state);
    case 'reduce': return missing([s.axis], axesOf(s.src), 'the source') ?? missing(axesOf(s.dst), axesOf(s.src), 'the source') ?? missing(axesOf(s.src).filter((a) => a !== s.axis), axesOf(s.dst), 'the destination');
    case 'mma': return productsOf(s).map(({ dst, rhs }) => {
      const both = [...new Set([...axesOf(s.lhs), ...axesOf(rhs)])].filter((a) => a !== s.over);
      return missing([s.over], axesOf(s.lhs), 'the left operand') ?? missing([s.over], axesOf(rhs), 'the right operand') ?? missing(both, axesOf(dst), 'the destination') ?? missing(axesOf(dst), both, 'the operands');
    }).find((w) => w !== undefined);
    case 'topk': return missing([s.axis], s.src.order, 'the source') ?? missing([s.as], s.dst.order, 'the destination');
    case 'loop': return s.step > 0 ? (scalarProblem(s.from, s.args.length, undefined, state) ?? scalarProblem(s.to, s.args.length, undefined, state) ?? (s.args.every((t) => t.shape.length === 0 && t.dtype === 'i32') ? undefined : 'a bound is not one whole number')) : 'the step is not positive';
    case 'when': return scalarProblem(s.cond, s.args.length, undefined, state) ?? (s.args.every((t) => t.shape.length === 0 && t.dtype === 'i32') ? undefined : 'a condition is not of whole numbers');
    case 'prime': case 'advance': case 'drain': return state.k.pipes.includes(s.pipe) ? undefined : `pipe '${s.pipe.name}' is not declared`;
    case 'send': case 'receive': case 'release': return state.k.roles?.channels.includes(s.channel) === true ? undefined : `channel '${s.channel.name}' is not declared`;
    case 'clear': return missing([s.axis], axesOf(s.dst), 'the tile');
    case 'barrier': case 'settle': return undefined;
    default: return s satisfies never;
  }
}

const axesOf = (t: Tile): readonly Axis[] => t.shape.map((a) => a.axis);

function missing(needed: readonly Axis[], among: readonly Axis[], where: string): string | undefined {
  const gone = needed.find((a) => !among.includes(a));
  return gone === undefined ? undefined : `axis '${gone}' is not an axis of ${where} [${among.join(', ')}]`;
}

function scalarProblem(s: Scalar, operands: number, dst: Tile | undefined, state: State): string | undefined {
  if (s.kind === 'arg' && s.index >= operands) return `operand ${s.index} of ${operands} is read`;
  if (s.kind === 'pos' && !state.open.has(s.axis) && !dst?.shape.some((a) => a.axis === s.axis)) return `the position on '${s.axis}' is not known here`;
  if (s.kind === 'size' && !(s.axis in state.k.sizes)) return `the size of '${s.axis}' is not known here`;
  return scalarChildren(s).map((c) => scalarProblem(c, operands, dst, state)).find((w) => w !== undefined);
}

function fail(s: TileStmt, state: State, why: string): never {
  const { file, line, column, text } = s.span;
  throw new Error(`internal error after stage '${state.stage}': ${state.k.name}: ${s.kind}: ${why}\n  at ${file}:${line}:${column}  ${text}`);
}

