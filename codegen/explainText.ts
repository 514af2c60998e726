import type { KernelDef } from '../dsl/definition.js';
import { printKernel } from '../dsl/print.js';
import type { Span } from '../dsl/span.js';
import { type CompiledVariant, compileKernel, estimate } from './compile.js';
import type { EmittedFile } from './emit/file.js';
import { type Explanation, explanationOf, firstVariant, type FusionNote, nothingToStream } from './explain.js';
import { type Givens, modelOnly } from './fitting.js';
import type { KernelSource } from './frontend/project.js';
import type { Columns } from './graph/columns.js';
import { originsOf, rangesOf } from './provenance.js';
import { certificateText } from './stream/certificateText.js';
import type { Target } from './targets/target.js';
import { stages, tracing } from './trace.js';

/** One stage of a compilation and its program as text. */
interface Shown { readonly stage: string; readonly text: string }

/**
 * What becomes of a kernel, as text: variants, the source's graph, each derivation with its certificate checked anew, the
 * schedule and the reason of each size, and which generated lines come from which line of the source. Shown for the first
 * variant; the others differ in dtypes and fixed sizes alone. `resources`: lines on what the compiled launches of all
 * variants take, where any are to be shown; `given`: schedules that do not come from the model. Throws CompileError.
 */
export function explain(source: KernelSource, target: Target, line: (span: Span) => string, { resources = [], given = modelOnly }: { readonly resources?: readonly string[]; readonly given?: Givens } = {}): string {
  const e = explanationOf(source, target, given);
  return [
    heading(e),
    section('What is computed', [printKernel(e.written)]),
    section('How it streams', derivations(e)),
    section('The schedule and why', schedules(e.compiled)),
    ...(resources.length > 0 ? [section('What it takes of a multiprocessor', resources)] : []),
    section('What has a tile of its own and why', e.fusions.map(fusionText)),
    section('Source lines and what they became', provenance(e.generated, line)),
  ].join('\n\n');
}

/**
 * The program after the named stages, in the order they run; a stage that runs per launch shows once for each. Of the first
 * variant that passes through one of them: what is for one dtype alone is not for another. Throws CompileError.
 */
export function explainStages(source: KernelSource, target: Target, wanted: ReadonlySet<string>, given: Givens = modelOnly): string {
  const ways = [firstVariant(source), ...source.variants.slice(1)];
  const shown = firstShown(ways, (def) => {
    const way: Shown[] = [];
    compileKernel(def, target, tracing(wanted, (stage, text) => way.push({ stage, text })), given);
    return way;
  });
  if (shown.length === 0) return `no variant of ${source.name} passes through ${[...wanted].join(', ')} on its way to ${target.name}`;
  const order = stages.filter((s) => wanted.has(s));
  return order.flatMap((s) => shown.filter((x) => x.stage === s).map((x) => section(`after ${s}`, [x.text]))).join('\n\n');
}

function firstShown(ways: readonly KernelDef[], show: (def: KernelDef) => readonly Shown[]): readonly Shown[] {
  for (const def of ways) {
    const shown = show(def);
    if (shown.length > 0) return shown;
  }
  return [];
}

const section = (title: string, lines: readonly string[]): string => [`── ${title} ${'─'.repeat(Math.max(0, 100 - title.length))}`, ...(lines.length > 0 ? lines : ['(nothing)'])].join('\n');

function heading({ kernel, file, others, compiled }: Explanation): string {
  const variants = others.length === 0 ? '' : ` Variant ${compiled.def.variant}; likewise ${others.join(', ')}`;
  return `${kernel} from ${file}, for ${compiled.target.name}.${variants}\nEstimated: ${estimate(compiled)}`;
}

const derivations = ({ proofs, plans }: Explanation): readonly string[] =>
  proofs.length === 0 ? [nothingToStream] : [...proofs.map(({ loop, checked }) => certificateText(loop, checked)), ...plans.map(planText)];

/** How sums per key over rows are made, and for which fewer rows they are made otherwise. */
const planText = (c: Columns): string => `plan ${c.plan} for the sums over '${c.rows.join(' ')}' per '${c.keys}' (line ${c.span.line}): ${c.because}`;

function schedules(variant: CompiledVariant): readonly string[] {
  return variant.launches.flatMap(({ kernel, reasons }, i) => [
    ...(variant.launches.length > 1 ? [`launch ${i + 1} of ${variant.launches.length}: ${kernel.name}`] : []),
    `grid ${kernel.grid.map((g) => `${g.axis} by ${g.block}`).join(', ') || 'one block'}`,
    ...reasons.map((r) => `  ${r}`),
  ]);
}

const fusionText = (f: FusionNote): string => `${f.name} (line ${f.line}): ${f.inlined ? 'part of its reader' : 'a tile'}, because ${f.because}`;

/** Per line of the source: its text, then the generated lines that carry its span. */
const provenance = (file: EmittedFile, line: (span: Span) => string): readonly string[] =>
  originsOf(file.lines).flatMap(({ span, lines }) => [`${span.file}:${span.line}  ${line(span).trim()}`, ...rangesOf(lines).map(([from, to]) => generated(file, from, to))]);

function generated(file: EmittedFile, from: number, to: number): string {
  const text = file.lines.slice(from - 1, to).map((l) => `    ${l.text}`);
  return [`  ${file.path}:${from}${to > from ? `–${to}` : ''}`, ...text].join('\n');
}
