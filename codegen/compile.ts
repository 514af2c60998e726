import { posix } from 'node:path';
import type { KernelDef } from '../dsl/definition.js';
import { CompileError, type Diagnostic } from '../dsl/diagnostic.js';
import type { Axis } from '../dsl/expr.js';
import type { KernelEntry, LaunchSpec, Manifest, ScratchSpec, SizeBound, SplitSpec, TargetName, Variant } from '../dsl/manifest.js';
import { launchName } from './emit/cNames.js';
import { emitFile } from './emit/file.js';
import { withLineDirectives } from './emit/lineDirectives.js';
import { manifestText } from './emit/manifest.js';
import { textOf } from './emit/writer.js';
import { readKernels, type KernelSource } from './frontend/project.js';
import { type Cost, costOf, costText } from './graph/cost.js';
import { dedupe } from './graph/dedupe.js';
import { separateConditions } from './graph/conditions.js';
import { type Fusion, fusionOf, hoistInvariant } from './graph/fusion.js';
import { sinkGathers } from './graph/gathers.js';
import type { Launch } from './graph/launch.js';
import { floatLaws } from './graph/laws.js';
import { loopsOf } from './graph/loops.js';
import { partition } from './graph/partition.js';
import { resolveReaxis } from './graph/reaxis.js';
import { sizeRelations } from './graph/relations.js';
import { rewrite } from './graph/rewrite.js';
import { widenInputs } from './graph/widen.js';
import { sharedAxis, splitLaunch } from './stream/split.js';
import { requireLaunchable } from './launchable.js';
import { anyShape, type Form, formsOf } from './forms.js';
import { fittingSchedule, type Givens, modelOnly } from './fitting.js';
import type { Lookup } from './givens.js';
import { certificateHash, loopText } from './stream/certificateText.js';
import { stream } from './stream/derive.js';
import { sharesAsPowers } from './stream/shares.js';
import { warnings } from './stream/warnings.js';
import { cpu } from './targets/cpu.js';
import { sm80 } from './targets/sm80.js';
import { sm90a } from './targets/sm90a.js';
import type { Target } from './targets/target.js';
import type { TileKernel } from './tile/ir.js';
import { stored } from './tile/lower.js';
import { compileTiles, launchTiles } from './tilePasses.js';
import { tracing, type Trace } from './trace.js';

/** Everything that kernels are compiled for, by name. */
export const targets: Readonly<Record<TargetName, Target>> = { cpu, sm_80: sm80, sm_90a: sm90a };

/** One specialisation for one target, ready to print. */
export interface CompiledVariant {
  readonly def: KernelDef;
  readonly target: Target;
  readonly launches: readonly CompiledLaunch[];
  readonly scratch: readonly ScratchSpec[];
  readonly certificates: readonly string[];
  readonly serves?: readonly SizeBound[];
  readonly split?: SplitSpec;
}
/** `line`: as the manifest says it. `reasons`: why each block has its size, one line each. `fusion`: which maps have no tile of their own, and why. */
export interface CompiledLaunch { readonly kernel: TileKernel; readonly line: number; readonly reasons: readonly string[]; readonly fusion: readonly Fusion[] }

/** One specialisation for one target and some shapes, before its launches have schedules. */
export interface VariantPlan { readonly def: KernelDef; readonly target: Target; readonly form: Form; readonly launches: readonly Launch[]; readonly split: ReturnType<typeof splitLaunch>['split'] | undefined }

/** The whole pipeline for one specialisation; its variants for different shapes, the first that serves a shape serving it. Throws CompileError (S…, L…) at the author's expression. */
export function compileVariants(def: KernelDef, target: Target, trace: Trace = tracing(), given: Givens = modelOnly): readonly CompiledVariant[] {
  return plansOf(def, compileGraph(def, trace), target).map((plan) => compilePlan(plan, given, trace));
}

/** The variant that serves any shape. */
export function compileKernel(def: KernelDef, target: Target, trace: Trace = tracing(), given: Givens = modelOnly): CompiledVariant {
  const g = compileGraph(def, trace);
  return compilePlan(planOf(anyShape, target, def, partition(g, { machine: target.machine, serves: [] })), given, trace);
}

