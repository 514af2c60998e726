import { mapScalar } from '../../dsl/scalar.js';
import type { Load, Loop, Pipe, Tile, TileKernel, TileStmt } from './ir.js';
import { mapBlocks, statements, withBody, writes } from './walk.js';

/**
 * Lets the loads of products' operands inside a loop run ahead of the products:
 *   for k { load b; mma s += a·b }   →   prime; for k { advance; mma s += a·b }; drain
 * Loops over one axis that follow each other (the regions of a mask) share one pipe, so it never runs dry between them.
 * Precondition: layouts are known.
 */
export function stageLoads(k: TileKernel): TileKernel {
  const { stages } = k.schedule;
  if (stages < 2) return k;
  const pipes: Pipe[] = [];
  const all = statements(k.body);
  const body = mapBlocks(k.body, (block) => runs(block).flatMap((run): readonly TileStmt[] => {
    const pipe = pipeOf(run, all, stages, pipes.length);
    if (!pipe) return run;
    pipes.push(pipe);
    const [first] = run;
    const { span } = pipe.loads[0] ?? first ?? fail();
    const step = <K extends 'prime' | 'advance' | 'drain'>(kind: K): { readonly kind: K; readonly pipe: Pipe; readonly span: typeof span } => ({ kind, pipe, span });
    const taken = new Set(pipe.loads.map((l) => l.dst));
    const consumed = run.map((s): TileStmt => (s.kind === 'loop' ? withBody(s, [step('advance'), ...s.body.filter((x) => x.kind !== 'load' || !taken.has(x.dst))]) : s));
    return [step('prime'), ...consumed, step('drain')];
  }));
  return pipes.length === 0 ? k : { ...k, body, pipes };
}

function fail(): never {
  throw new Error('a run of loops is not empty');
}

/** A block cut into runs of loops over one axis, each where the one before it ends; any other statement is a run of its own. */
function runs(block: readonly TileStmt[]): readonly (readonly TileStmt[])[] {
  return block.reduce<readonly (readonly TileStmt[])[]>((done, s) => {
    const last = done.at(-1);
    const before = last?.at(-1);
    return last && before?.kind === 'loop' && s.kind === 'loop' && before.axis === s.axis && before.step === s.step ? [...done.slice(0, -1), [...last, s]] : [...done, [s]];
  }, []);
}

/** The pipe of a run of loops: the loads that all of them begin with and that nothing else writes; undefined where there are none. */
function pipeOf(run: readonly TileStmt[], all: readonly TileStmt[], stages: number, index: number): Pipe | undefined {
  const loops = run.filter((s): s is Loop => s.kind === 'loop');
  const [first, last] = [loops[0], loops.at(-1)];
  if (!first || !last || loops.length < run.length) return undefined;
  const loadsOf = (l: Loop): readonly Load[] => l.body.filter((s): s is Load => s.kind === 'load' && s.dst.layout === 'operand' && s.src.order.includes(l.axis));
  const isOnly = (t: Tile): boolean => all.filter((s) => writes(s).includes(t)).length === loops.length;
  const loads = loadsOf(first).filter((x) => isOnly(x.dst) && loops.every((l) => loadsOf(l).some((y) => y.dst === x.dst)));
  if (loads.length === 0) return undefined;
  const args = [...new Set([...first.args, ...last.args])];
  const numbered = (l: Loop, s: Loop['from']): Loop['from'] => renumbered(s, l.args, args);
  return { name: `${first.axis}Pipe${index === 0 ? '' : index + 1}`, axis: first.axis, step: first.step, stages, held: 'shared', loads, from: numbered(first, first.from), to: numbered(last, last.to), args };
}

function renumbered(s: Loop['from'], before: readonly Tile[], now: readonly Tile[]): Loop['from'] {
  const go = (x: Loop['from']): Loop['from'] => {
    const tile = x.kind === 'arg' ? before[x.index] : undefined;
    return x.kind === 'arg' && tile ? { ...x, index: now.indexOf(tile) } : mapScalar(x, go);
  };
  return go(s);
}
