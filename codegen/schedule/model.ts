import type { Axis } from '../../dsl/expr.js';
import type { Schedule } from './schedule.js';

/**
 * The part an axis plays in a launch. `edge`: rows or columns of a product; `minorEdge`: a further axis on the same side.
 * `chain`: yielded by one product and contracted by the next. `contracted`: by products only. `batch`: both operands have
 * it. `parts`: of a walk that several blocks shared; `joined`: rows of such a walk. `ragged`: the length of another axis depends on it. `contiguous`: last in the widest memory of a launch without products. `streamed`: walked beside it through memory. `plain`: none of these.
 */
export type AxisPart = 'edge' | 'minorEdge' | 'chain' | 'contracted' | 'batch' | 'ragged' | 'contiguous' | 'streamed' | 'parts' | 'joined' | 'plain';

export interface AxisFacts {
  readonly axis: Axis;
  readonly kind: 'grid' | 'loop' | 'tile';
  readonly part: AxisPart;
  /** Length, where it is known when compiling. */
  readonly fixed: number | undefined;
  /** Among the plain axes on the grid: 0 for the innermost in memory, then 1, … */
  readonly rank: number;
  /** Whether its neighbours lie side by side in the widest result. */
  readonly isInnermost: boolean;
}
/** `bytes`: of an element of what products multiply, or of the narrowest memory. `products`: how many there are. `beside`: tensors that meet a product element by element over both its edges. `alongChain`: tensors besides operands that have an axis of chained products. `computed`: operands of products that are computed element by element. `between`: axes of memory that an earlier launch wrote for this one. */
export interface LaunchFacts { readonly axes: readonly AxisFacts[]; readonly bytes: number; readonly products: number; readonly beside: number; readonly alongChain: number; readonly computed: number; readonly between: readonly Axis[] }

/** A schedule and, in words, why each block has its size. */
export interface Choice { readonly schedule: Schedule; readonly reasons: readonly string[] }

interface Blocks {
  readonly edge: number;
  readonly edgeOfChain: number;
  /** A walked edge when no contraction is walked inside: often a handful of rows, and a wide window would be mostly empty. */
  readonly walkedEdge: number;
  readonly chain: number;
  readonly contracted: number;
  readonly contiguous: number;
  readonly walked: number;
  /** Of plain grid axes, innermost first; 1 beyond. */
  readonly plain: readonly number[];
}
const sizes: Blocks = { edge: 128, edgeOfChain: 64, walkedEdge: 32, chain: 128, contracted: 256, contiguous: 512, walked: 16, plain: [8, 4] };

/** The schedule that the analytic model prefers for cores behind caches, before it is held against their size. */
export function cacheSchedule(facts: LaunchFacts): Choice {
  const form: Form = { chained: facts.axes.some((a) => a.part === 'chain'), contracts: facts.axes.some((a) => a.part === 'contracted' && a.kind === 'loop') };
  const chosen = facts.axes.filter((a) => a.kind !== 'tile').map((a) => {
    const [size, why] = blockOf(a, form);
    return { axis: a.axis, size: a.fixed === undefined ? size : Math.min(size, Math.max(1, a.fixed)), why };
  });
  return {
    schedule: {
      block: Object.fromEntries(chosen.map((c) => [c.axis, c.size])), warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1,
      roles: 'uniform', overlap: 'none', order: form.chained ? 'longestFirst' : 'natural', persistent: false,
    },
    reasons: [...chosen.map((c) => `${c.axis} ${c.size}: ${c.why}`), ...(form.chained ? ['longest first: masks make later rows longer, and a long block must not come last'] : [])],
  };
}

/** Whether products follow one another over a walked axis, and whether a contraction is walked. */
interface Form { readonly chained: boolean; readonly contracts: boolean }

function blockOf(a: AxisFacts, form: Form): readonly [size: number, why: string] {
  switch (a.part) {
    case 'edge':
      if (a.kind === 'loop' && !form.chained && !form.contracts) return [sizes.walkedEdge, 'a walked edge of thin products; often only a few positions long'];
      return form.chained
        ? [sizes.edgeOfChain, 'an edge of chained products; the tile between them stays in the near cache']
        : [sizes.edge, 'an edge of a product; every packed element serves a whole block'];
    case 'minorEdge': return [1, 'a further axis of the same edge; one at a time'];
    case 'chain': return [sizes.chain, 'walked; yielded by one product and contracted by the next'];
    case 'contracted': return [sizes.contracted, 'walked and contracted; long enough to pay for the accumulator, short enough for both operands to stay in cache'];
    case 'batch': return [1, 'both operands of a product have it; one at a time'];
    case 'ragged': return [1, 'lengths depend on it; one at a time'];
    case 'contiguous': return [sizes.contiguous, 'contiguous in memory'];
    case 'streamed': return [sizes.walked, 'walked beside the contiguous axis'];
    case 'parts': return [16, 'parts to join'];
    case 'plain': case 'joined': return a.kind === 'loop' ? [sizes.walked, 'walked beside the contiguous axis'] : [sizes.plain[a.rank] ?? 1, 'beside the contiguous axis; a few pay for the start of a block'];
    default: return a.part satisfies never;
  }
}

/** A smaller schedule of the same form: the largest block halved; undefined when every block is 1. */
export function shrink(schedule: Schedule, facts: LaunchFacts): Schedule | undefined {
  const blocks = facts.axes.filter((a) => a.kind !== 'tile').map((a) => [a.axis, schedule.block[a.axis] ?? 1] as const);
  const [axis, size] = blocks.reduce((best, b) => (b[1] > best[1] ? b : best), ['', 1] as const);
  return size > 1 ? { ...schedule, block: { ...schedule.block, [axis]: Math.ceil(size / 2) } } : undefined;
}
