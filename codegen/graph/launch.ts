import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/expr.js';

/** One compiled function of a kernel, as a graph of its own. */
export interface Launch {
  /** C identifier. */
  readonly symbol: string;
  /** What this launch computes, for the generated header; empty for a kernel's only launch. */
  readonly what: string;
  /** `params` is all it reads, views under their parameter's name included; `results` all it writes. */
  readonly def: KernelDef;
  /** Names among params and results that are memory between launches. */
  readonly scratch: ReadonlySet<string>;
  /** Names among params and results that are results of the kernel. */
  readonly results: ReadonlySet<string>;
  /** Results along a walked axis that the loop which makes them stores window by window, beside what it carries. */
  readonly kept: ReadonlySet<string>;
  /** The axis of which each block walks a part; absent where blocks walk whole axes. */
  readonly split?: { readonly axis: Axis; readonly of: Axis };
  /** The axis of parts that this launch joins, and the outermost axis of those whose positions walked the same memory. */
  readonly joins?: { readonly axis: Axis; readonly rows: Axis | undefined };
}
