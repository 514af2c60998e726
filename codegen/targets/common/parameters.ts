import type { Axis } from '../../../dsl/expr.js';
import type { ArgRef } from '../../../dsl/manifest.js';
import type { Emission } from '../../emit/emission.js';
import type { Param, TileKernel } from '../../tile/ir.js';
import { byValue, memoryType } from './elements.js';

/** A parameter of a generated function: its name, and its declaration. */
export interface Parameter { readonly name: string; readonly text: string }

/** What the block function takes: what its text uses, in the order of the launch's arguments, then the origins. */
export function blockParameters(kernel: TileKernel, e: Emission): readonly Parameter[] {
  const used = kernel.args.flatMap((a) => argument(kernel, a, e) ?? []);
  return [...used, ...kernel.grid.map((g): Parameter => ({ name: e.originName(g.axis), text: `int ${e.originName(g.axis)}` }))];
}

/** @throws Error when the launch lacks the parameter: a fault of the pass that made it. */
export const paramOf = (kernel: TileKernel, name: string): Param => {
  const p = kernel.params.find((x) => x.name === name);
  if (!p) throw new Error(`emit: launch '${kernel.name}' has no parameter '${name}'`);
  return p;
};

/** One argument as a parameter of the block; undefined when the block does not use it. */
export function argument(kernel: TileKernel, a: ArgRef, e: Emission): Parameter | undefined {
  switch (a.kind) {
    case 'param': case 'result': case 'scratch': {
      const p = paramOf(kernel, a.name);
      const name = e.used.params.get(a.name);
      const type = `${p.role === 'param' && !byValue(p) ? 'const ' : ''}${memoryType[p.dtype]}${byValue(p) ? '' : '*'}`;
      return name === undefined ? undefined : { name, text: `${type} ${name}` };
    }
    case 'offsets': {
      const name = e.used.offsets.get(a.axis);
      return name === undefined ? undefined : { name, text: `const int* ${name}` };
    }
    case 'size': {
      const name = kernel.sizes[a.axis]?.kind === 'ragged' ? undefined : e.used.lengths.get(a.axis);
      return name === undefined ? undefined : { name, text: `int ${name}` };
    }
    case 'map': return undefined;
    default: return a satisfies never;
  }
}

/** The length of a ragged axis that the grid covers. */
export const longestName = (axis: Axis): string => `${axis}Longest`;
