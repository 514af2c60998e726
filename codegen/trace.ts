import type { KernelDef } from '../dsl/definition.js';
import type { Axis } from '../dsl/expr.js';
import { printKernel } from '../dsl/print.js';
import { check } from './graph/check.js';
import { checkTile } from './tile/check.js';
import type { TileKernel } from './tile/ir.js';
import { printTile } from './tile/print.js';

/** Looks at every value between two stages: holds it to the rules of its IR, and shows it when its stage is asked for. */
export interface Trace {
  /** `shared`: the axis on which blocks that share another axis stand. */
  readonly graph: (stage: string, def: KernelDef, shared?: Axis) => KernelDef;
  /** {@link graph} for a tile program. */
  readonly tile: (stage: string, kernel: TileKernel) => TileKernel;
  /** Whether a derivation is to be checked: its certificate, and its folds against their source. */
  readonly proves: boolean;
}

/** Looks at nothing: for work whose result nobody keeps. */
export const trusting: Trace = { graph: (_, def) => def, tile: (_, kernel) => kernel, proves: false };

/** Checks every stage and gives `show` the text of those in `stages`; a stage that changed nothing shows as `(unchanged)`. */
export function tracing(stages: ReadonlySet<string> = new Set(), show: (stage: string, text: string) => void = () => {}): Trace {
  let lastGraph: KernelDef | undefined;
  let lastTile: TileKernel | undefined;
  return {
    proves: true,
    graph: (stage, def, shared) => {
      if (def !== lastGraph) check(def, stage, shared);
      if (stages.has(stage)) show(stage, def === lastGraph ? '(unchanged)' : printKernel(def));
      lastGraph = def;
      return def;
    },
    tile: (stage, kernel) => {
      if (kernel !== lastTile) checkTile(kernel, stage);
      if (stages.has(stage)) show(stage, kernel === lastTile ? '(unchanged)' : printTile(kernel));
      lastTile = kernel;
      return kernel;
    },
  };
}

/** Every stage, in the order they run. */
export const stages = ['source', 'dedupe', 'laws', 'axes', 'stream', 'shares', 'gathers', 'conditions', 'invariants', 'widen', 'partition', 'lower', 'parts', 'accumulate', 'storage', 'regions', 'frames', 'lanes', 'loads', 'fused', 'detours', 'pipes', 'ahead', 'barriers', 'beside', 'factors', 'roles', 'overlap', 'settle'] as const;
