import type { KernelDef, ParamDef, ResultDef, SizeRule } from '../../dsl/definition.js';
import type { Diagnostic } from '../../dsl/diagnostic.js';
import { type DType, dtypes } from '../../dsl/dtype.js';
import type { Axis, TensorExpr } from '../../dsl/expr.js';
import { input } from '../../dsl/ops.js';
import type { Span } from '../../dsl/span.js';
import { nodesOf } from '../../dsl/walk.js';
import { bindName } from './bindings.js';
import { bodyValue, evaluate } from './body.js';
import { type Collect, collector } from './collect.js';
import type { Here } from './here.js';
import type { Lengths } from './lengths.js';
import { refusal } from './messages.js';
import type { Project } from './resolve.js';
import type { DeclaredSize, Declaration, Signature } from './signature.js';
import { describe, type FunctionNode, type Value } from './values.js';

/** A kernel as declared: its signature read, its body not yet. */
export interface Declared {
  readonly name: string;
  readonly file: string;
  readonly node: FunctionNode;
  readonly signature: Signature;
  readonly sizes: readonly DeclaredSize[];
  readonly span: Span;
}
/** What one variant fixes. */
interface Choice { readonly variant: string; readonly dtypes: Readonly<Record<string, DType>>; readonly rules: ReadonlyMap<Axis, SizeRule> }

/** One definition for every choice of dtypes and fixed sizes; undefined when one was refused. Refusals go to `diagnostics`, each once. */
export function readVariants(kernel: Declared, project: Project, diagnostics: Diagnostic[]): readonly KernelDef[] | undefined {
  const choices = choicesOf(kernel);
  const read = choices.flatMap((choice) => {
    const found: Diagnostic[] = [];
    const def = collector(found)(() => readVariant(kernel, choice, project, collector(found)));
    // The variants read the same lines: what one refuses, the next would refuse in the same words.
    diagnostics.push(...found.filter((d) => !diagnostics.some((o) => o.code === d.code && o.span.file === d.span.file && o.span.line === d.span.line && o.span.column === d.span.column)));
    return found.length === 0 ? def : [];
  });
  return read.length === choices.length ? read : undefined;
}

function choicesOf(kernel: Declared): readonly Choice[] {
  const { typeParameters } = kernel.signature;
  let choices: readonly (Choice & { readonly parts: readonly string[] })[] = [{ variant: '', parts: [], dtypes: {}, rules: new Map() }];
  for (const p of typeParameters) {
    choices = choices.flatMap((c) => p.dtypes.map((d) => ({ ...c, dtypes: { ...c.dtypes, [p.name]: d }, parts: p.dtypes.length > 1 ? [...c.parts, d] : c.parts })));
  }
  for (const s of kernel.sizes) {
    choices = choices.flatMap((c) => s.rules.map((rule) => ({
      ...c, rules: new Map(c.rules).set(s.axis, rule), parts: s.rules.length > 1 && rule.kind === 'fixed' ? [...c.parts, `${s.axis}${rule.size}`] : c.parts,
    })));
  }
  return choices.map(({ parts, ...c }) => ({ ...c, variant: parts.join('_') }));
}

function readVariant(kernel: Declared, choice: Choice, project: Project, collect: Collect): KernelDef {
  const lengths: Lengths = { rules: new Map(choice.rules), read: new Set() };
  const here: Here = { project, lengths, modules: new Map(), scope: { names: new Map(), outer: undefined }, call: undefined };
  const dtypeOf = (d: Declaration): DType => choice.dtypes[d.dtype] ?? dtypes.find((t) => t === d.dtype) ?? 'f32';
  const params = kernel.signature.params.map((p): ParamDef => ({ name: p.name, dtype: dtypeOf(p), order: p.order, span: p.span }));
  const inputs = params.map((p) => input(p.name, p.dtype, p.order, p.span));
  kernel.node.parameters.forEach((p, i) => {
    const expr = inputs[i];
    if (expr) bindName(p.name, { kind: 'tensor', expr }, undefined, here, evaluate);
  });
  const alone = kernel.signature.alone;
  const value = bodyValue(kernel.node, here, alone ? 'out' : undefined, (error) => { collect(() => { throw error; }); });
  const values = alone ? new Map([['out', value]]) : fieldsOf(value, kernel);
  const results = kernel.signature.results.flatMap((r) => collect(() => result(r, dtypeOf(r), values.get(r.name), kernel)));
  if (results.length === kernel.signature.results.length) checkUse(kernel, lengths, inputs, results);
  return {
    name: kernel.name, variant: choice.variant, file: kernel.file, params, results, sizes: Object.fromEntries(lengths.rules), dtypes: choice.dtypes, span: kernel.span,
  };
}

function fieldsOf(value: Value, kernel: Declared): ReadonlyMap<string, Value> {
  const wanted = kernel.signature.results.map((r) => r.name);
  const place = kernel.signature.results[0]?.span ?? kernel.span;
  if (value.kind !== 'record') throw refusal('F060', place, ['return', 'the value', describe(value), `a record of [${wanted.join(', ')}]`]);
  const returned = [...value.fields.keys()];
  if (returned.length !== wanted.length || wanted.some((w) => !value.fields.has(w))) throw refusal('F024', place, [returned, wanted]);
  return value.fields;
}

function result(r: Declaration, dtype: DType, value: Value | undefined, kernel: Declared): ResultDef {
  if (value?.kind !== 'tensor') throw refusal('F060', r.span, ['return', `\`${r.name}\``, describe(value ?? { kind: 'undefined' }), 'a tensor']);
  const { expr } = value;
  const place = expr.kind === 'input' ? kernel.span : expr.span;
  if (expr.axes.length !== r.order.length || r.order.some((a) => !expr.axes.includes(a))) throw refusal('T030', place, [r.name, expr.axes, r.order]);
  if (expr.dtype !== dtype) throw refusal('T031', place, [r.name, expr.dtype, dtype]);
  return { name: r.name, dtype, order: r.order, value: expr, span: expr.span };
}

/** Every axis that occurs has a length, and every length an axis that occurs. */
function checkUse(kernel: Declared, lengths: Lengths, inputs: readonly TensorExpr[], results: readonly ResultDef[]): void {
  const used = new Set([...inputs, ...nodesOf(results.map((r) => r.value))].flatMap((n) => [...n.axes]));
  for (const rule of lengths.rules.values()) if (rule.kind === 'ragged') used.add(rule.by);
  const spare = kernel.sizes.find((s) => !used.has(s.axis) && !lengths.read.has(s.axis));
  if (spare) throw refusal('F016', spare.span, [spare.axis]);
  const bare = nodesOf(results.map((r) => r.value)).find((n) => n.axes.some((a) => !lengths.rules.has(a)));
  const axis = bare?.axes.find((a) => !lengths.rules.has(a));
  if (bare && axis !== undefined) throw refusal('F015', bare.span, [axis, []]);
}