/** What a specialisation computes once all that does not ask for a target is done: reductions stream, what repeats is computed once. Throws CompileError. */
export const streamedGraph = (def: KernelDef): KernelDef => compileGraph(def, tracing());

/** What `compileVariants` is about to schedule. */
export const planVariants = (def: KernelDef, target: Target): readonly VariantPlan[] => plansOf(def, compileGraph(def, tracing()), target);

function plansOf(def: KernelDef, g: KernelDef, target: Target): readonly VariantPlan[] {
  const formed = (serves: readonly SizeBound[]): readonly Launch[] => partition(g, { machine: target.machine, serves }); // usually one
  return formsOf(formed([]), target).map((form) => planOf(form, target, def, formed(form.serves)));
}

function planOf(form: Form, target: Target, def: KernelDef, whole: readonly Launch[]): VariantPlan {
  const named = (l: Launch): Launch => ({ ...l, symbol: launchName(form.suffix === '' ? l.symbol : `${l.symbol}_${form.suffix}`) });
  const parts = whole.map(named).map((l) => (form.shared !== undefined && sharedAxis(l) === form.shared ? splitLaunch(l, form.shared) : { launches: [l], split: undefined }));
  return { def, target, form, launches: parts.flatMap((p) => p.launches), split: parts.find((p) => p.split)?.split };
}

/** A plan with the schedules that are given, elsewhere the model's. Throws CompileError (L…). */
export function compilePlan({ def, target, form, launches, split }: VariantPlan, given: Givens = modelOnly, trace: Trace = tracing()): CompiledVariant {
  const compiled = launches.map((l) => compileLaunch({ ...l, def: trace.graph('partition', l.def, l.split?.axis) }, target, form, given, trace));
  const first = compiled.find((c) => split && c.kernel.grid.some((g) => g.axis === split.axis));
  return {
    def, target, scratch: scratchOf(launches), certificates: [...new Set(launches.flatMap((l) => loopsOf(l.def).filter((loop) => loop.axis !== split?.axis).map(certificateHash)))], launches: compiled,
    ...(form.serves.length > 0 ? { serves: form.serves } : {}),
    ...(split && first ? { split: { ...split, step: first.kernel.schedule.block[split.of] ?? 1, blocksPerProcessor: target.blocksPerProcessor(first.kernel) } } : {}),
  };
}

/** The stages that do not ask for the target. */
function compileGraph(def: KernelDef, trace: Trace): KernelDef {
  let g = trace.graph('source', def);
  g = trace.graph('dedupe', dedupe(g));                      // later stages compare nodes with ===
  g = trace.graph('laws', rewrite(g, floatLaws));
  g = trace.graph('axes', resolveReaxis(g));                 // before stream: cascades see through renamed axes
  g = trace.graph('stream', stream(g, trace.proves));        // cascades → folds with certificates; or CompileError
  g = trace.graph('shares', sharesAsPowers(g));              // behind stream: it reads folds; before conditions, which it opens
  g = trace.graph('gathers', sinkGathers(g));                // before partition: less to keep in memory
  g = trace.graph('conditions', separateConditions(g));      // behind stream: derivations read conditions as written
  g = trace.graph('invariants', hoistInvariant(g));          // behind conditions: what bounds a loop must not leave it
  return trace.graph('widen', widenInputs(g));               // last of all: derivations read casts as written
}

function compileLaunch(launch: Launch, target: Target, form: Form, given: Givens, trace: Trace): CompiledLaunch {
  const { schedule, reasons, notes } = fittingSchedule(launch, target, form, given, (s) => launchTiles(launch, s, target));
  const kernel = compileTiles(launch, schedule, target, trace);
  requireLaunchable(launch, kernel, target);
  // A topk is memory to memory and has no tiles to choose blocks for.
  const why = kernel.tiles.length > 0 ? reasons : kernel.grid.map((g) => `${g.axis} ${g.block}: one block sorts one row`);
  return { kernel: { ...kernel, summary: [...summaryOf(launch), ...notes] }, line: lineOf(launch.def), reasons: why, fusion: fusionOf(launch.def.results.map(stored)) };
}

