import { dtypeBytes } from '../../dsl/dtype.js';
import type { Load, Loop, Pipe, TileKernel, TileStmt } from './ir.js';
import { extended, sidesOf } from './sides.js';
import { mapBlocks, statements, withBody, writes } from './walk.js';

/**
 * Element-wise walks ask for the rows of windows to come before they compute with this one's, so that memory answers meanwhile:
 *   for k { load w; map t <- w · x }   →   prime; for k { advance; map t <- w · x }
 * What is under way stands in registers as memory has it, which takes less room there than the tiles: one window, since more of
 * them would take the place of other blocks, whose loads are under way as well. From three stages on, the rows of a matrix, every
 * number of which is one lane's, come by copies to a part of shared memory that is that lane's: stages as many as the schedule
 * says, no registers, and no barrier, since a lane waits for its own copies alone. Preconditions: frames are chosen, and `loadsFirst`.
 */
export function loadAhead(k: TileKernel): TileKernel {
  if (k.frame?.kind !== 'spread' || k.schedule.stages < 2) return k;
  const pipes: Pipe[] = [];
  const all = statements(k.body);
  const body = mapBlocks(k.body, (block) => block.flatMap((s): readonly TileStmt[] => {
    const own = s.kind === 'loop' ? pipesOf(s, k, all, pipes.length) : [];
    if (s.kind !== 'loop' || own.length === 0) return [s];
    pipes.push(...own);
    const { span } = s;
    const taken = new Set(own.flatMap((p) => p.loads));
    const steps = <K extends 'prime' | 'advance'>(kind: K) => own.map((pipe) => ({ kind, pipe, span }));
    return [...steps('prime'), withBody(s, [...steps('advance'), ...s.body.filter((x) => x.kind !== 'load' || !taken.has(x))])];
  }));
  return pipes.length === 0 ? k : { ...k, body, pipes: [...k.pipes, ...pipes] };
}

/** The loads that a walk over a whole axis begins with and whose tiles are theirs alone: those of lanes and those of registers, as far as there are any. */
function pipesOf(loop: Loop, k: TileKernel, all: readonly TileStmt[], index: number): readonly Pipe[] {
  const isWhole = loop.from.kind === 'lit' && loop.from.value === 0 && loop.to.kind === 'size' && loop.to.axis === loop.axis && loop.once !== true;
  if (!isWhole) return [];
  const until = loop.body.findIndex((s) => s.kind !== 'load');
  const first = loop.body.slice(0, until < 0 ? loop.body.length : until).filter((s): s is Load => s.kind === 'load');
  const loads = first.filter((l) => isInRows(l, loop, k) && all.filter((s) => writes(s).includes(l.dst)).length === 1);
  const { stages } = k.schedule;
  const isOfLanes = (l: Load): boolean => stages > 2 && l.dst.layout === 'tile' && (k.frame?.vector ?? 1) * dtypeBytes[l.src.dtype] === pieceBytes;
  const { axis, step, from, to, args } = loop;
  const numbered = (name: string): string => `${axis}${name}${index === 0 ? '' : index + 1}`;
  const kinds: readonly Pipe[] = [
    { name: numbered('Ring'), axis, step, stages, held: 'lanes', loads: loads.filter(isOfLanes), from, to, args },
    { name: numbered('Ahead'), axis, step, stages: 1, held: 'registers', loads: loads.filter((l) => !isOfLanes(l)), from, to, args },
  ];
  return kinds.filter((p) => p.loads.length > 0);
}

/** What a lane copies at a time. */
const pieceBytes = 16;

/** Whether lanes read a tile, or a line of it, in vectors along the walk as memory has them: columns lie side by side, and nothing is rounded on the way. */
function isInRows({ dst, src }: Load, { axis, step }: Loop, { frame }: TileKernel): boolean {
  if (!frame || (dst.layout !== 'tile' && dst.layout !== 'columns') || (src.at[axis] ?? 0) > 0) return false;
  const columns = dst.layout === 'columns' ? extended(dst) : sidesOf(dst, frame).columns;
  const [column, second] = columns;
  return column?.axis === axis && second === undefined && src.order.at(-1) === axis && step % frame.vector === 0 && (dst.dtype === src.dtype || dst.dtype === 'f32') && dtypeBytes[src.dtype] >= 2;
}
