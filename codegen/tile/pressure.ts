import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import { registersOf } from './frames.js';
import type { Frame, Mma, Tile, TileKernel, TileStmt } from './ir.js';
import { extended, extentOf } from './sides.js';
import { bodyOf, operandsOf, readsOf, statements, writes } from './walk.js';

/** Registers of a thread beside those of tiles: addresses, bounds, barriers, and what simple code works with. */
const beside = 24;
/** What long code works with where products run beside it, whose registers cannot make room. */
const within = 24;

/**
 * Registers that a computing thread of a block wants where it wants most: those of the tiles that are alive at a time, and
 * what code works with. An estimate, held against what ptxas took. Preconditions: frames are chosen, products settled.
 */
export function registersWanted(k: TileKernel): number {
  const { frame } = k;
  if (!frame) return beside;
  let most = 0;
  const isBeside = besideProducts(k.body);
  const products = statements(k.body).filter((s): s is Mma => s.kind === 'mma');
  // Rows that are loaded at a time have an address each, where nothing but loads is under way.
  const addresses = frame.kind === 'spread' ? 2 * Math.max(0, ...statements(k.body).map((s) => (s.kind === 'load' && s.dst.layout === 'tile' ? Math.ceil(extentOf(frame.rows) / frame.warps.rows) : 0))) : 0;
  aliveBefore(k.body, new Set(), {
    // Operands in registers are read until their product has ended.
    reads: (s) => (s.kind === 'settle' ? products.filter((p) => writes(p).some((t) => s.finished.includes(t))).flatMap(operandsOf) : readsOf(s)),
    at: (alive, run) => {
      const isLong = statements(run).some((s) => s.kind === 'map' && isBeside.has(s) && isLongCode(s.fn));
      most = Math.max(most, [...alive].reduce((n, t) => n + registersIn(t, frame), isLong ? within : 0));
    },
  });
  return most + addresses + beside;
}

function registersIn(t: Tile, frame: Frame): number {
  if (extended(t).length === 0 || t.layout === 'array' || t.layout === 'operand' || t.layout === 'panels') return 0;
  // Two numbers of 16 bits share one.
  return t.layout === 'packed' ? registersOf(t, frame) / 2 : registersOf(t, frame);
}

/** Whether code has what takes many instructions: quotients by what is not known when compiling, functions beyond powers of 2. */
const isLongCode = (s: Scalar): boolean =>
  (s.kind === 'unary' && ['sin', 'cos', 'tanh', 'log', 'log2'].includes(s.op)) || (s.kind === 'binary' && (s.op === 'pow' || ((s.op === 'div' || s.op === 'rem') && s.b.kind !== 'lit'))) || scalarChildren(s).some(isLongCode);

/** Statements that products run beside. */
function besideProducts(body: readonly TileStmt[], before = 0): ReadonlySet<TileStmt> {
  let running = before;
  return new Set(body.flatMap((s) => {
    if (s.kind === 'mma') running++;
    if (s.kind === 'settle') running = s.pending;
    return [...(running > 0 ? [s] : []), ...besideProducts(bodyOf(s), s.kind === 'loop' ? 0 : running)];
  }));
}

/** What statements read, and who is told which tiles are alive in front of and behind a run of them. */
interface Walk { readonly reads: (s: TileStmt) => readonly Tile[]; readonly at: (alive: ReadonlySet<Tile>, run: readonly TileStmt[]) => void }

/** Tiles alive in front of statements of which those in `behind` are alive at their end. */
function aliveBefore(body: readonly TileStmt[], behind: ReadonlySet<Tile>, w: Walk): ReadonlySet<Tile> {
  return runsOf(body).reduceRight((alive, run) => {
    const front = run.reduceRight((a, s) => before(s, a, w), alive);
    w.at(alive, run);
    w.at(front, run);
    return front;
  }, behind);
}

/** Whether elements pass through a statement one by one: compilers take an element through all that follow each other. */
const isElementwise = (s: TileStmt): boolean => s.kind === 'load' || s.kind === 'map' || s.kind === 'copy' || s.kind === 'fill' || (s.kind === 'when' && bodyOf(s).every(isElementwise));

function runsOf(body: readonly TileStmt[]): readonly (readonly TileStmt[])[] {
  const runs: TileStmt[][] = [];
  for (const [i, s] of body.entries()) {
    const before = body[i - 1];
    if (before && isElementwise(before) && isElementwise(s)) runs.at(-1)?.push(s);
    else runs.push([s]);
  }
  return runs;
}

function before(s: TileStmt, behind: ReadonlySet<Tile>, w: Walk): ReadonlySet<Tile> {
  if (s.kind === 'when') return new Set([...w.reads(s), ...aliveBefore(s.body, behind, w), ...aliveBefore(s.otherwise, behind, w)]);
  if (s.kind === 'loop') {
    // What a turn finds alive, the turn before leaves alive; and there may be no turn.
    const turn = aliveBefore(s.body, behind, w);
    return new Set([...w.reads(s), ...behind, ...(s.once === true ? turn : aliveBefore(s.body, new Set([...behind, ...turn]), w))]);
  }
  const adds = (s.kind === 'mma' || s.kind === 'reduce') && s.accumulate;
  return new Set([...[...behind].filter((t) => adds || !writes(s).includes(t)), ...w.reads(s)]);
}