/** Of the first result's expression, or of the kernel where that stands in another file or in none. */
function lineOf(def: KernelDef): number {
  const span = def.results[0]?.value.span;
  return span !== undefined && span.file === def.file && span.line > 0 ? span.line : def.span.line;
}

/** For the header: what the launch is, and every loop with its certificate. */
const summaryOf = (launch: Launch): readonly string[] => [...(launch.what === '' ? [] : [launch.what]), ...loopsOf(launch.def).map(loopText)];

function scratchOf(launches: readonly Launch[]): readonly ScratchSpec[] {
  return launches.flatMap((l) => l.def.results.filter((r) => l.scratch.has(r.name)).map(({ name, dtype, order }) => ({ name, dtype, order })));
}

/** One line of the table that `compile` prints: a variant. */
export interface ReportRow {
  readonly kernel: string;
  readonly variant: string;
  readonly target: TargetName;
  readonly schedule: string;
  readonly cost: string;
  readonly launches: readonly LaunchSpec[];
}
/** Texts by path under the output folder, the manifest's own included. */
export interface Compilation { readonly texts: ReadonlyMap<string, string>; readonly manifest: Manifest; readonly report: readonly ReportRow[]; readonly warnings: readonly Diagnostic[] }
/**
 * `manifestImports`: the module from which the manifest imports its type. `line`: texts point at the author's lines, and call
 * themselves by their path under this folder. `only`: names of the kernels that are compiled, all unless said. `schedules`: measured ones, for the launches they name.
 */
export interface CompileOptions { readonly manifestImports?: string; readonly line?: string; readonly only?: readonly string[]; readonly schedules?: Pick<Lookup, 'given'> }

/** All kernels of some files for some targets. Throws one CompileError with the diagnostics of every kernel that failed. */
export function compileFiles(files: readonly string[], targetNames: readonly TargetName[], options: CompileOptions = {}): Compilation {
  const made = everyOne(readKernels(files).filter((s) => options.only?.includes(s.name) ?? true), (s) => compileSource(s, targetNames, options));
  return joined(made.map(([, output]) => output), options);
}

/** What one kernel becomes: its texts by path, its entry of the manifest, its lines of the report. */
export interface KernelOutput { readonly name: string; readonly texts: ReadonlyMap<string, string>; readonly entry: KernelEntry; readonly report: readonly ReportRow[]; readonly warnings: readonly Diagnostic[] }

/** One kernel for some targets. Throws CompileError. */
export function compileSource(source: KernelSource, targetNames: readonly TargetName[], options: CompileOptions = {}): KernelOutput {
  const { variants, warnings: told } = compileFor(source, targetNames, options);
  const texts = new Map<string, string>();
  const report: ReportRow[] = [];
  for (const name of targetNames) {
    const own = variants.filter((v) => v.target.name === name);
    if (own.length === 0) continue;
    const file = emitFile(targets[name], source.name, own.flatMap((v) => v.launches.map((l) => l.kernel)));
    texts.set(file.path, options.line === undefined ? file.text : textOf(withLineDirectives(file.lines, posix.join(options.line, file.path))));
    report.push(...own.map((v) => rowOf(source.name, v)));
  }
  const entry = kernelEntry(source, source.name, variants);
  return { name: source.name, texts, entry, report, warnings: told };
}

/** Kernels as one compilation: their texts and the manifest of all. */
export function joined(outputs: readonly KernelOutput[], options: CompileOptions = {}): Compilation {
  const manifest = { kernels: Object.fromEntries(outputs.map((o) => [o.name, o.entry])) };
  const texts = new Map([...outputs.flatMap((o) => [...o.texts]), ['manifest.ts', manifestText(manifest, options.manifestImports)] as const]);
  return { texts, manifest, report: outputs.flatMap((o) => o.report), warnings: outputs.flatMap((o) => o.warnings) };
}

