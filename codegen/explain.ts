import type { KernelDef } from '../dsl/definition.js';
import type { Span } from '../dsl/span.js';
import { type CompiledVariant, compileKernel, estimate } from './compile.js';
import { type EmittedFile, emitFile } from './emit/file.js';
import { type Givens, modelOnly } from './fitting.js';
import type { KernelSource } from './frontend/project.js';
import { formsOf } from './forms.js';
import type { Columns } from './graph/columns.js';
import { columnPlans } from './graph/cuts.js';
import { loopsOf } from './graph/loops.js';
import { partition } from './graph/partition.js';
import { disagreement } from './stream/agreement.js';
import { certificateText } from './stream/certificateText.js';
import { verify } from './stream/verify.js';
import type { Target } from './targets/target.js';
import { stages, tracing } from './trace.js';

/** Random partitions under which a derivation is held against its source when it is explained. */
const partitions = 20;

/** One stage of a compilation and its program as text. */
interface Shown { readonly stage: string; readonly text: string }

/**
 * What becomes of a kernel, as text: variants, the source's graph, each derivation with its certificate checked anew, the
 * schedule and the reason of each size, and which generated lines come from which line of the source. Shown for the first
 * variant; the others differ in dtypes and fixed sizes alone. `resources`: lines on what the compiled launches of all
 * variants take, where any are to be shown; `given`: schedules that do not come from the model. Throws CompileError.
 */
export function explain(source: KernelSource, target: Target, line: (span: Span) => string, { resources = [], given = modelOnly }: { readonly resources?: readonly string[]; readonly given?: Givens } = {}): string {
  const def = firstOf(source);
  const graphs = new Map<string, KernelDef>();
  const shown: Shown[] = [];
  const trace = tracing(new Set(['source']), (stage, text) => shown.push({ stage, text }));
  const remember = (stage: string, g: KernelDef): KernelDef => {
    graphs.set(stage, g);
    return trace.graph(stage, g);
  };
  const variant = compileKernel(def, target, { ...trace, graph: remember }, given);
  return [
    heading(source, variant),
    section('What is computed', shown.map((s) => s.text)),
    section('How it streams', derivations(graphs, target)),
    section('The schedule and why', schedules(variant)),
    ...(resources.length > 0 ? [section('What it takes of a multiprocessor', resources)] : []),
    section('What has a tile of its own and why', fusions(variant)),
    section('Source lines and what they became', provenance(emitFile(target, source.name, variant.launches.map((l) => l.kernel)), line)),
  ].join('\n\n');
}

/** The program after the named stages, in the order they run; a stage that runs per launch shows once for each. Throws CompileError. */
export function explainStages(source: KernelSource, target: Target, wanted: ReadonlySet<string>, given: Givens = modelOnly): string {
  const shown: Shown[] = [];
  compileKernel(firstOf(source), target, tracing(wanted, (stage, text) => shown.push({ stage, text })), given);
  const order = stages.filter((s) => wanted.has(s));
  return order.flatMap((s) => shown.filter((x) => x.stage === s).map((x) => section(`after ${s}`, [x.text]))).join('\n\n');
}

function firstOf(source: KernelSource): KernelDef {
  const [def] = source.variants;
  if (def === undefined) throw new Error(`explain: ${source.name} has no variant`);
  return def;
}

const section = (title: string, lines: readonly string[]): string => [`── ${title} ${'─'.repeat(Math.max(0, 100 - title.length))}`, ...(lines.length > 0 ? lines : ['(nothing)'])].join('\n');

function heading(source: KernelSource, variant: CompiledVariant): string {
  const others = source.variants.slice(1).map((v) => v.variant);
  const variants = others.length === 0 ? '' : ` Variant ${variant.def.variant}; likewise ${others.join(', ')}`;
  return `${source.name} from ${source.file}, for ${variant.target.name}.${variants}\nEstimated: ${estimate(variant)}`;
}

function derivations(graphs: ReadonlyMap<string, KernelDef>, target: Target): readonly string[] {
  const [before, after, planned] = [graphs.get('axes'), graphs.get('stream'), graphs.get('invariants')];
  const loops = after === undefined ? [] : loopsOf(after);
  if (before === undefined || after === undefined || planned === undefined || loops.length === 0) return ['every reduction is over a short fixed axis and is computed in place: there is nothing to stream'];
  return [
    ...loops.map((loop) => certificateText(loop, verify(loop.certificate, (seed) => disagreement(before, after, seed), partitions))),
    ...plans(planned, target),
  ];
}

/** How sums per key over rows are made, and for which fewer rows they are made otherwise. */
function plans(def: KernelDef, target: Target): readonly string[] {
  const { machine } = target;
  const text = (c: Columns): string => `plan ${c.plan} for the sums over '${c.rows.join(' ')}' per '${c.keys}' (line ${c.span.line}): ${c.because}`;
  const usual = columnPlans(def, { machine, serves: [] });
  const others = usual.length === 0 ? [] : formsOf(partition(def, { machine, serves: [] }), target).flatMap(({ serves }) => columnPlans(def, { machine, serves }).filter((c, i) => c.plan !== usual[i]?.plan));
  return [...usual, ...others].map(text);
}

function schedules(variant: CompiledVariant): readonly string[] {
  return variant.launches.flatMap(({ kernel, reasons }, i) => [
    ...(variant.launches.length > 1 ? [`launch ${i + 1} of ${variant.launches.length}: ${kernel.name}`] : []),
    `grid ${kernel.grid.map((g) => `${g.axis} by ${g.block}`).join(', ') || 'one block'}`,
    ...reasons.map((r) => `  ${r}`),
  ]);
}

/** Element-wise code, in the order it runs: its name in the source or its text, what became of it, and the reason. */
function fusions(variant: CompiledVariant): readonly string[] {
  const rows = variant.launches.flatMap((l) => l.fusion).filter((f) => f.map.span.line > 0);
  const names = rows.map((f) => f.map.span.binding ?? (f.map.span.text.length > 40 ? `${f.map.span.text.slice(0, 39)}…` : f.map.span.text).replace(/\s+/g, ' '));
  return [...new Set(rows.map((f, i) => `${names[i]} (line ${f.map.span.line}): ${f.inlined ? 'part of its reader' : 'a tile'}, because ${f.because}`))];
}

/** Per line of the source: its text, then the generated lines that carry its span. */
function provenance(file: EmittedFile, line: (span: Span) => string): readonly string[] {
  const groups = new Map<string, { readonly span: Span; readonly lines: number[] }>();
  for (const [i, { span, text }] of file.lines.entries()) {
    if (span === undefined || span.line === 0 || text.trim() === '') continue;
    const key = `${span.file}:${span.line}`;
    const group = groups.get(key) ?? { span, lines: [] };
    group.lines.push(i + 1);
    groups.set(key, group);
  }
  const inOrder = [...groups].sort(([, a], [, b]) => (a.span.file === b.span.file ? a.span.line - b.span.line : a.span.file < b.span.file ? -1 : 1));
  return inOrder.flatMap(([place, { span, lines }]) => [`${place}  ${line(span).trim()}`, ...ranges(lines).map(([from, to]) => generated(file, from, to))]);
}

function ranges(lines: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (const n of lines) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n;
    else found.push([n, n]);
  }
  return found;
}

function generated(file: EmittedFile, from: number, to: number): string {
  const text = file.lines.slice(from - 1, to).map((l) => `    ${l.text}`);
  return [`  ${file.path}:${from}${to > from ? `–${to}` : ''}`, ...text].join('\n');
}
