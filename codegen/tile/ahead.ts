import { dtypeBytes } from '../../dsl/dtype.js';
import type { Load, Loop, Pipe, TileKernel, TileStmt } from './ir.js';
import { extended, sidesOf } from './sides.js';
import { mapBlocks, statements, withBody, writes } from './walk.js';

/**
 * Element-wise walks ask for the rows of the next window before they compute with this one's, so that memory answers meanwhile:
 *   for k { load w; map t <- w · x }   →   prime; for k { advance; map t <- w · x }
 * What is under way stands in registers as memory has it, which takes less room there than the tiles. One window: more of them
 * would take the place of other blocks, whose loads are under way as well. Preconditions: frames are chosen, and `loadsFirst`.
 */
export function loadAhead(k: TileKernel): TileKernel {
  if (k.frame?.kind !== 'spread' || k.schedule.stages < 2) return k;
  const pipes: Pipe[] = [];
  const all = statements(k.body);
  const body = mapBlocks(k.body, (block) => block.flatMap((s): readonly TileStmt[] => {
    const pipe = s.kind === 'loop' ? pipeOf(s, k, all, pipes.length) : undefined;
    if (s.kind !== 'loop' || pipe === undefined) return [s];
    pipes.push(pipe);
    const { span } = s;
    const taken = new Set(pipe.loads);
    return [{ kind: 'prime', pipe, span }, withBody(s, [{ kind: 'advance', pipe, span }, ...s.body.filter((x) => x.kind !== 'load' || !taken.has(x))])];
  }));
  return pipes.length === 0 ? k : { ...k, body, pipes: [...k.pipes, ...pipes] };
}

/** The loads that a walk over a whole axis begins with and whose tiles are theirs alone; undefined where there are none. */
function pipeOf(loop: Loop, k: TileKernel, all: readonly TileStmt[], index: number): Pipe | undefined {
  const isWhole = loop.from.kind === 'lit' && loop.from.value === 0 && loop.to.kind === 'size' && loop.to.axis === loop.axis && loop.once !== true;
  if (!isWhole) return undefined;
  const until = loop.body.findIndex((s) => s.kind !== 'load');
  const first = loop.body.slice(0, until < 0 ? loop.body.length : until).filter((s): s is Load => s.kind === 'load');
  const loads = first.filter((l) => isInRows(l, loop, k) && all.filter((s) => writes(s).includes(l.dst)).length === 1);
  return loads.length === 0 ? undefined : { name: `${loop.axis}Ahead${index === 0 ? '' : index + 1}`, axis: loop.axis, step: loop.step, stages: 1, held: 'registers', loads, from: loop.from, to: loop.to, args: loop.args };
}

/** Whether lanes read a tile, or a line of it, in vectors along the walk as memory has them: columns lie side by side, and nothing is rounded on the way. */
function isInRows({ dst, src }: Load, { axis, step }: Loop, { frame }: TileKernel): boolean {
  if (!frame || (dst.layout !== 'tile' && dst.layout !== 'columns') || (src.at[axis] ?? 0) > 0) return false;
  const columns = dst.layout === 'columns' ? extended(dst) : sidesOf(dst, frame).columns;
  const [column, second] = columns;
  return column?.axis === axis && second === undefined && src.order.at(-1) === axis && step % frame.vector === 0 && (dst.dtype === src.dtype || dst.dtype === 'f32') && dtypeBytes[src.dtype] >= 2;
}