/** Every specialisation of a kernel for some targets, ready to print, and what in its source is numerically unsafe, each once. */
export interface Compiled { readonly variants: readonly CompiledVariant[]; readonly warnings: readonly Diagnostic[] }

/** Compiles a kernel for some targets. Throws CompileError. */
export function compileFor(source: KernelSource, targetNames: readonly TargetName[], { trace = tracing, schedules }: { readonly trace?: () => Trace; readonly schedules?: Pick<Lookup, 'given'> } = {}): Compiled {
  const graphs = source.variants.map((def) => [def, compileGraph(def, trace())] as const);
  const told = new Map(graphs.flatMap(([def, g]) => warnings(def, g)).map((w) => [`${w.code} ${w.span.file}:${w.span.line}:${w.span.column}`, w]));
  const made = targetNames.flatMap((name) => graphs.flatMap(([def, g]) => plansOf(def, g, targets[name]).map((plan) => compilePlan(plan, schedules?.given, trace()))));
  return { variants: targetNames.includes('sm_80') ? made.filter(isOwn) : made, warnings: [...told.values()] };
}

/** Whether a variant has what the text for every GPU cannot say: blocks whose warps have roles. */
export const isOwn = (v: CompiledVariant): boolean => !v.target.hasRoles || v.launches.some((l) => l.kernel.roles !== undefined);

/** `f` of every source; what several of them are refused for comes as one error. */
export function everyOne<T>(sources: readonly KernelSource[], f: (s: KernelSource) => T): readonly (readonly [KernelSource, T])[] {
  const diagnostics: Diagnostic[] = [];
  const made: (readonly [KernelSource, T])[] = [];
  for (const s of sources) {
    try {
      made.push([s, f(s)]);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  const [first, ...rest] = diagnostics;
  if (first) throw CompileError.of([first, ...rest]);
  return made;
}

function rowOf(kernel: string, v: CompiledVariant): ReportRow {
  const schedule = v.launches.map((l) => Object.entries(l.kernel.schedule.block).map(([a, n]) => `${a} ${n}`).join(' ')).join(' | ');
  return { kernel, variant: v.def.variant, target: v.target.name, schedule, cost: estimate(v), launches: launchSpecs(kernel, v) };
}

/** Estimated work, and what bounds it. An axis that always stands at one position is taken for a few heads, any other unknown one for a long sequence. */
export const estimate = (v: CompiledVariant): string => costText(costAt(v, 1024));

/** The cost where long sequences have `length` positions. */
export function costAt(v: CompiledVariant, length: number): Cost {
  const single = (axis: Axis): boolean => v.launches.some((l) => l.kernel.schedule.block[axis] === 1);
  return costOf(v.def, (axis) => (single(axis) ? 8 : length));
}

/** The manifest's entry of a kernel under a name, which its files bear too. */
export function kernelEntry(source: KernelSource, name: string, variants: readonly CompiledVariant[]): Manifest['kernels'][string] {
  const follows = variants[0] ? sizeRelations(variants[0].def) : [];
  return { source: source.file, params: source.params, results: source.results, sizes: source.sizes, ...(follows.length > 0 && { follows }), variants: variants.map((v) => manifestVariant(name, v)) };
}

function manifestVariant(kernel: string, v: CompiledVariant): Variant {
  const fixed = Object.fromEntries(Object.entries(v.def.sizes).flatMap(([axis, rule]) => (rule.kind === 'fixed' ? [[axis, rule.size] as const] : [])));
  const { serves, split } = v;
  return { variant: v.def.variant, target: v.target.name, dtypes: v.def.dtypes, fixed, ...(serves && { serves }), ...(split && { split }), scratch: v.scratch, launches: launchSpecs(kernel, v), certificates: v.certificates };
}

/** The launches of a variant as the manifest lists them. */
export const launchSpecs = (kernel: string, v: CompiledVariant): readonly LaunchSpec[] =>
  v.launches.map(({ kernel: k, line }) => ({ symbol: k.name, file: v.target.path(kernel), line, args: k.args, grid: k.grid, ...v.target.needs(k) }));
