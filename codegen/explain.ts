import type { KernelDef } from '../dsl/definition.js';
import type { FoldLoop } from '../dsl/expr.js';
import { type CompiledVariant, compileKernel, compileVariants } from './compile.js';
import { type EmittedFile, emitFile } from './emit/file.js';
import { type Givens, modelOnly } from './fitting.js';
import { formsOf } from './forms.js';
import type { KernelSource } from './frontend/project.js';
import type { Columns } from './graph/columns.js';
import { columnPlans } from './graph/cuts.js';
import { loopsOf } from './graph/loops.js';
import { partition } from './graph/partition.js';
import { disagreement } from './stream/agreement.js';
import { type Verification, verify } from './stream/verify.js';
import type { Target } from './targets/target.js';
import { tracing } from './trace.js';

/** Random partitions under which a derivation is held against its source when it is explained. */
const partitions = 20;

/** Said where no loop was derived. */
export const nothingToStream = 'every reduction is over a short fixed axis and is computed in place: there is nothing to stream';

/** A derived loop and what the independent checker found of its certificate, just now. */
export interface Proof { readonly loop: FoldLoop; readonly checked: Verification }
/** Element-wise code: its name in the source or its text, whether it became part of its reader, and the reason. */
export interface FusionNote { readonly name: string; readonly line: number; readonly inlined: boolean; readonly because: string }

/** What becomes of one variant of a kernel on one target. */
export interface Explanation {
  readonly kernel: string;
  /** The author's file. */
  readonly file: string;
  /** The kernel's other variants. */
  readonly others: readonly string[];
  readonly compiled: CompiledVariant;
  /** The graph as the author wrote it, and what its launches are made of: with derived loops, and factors moved out of them. */
  readonly written: KernelDef;
  readonly derived: KernelDef;
  /** One for each loop; empty where there is nothing to stream. */
  readonly proofs: readonly Proof[];
  /** How sums per key over rows are made: as a rule, then for fewer rows where that differs. */
  readonly plans: readonly Columns[];
  readonly fusions: readonly FusionNote[];
  /** The text of all launches, with its places in the source. */
  readonly generated: EmittedFile;
}

/** The first variant of a kernel as it serves any shape; the others differ in dtypes and fixed sizes alone. Throws CompileError. */
export function explanationOf(source: KernelSource, target: Target, given: Givens = modelOnly): Explanation {
  const { trace, graphs } = remembering();
  const compiled = compileKernel(firstVariant(source), target, trace, given);
  return explained(source, compiled, graphs, proofsOf(graphs));
}

/** The variant that stands for all. */
export function firstVariant(source: KernelSource): KernelDef {
  const [def] = source.variants;
  if (def === undefined) throw new Error(`explain: ${source.name} has no variant`);
  return def;
}

/** Every variant of a kernel on every target, for every set of shapes that has code of its own; the last of a variant and target serves any shape. Throws CompileError. */
export function explanationsOf(source: KernelSource, targets: readonly Target[], given: Givens = modelOnly): readonly Explanation[] {
  return source.variants.flatMap((def) => {
    let proofs: readonly Proof[] | undefined;
    return targets.flatMap((target) => {
      const { trace, graphs } = remembering();
      const variants = compileVariants(def, target, trace, given);
      proofs ??= proofsOf(graphs); // the same on every target
      const own = proofs;
      return variants.map((compiled) => explained(source, compiled, graphs, own));
    });
  });
}

type Graphs = ReadonlyMap<string, KernelDef>;

/** A trace that keeps the graph after each stage. */
function remembering(): { readonly trace: ReturnType<typeof tracing>; readonly graphs: Graphs } {
  const graphs = new Map<string, KernelDef>();
  const trace = tracing();
  const graph: typeof trace.graph = (stage, g, shared) => {
    graphs.set(stage, g);
    return trace.graph(stage, g, shared);
  };
  return { trace: { ...trace, graph }, graphs };
}

function graphAfter(graphs: Graphs, stage: string): KernelDef {
  const found = graphs.get(stage);
  if (found === undefined) throw new Error(`explain: stage '${stage}' did not run`);
  return found;
}

function explained(source: KernelSource, compiled: CompiledVariant, graphs: Graphs, proofs: readonly Proof[]): Explanation {
  const derived = graphAfter(graphs, 'invariants');
  return {
    kernel: source.name, file: source.file, others: source.variants.map((v) => v.variant).filter((v) => v !== compiled.def.variant),
    compiled, written: graphAfter(graphs, 'source'), derived, proofs,
    plans: proofs.length > 0 ? plansOf(derived, compiled.target) : [],
    fusions: fusionsOf(compiled),
    generated: emitFile(compiled.target, source.name, compiled.launches.map((l) => l.kernel)),
  };
}

function proofsOf(graphs: Graphs): readonly Proof[] {
  const [before, after] = [graphAfter(graphs, 'axes'), graphAfter(graphs, 'stream')];
  return loopsOf(after).map((loop) => ({ loop, checked: verify(loop.certificate, (seed) => disagreement(before, after, seed), partitions) }));
}

function plansOf(def: KernelDef, target: Target): readonly Columns[] {
  const { machine } = target;
  const usual = columnPlans(def, { machine, serves: [] });
  const others = usual.length === 0 ? [] : formsOf(partition(def, { machine, serves: [] }), target).flatMap(({ serves }) => columnPlans(def, { machine, serves }).filter((c, i) => c.plan !== usual[i]?.plan));
  return [...usual, ...others];
}

/** In the order the code runs, each once. */
function fusionsOf(variant: CompiledVariant): readonly FusionNote[] {
  const notes = variant.launches.flatMap((l) => l.fusion).filter((f) => f.map.span.line > 0).map((f): FusionNote => {
    const { binding, text, line } = f.map.span;
    const name = (binding ?? (text.length > 40 ? `${text.slice(0, 39)}…` : text)).replace(/\s+/g, ' ');
    return { name, line, inlined: f.inlined, because: f.because };
  });
  return notes.filter((n, i) => notes.findIndex((m) => m.name === n.name && m.line === n.line && m.inlined === n.inlined && m.because === n.because) === i);
}
