import type { KernelDef } from '../../dsl/definition.js';
import type { DType } from '../../dsl/dtype.js';
import { rebuilder, same } from '../../dsl/walk.js';

/** Whether every number of `from`, which is a dtype for memory alone, is one of `to`. */
export const widens = (from: DType, to: DType): boolean => from === 'f8e4m3' && (to === 'f32' || to === 'f16' || to === 'bf16');

/**
 * A parameter that is only stored in its dtype is read in the one that it is cast to: cast(bf16, k: f8e4m3) → k as bf16. What a
 * product reads is then a parameter as any other, and the load converts.
 */
export function widenInputs(def: KernelDef): KernelDef {
  const go = rebuilder((e) => (e.kind === 'cast' && e.arg.kind === 'input' && widens(e.arg.dtype, e.dtype) ? { ...e.arg, dtype: e.dtype } : e));
  const results = same(def.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  return results === def.results ? def : { ...def, results };
}
