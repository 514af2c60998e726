import { ts } from 'ts-morph';
import type { SizeRule } from '../../dsl/definition.js';
import type { DType } from '../../dsl/dtype.js';
import type { Axis } from '../../dsl/expr.js';
import type { Span } from '../../dsl/span.js';
import type { Collect } from './collect.js';
import { refusal } from './messages.js';
import { placeOf } from './place.js';
import type { Project } from './resolve.js';
import { dtypeName, dtypesOf, faceOf, orderOf, type Typed } from './types.js';
import { describe, type FunctionNode, type Value } from './values.js';

/** A parameter or result as declared. `dtype` is a dtype or the name of a type parameter. */
export interface Declaration { readonly name: string; readonly dtype: string; readonly order: readonly Axis[]; readonly span: Span }
export interface TypeParameter { readonly name: string; readonly dtypes: readonly DType[] }
/** What the sizes record says of an axis: a rule, or one fixed size per variant. */
export interface DeclaredSize { readonly axis: Axis; readonly rules: readonly SizeRule[]; readonly span: Span }

export interface Signature {
  readonly typeParameters: readonly TypeParameter[];
  readonly params: readonly Declaration[];
  readonly results: readonly Declaration[];
  /** Whether the function returns one tensor, which is the result `out`. */
  readonly alone: boolean;
}

/** What the function's own annotations declare; every mistake is told to `collect`. */
export function readSignature(node: FunctionNode, project: Project, collect: Collect): Signature {
  const at = (n: ts.Node, binding?: string): Span => placeOf(n, project.root, binding);
  const typeParameters = (node.typeParameters ?? []).flatMap((p) => collect(() => typeParameter(p, project, at(p))));
  const names = node.typeParameters?.map((p) => p.name.text) ?? [];
  const params = node.parameters.flatMap((p) => collect(() => parameter(p, names, project, at(p, p.name.getText()))));
  const { results, alone } = collect(() => resultsOf(node, names, project, collect))[0] ?? { results: [], alone: false };
  for (const r of results) if (params.some((p) => p.name === r.name)) collect(() => { throw refusal('F027', r.span, [r.name]); });
  return { typeParameters, params, results, alone };
}

const unscoped = (node: ts.TypeNode): Typed => ({ node, scope: new Map() });

function typeParameter(p: ts.TypeParameterDeclaration, project: Project, span: Span): TypeParameter {
  const found = p.constraint ? dtypesOf(unscoped(p.constraint), project) : [];
  if (found.length === 0) throw refusal('F019', span, [p.name.text]);
  return { name: p.name.text, dtypes: found };
}

function parameter(p: ts.ParameterDeclaration, names: readonly string[], project: Project, span: Span): Declaration {
  const name = p.name.getText();
  const face = p.type && faceOf(unscoped(p.type), project);
  if (!ts.isIdentifier(p.name)) throw refusal('F020', span, ['{ … }', 'destructured']);
  if (p.questionToken || p.initializer || p.dotDotDotToken) throw refusal('F020', span, [name, p.dotDotDotToken ? 'a rest parameter' : 'optional']);
  if (face?.kind !== 'tensor' || face.face !== 'In') throw refusal('F020', span, [name, p.type?.getText() ?? 'without a type']);
  return declaration(name, face.dtype, face.order, names, project, span);
}

function declaration(name: string, dtype: Typed, order: Typed, names: readonly string[], project: Project, span: Span): Declaration {
  const type = dtypeName(dtype, names, project);
  if (type === undefined) throw refusal('F026', span, [name, dtype.node.getText()]);
  const axes = orderOf(order, project);
  if (!axes) throw refusal('F021', span, [name, order.node.getText()]);
  return { name, dtype: type, order: axes, span };
}

function resultsOf(node: FunctionNode, names: readonly string[], project: Project, collect: Collect): { readonly results: readonly Declaration[]; readonly alone: boolean } {
  const { type } = node;
  if (!type) throw refusal('F022', placeOf(node, project.root), []);
  const face = faceOf(unscoped(type), project);
  const span = placeOf(type, project.root, 'out');
  if (face.kind === 'tensor' && face.face === 'Out') return { results: [declaration('out', face.dtype, face.order, names, project, span)], alone: true };
  if (face.kind !== 'record' || face.members.length === 0) throw refusal('F023', span, [type.getText()]);
  const results = face.members.flatMap(([name, member, place]) => collect(() => {
    const inner = faceOf(member, project);
    const at = placeOf(place, project.root, name);
    if (inner.kind !== 'tensor' || inner.face !== 'Out') throw refusal('F023', at, [member.node.getText()]);
    return declaration(name, inner.dtype, inner.order, names, project, at);
  }));
  return { results, alone: false };
}

/** The sizes record of a kernel: axis by axis. */
export function readSizes(record: Value, node: ts.Expression, project: Project, collect: Collect): readonly DeclaredSize[] {
  const whole = placeOf(node, project.root);
  if (record.kind !== 'record') { collect(() => { throw refusal('F014', whole, [describe(record)]); }); return []; }
  const place = (axis: Axis): Span => {
    const property = ts.isObjectLiteralExpression(node) ? node.properties.find((p) => p.name?.getText() === axis) : undefined;
    return property ? placeOf(property, project.root) : whole;
  };
  const sizes = [...record.fields].flatMap(([axis, v]) => collect((): DeclaredSize => ({ axis, rules: rulesOf(axis, v, place(axis)), span: place(axis) })));
  for (const s of sizes) {
    const [rule] = s.rules;
    const by = rule?.kind === 'ragged' ? sizes.find((o) => o.axis === rule.by) : undefined;
    if (rule?.kind === 'ragged' && (!by || by.rules[0]?.kind === 'ragged')) collect(() => { throw refusal('F017', s.span, [s.axis, rule.by, sizes.map((o) => o.axis).filter((a) => a !== s.axis)]); });
  }
  return sizes;
}

function rulesOf(axis: Axis, v: Value, span: Span): readonly SizeRule[] {
  if (v.kind === 'ragged') return [v];
  if (v.kind === 'string' && v.text === 'dynamic') return [{ kind: 'dynamic' }];
  if (v.kind === 'list' && v.items.length > 0) return v.items.flatMap((item) => [fixed(axis, item, span)]);
  return [fixed(axis, v, span)];
}

function fixed(axis: Axis, v: Value, span: Span): SizeRule {
  if (v.kind !== 'number' || v.scalar.kind !== 'lit' || !Number.isInteger(v.scalar.value) || v.scalar.value < 1) throw refusal('F013', span, [axis, describe(v)]);
  return { kind: 'fixed', size: v.scalar.value };
}

/** What only the sizes and orders together show: every axis of a parameter has a size, ragged axes stand behind the one they depend on. */
export function checkOrders(signature: Signature, sizes: readonly DeclaredSize[], collect: Collect): void {
  const ruleOf = (axis: Axis): SizeRule | undefined => sizes.find((s) => s.axis === axis)?.rules[0];
  const spare = sizes.map((s) => s.axis).filter((a) => !signature.params.some((p) => p.order.includes(a)));
  // A result may have axes that the body makes, whose sizes it knows once it is read.
  for (const { order, span } of signature.params) for (const axis of order) if (!ruleOf(axis)) collect(() => { throw refusal('F015', span, [axis, spare]); });
  for (const { name, order, span } of [...signature.params, ...signature.results]) {
    for (const [i, axis] of order.entries()) {
      const rule = ruleOf(axis);
      if (rule?.kind === 'ragged' && order[i - 1] !== rule.by) collect(() => { throw refusal('F025', span, [name, axis, rule.by]); });
    }
  }
}
