import type { AxisFacts, LaunchFacts } from './model.js';
import type { Schedule } from './schedule.js';

/** Who runs a block decides what there is to choose: cores know block sizes and their order alone. */
export type BlockOf = 'caches' | 'warps';

const longestBlock = 4096;
const mostWarps = 16;
const mostStages = 6;
const mostBlocksPerProcessor = 4;

/** Every schedule within so many steps of `centre`, which comes first; each once. One step doubles or halves one block, or changes one other choice. */
export function schedulesAround(centre: Schedule, facts: LaunchFacts, blockOf: BlockOf, within: number): readonly Schedule[] {
  const found = new Map([[key(centre), centre]]);
  let edge: readonly Schedule[] = [centre];
  for (let step = 0; step < within; step++) {
    edge = edge.flatMap((s) => moves(s, facts, blockOf)).filter((s) => {
      const isNew = !found.has(key(s));
      if (isNew) found.set(key(s), s);
      return isNew;
    });
  }
  return [...found.values()];
}

const key = ({ block, warps, stages, blocksPerProcessor, order }: Schedule): string => JSON.stringify([Object.entries(block).sort(), warps, stages, blocksPerProcessor, order]);

function moves(s: Schedule, facts: LaunchFacts, blockOf: BlockOf): readonly Schedule[] {
  const onGrid = facts.axes.filter((a) => a.kind === 'grid').length;
  const orders: readonly Schedule['order'][] = blockOf === 'caches' ? ['natural', 'longestFirst'] : onGrid > 1 ? ['natural', 'longestFirst', 'grouped'] : ['natural', 'longestFirst'];
  const blocks = facts.axes.filter(isCut).flatMap((a) => sizesBeside(a, s.block[a.axis] ?? 1).map((size): Schedule => ({ ...s, block: { ...s.block, [a.axis]: size } })));
  const others = orders.filter((o) => o !== s.order).map((order): Schedule => ({ ...s, order }));
  if (blockOf === 'caches') return [...blocks, ...others];
  return [
    ...blocks, ...others,
    ...[s.warps / 2, s.warps * 2].filter((n) => n >= 1 && n <= mostWarps).map((warps): Schedule => ({ ...s, warps })),
    // A ring is for what is walked.
    ...(facts.axes.some((a) => a.kind === 'loop') ? [s.stages - 1, s.stages + 1] : []).filter((n) => n >= 1 && n <= mostStages).map((stages): Schedule => ({ ...s, stages })),
    ...[s.blocksPerProcessor - 1, s.blocksPerProcessor + 1].filter((n) => n >= 1 && n <= mostBlocksPerProcessor).map((blocksPerProcessor): Schedule => ({ ...s, blocksPerProcessor })),
  ];
}

/** Whether blocks may hold several positions of an axis. Of what products have on both sides, and of what lengths depend on, they hold one. */
const isCut = (a: AxisFacts): boolean => a.kind !== 'tile' && a.part !== 'batch' && a.part !== 'ragged';

function sizesBeside(a: AxisFacts, size: number): readonly number[] {
  const most = Math.min(longestBlock, a.fixed ?? longestBlock);
  return [Math.floor(size / 2), Math.min(most, size * 2)].filter((n) => n >= 1 && n !== size);
}
