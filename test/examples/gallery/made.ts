import { compileKernel, targets } from '../../../codegen/compile.js';
import type { KernelSource } from '../../../codegen/frontend/project.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { columnPlans } from '../../../codegen/graph/cuts.js';
import { loopsOf } from '../../../codegen/graph/loops.js';
import { tracing } from '../../../codegen/trace.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { FoldLoop } from '../../../dsl/expr.js';
import type { TargetName } from '../../../dsl/manifest.js';

/** What became of a kernel, as `warpfold explain` tells at length: the walks it was derived to, the plans of its sums per key, its launches. */
export interface Made { readonly walks: string; readonly plans: string; readonly launches: string }

/** Of each kernel of some files, by file and in the order of the source; its first variant. Paths are relative to the current folder. */
export function madeOf(files: readonly string[]): ReadonlyMap<string, readonly Made[]> {
  const sources = readKernels(files);
  return new Map(files.map((f) => [f, sources.filter((s) => s.file === f).map(made)]));
}

function made(source: KernelSource): Made {
  const [def] = source.variants;
  if (def === undefined) throw new Error(`${source.name} has no variant`);
  const [cpu, gpu] = [compiledFor(def, 'cpu'), compiledFor(def, 'sm_80')];
  return {
    walks: [...new Set(loopsOf(cpu.streamed).map(walkText))].join(', ') || 'none',
    plans: [...new Set([...columnPlans(cpu.planned, { machine: targets.cpu.machine, serves: [] })].map((c) => c.plan))].join(' ') || '–',
    launches: cpu.launches === gpu.launches ? String(cpu.launches) : `${cpu.launches}, ${gpu.launches} on sm_80`,
  };
}

function compiledFor(def: KernelDef, target: TargetName): { readonly streamed: KernelDef; readonly planned: KernelDef; readonly launches: number } {
  const graphs = new Map<string, KernelDef>();
  const graph = (stage: string, g: KernelDef): KernelDef => {
    if (!graphs.has(stage)) graphs.set(stage, g);
    return g;
  };
  const { launches } = compileKernel(def, targets[target], { ...tracing(), graph });
  const of = (stage: string): KernelDef => graphs.get(stage) ?? def;
  return { streamed: of('stream'), planned: of('invariants'), launches: launches.length };
}

/** The axis walked, what states are relative to, and the largest closure where it is more than one function. */
function walkText({ axis, certificate }: FoldLoop): string {
  const references = [...new Set(certificate.references.map((r) => r.rule))];
  const p = Math.max(...certificate.blocks.map((b) => b.basis.length));
  const facts = [...references, ...(p > 1 ? [`p = ${p}`] : [])];
  return `\`${axis}\`${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
