import { ts } from 'ts-morph';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import { lit, pos } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { foldSelect } from './constants.js';
import type { Lengths } from './lengths.js';
import { refusal } from './messages.js';
import { fileName, placeOf, quote } from './place.js';
import { callPrimitive, isUnplaced } from './primitives.js';
import { declared, firstAssignment, followAlias, type Project, symbolOf } from './resolve.js';
import { binaryOperator, callBuiltin, globalValue, memberOfGlobal, truth, unaryOperator } from './scalar.js';
import { refuseOperator, refuseSyntax } from './subset.js';
import { constantNumber, describe, type FunctionNode, lookUp, type Scope, truthiness, type Value } from './values.js';

/** Where reading stands: what is in scope, which calls it is inside of, and what one variant of a kernel knows. */
export interface Here {
  readonly project: Project;
  readonly lengths: Lengths;
  /** Module-level constants read so far; 'reading' while one is being read. */
  readonly modules: Map<ts.Node, Value | 'reading'>;
  readonly scope: Scope | undefined;
  readonly call: Call | undefined;
}
/** `place` stands for every node made inside the language's own functions: the author's line that called them. */
interface Call { readonly node: FunctionNode; readonly place: Span | undefined; readonly outer: Call | undefined }

/** Thrown where a value that failed before is read again: already reported. */
const alreadyReported = new Error('a value that failed was read again');

/** The span of a node: its own place, or the author's line while inside a library function. */
export const spanOf = (node: ts.Node, here: Here, binding?: string): Span =>
  here.call?.place ? { ...here.call.place, binding } : placeOf(node, here.project.root, binding);

/** What an expression means. `binding` names the node it makes. Throws a CompileError at the first thing outside the language. */
export function evaluate(node: ts.Expression, here: Here, binding?: string): Value {
  const span = (): Span => spanOf(node, here, binding);
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return evaluate(node.expression, here, binding);
  if (ts.isNumericLiteral(node)) return { kind: 'number', scalar: lit(Number(node.text), span()) };
  if (ts.isStringLiteralLike(node)) return { kind: 'string', text: node.text };
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'boolean', scalar: lit(Number(node.kind === ts.SyntaxKind.TrueKeyword), span()) };
  if (ts.isIdentifier(node)) return nameValue(node, here);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: 'function', node, scope: here.scope, name: binding ?? node.name?.text ?? '' };
  if (ts.isCallExpression(node)) return callValue(node, here, binding);
  if (ts.isPropertyAccessExpression(node)) {
    if (node.questionDotToken) throw refuseSyntax(node.questionDotToken.kind, span());
    return property(evaluate(node.expression, here), node.name, here, span());
  }
  if (ts.isElementAccessExpression(node)) return element(evaluate(node.expression, here), evaluate(node.argumentExpression, here), node, here, span());
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) throw refuseSyntax(node.kind, span());
    return unaryOperator(node.operator, evaluate(node.operand, here), span());
  }
  if (ts.isBinaryExpression(node)) return binaryValue(node, here, span());
  if (ts.isConditionalExpression(node)) return choice(node, here, binding);
  if (ts.isObjectLiteralExpression(node)) return { kind: 'record', fields: new Map(node.properties.map((p) => field(p, here))) };
  if (ts.isArrayLiteralExpression(node)) return { kind: 'list', items: node.elements.map((e) => evaluate(e, here)) };
  if (ts.isTypeOfExpression(node)) throw refuseOperator(ts.SyntaxKind.TypeOfKeyword, span());
  if (ts.isVoidExpression(node)) throw refuseOperator(ts.SyntaxKind.VoidKeyword, span());
  if (ts.isDeleteExpression(node)) throw refuseOperator(ts.SyntaxKind.DeleteKeyword, span());
  throw refuseSyntax(node.kind, span());
}

function nameValue(node: ts.Identifier, here: Here): Value {
  const span = spanOf(node, here);
  const symbol = symbolOf(node, here.project.checker);
  const held = symbol && lookUp(here.scope, symbol);
  if (held?.kind === 'poison') throw alreadyReported;
  if (held) return held;
  const what = declared(symbol, here.project);
  switch (what.kind) {
    case 'primitive': case 'marker': return what;
    case 'function': return { kind: 'function', node: what.node, scope: scopeAround(what.node, here), name: what.name };
    case 'const': return moduleConstant(what.node, node.text, here, span);
    case 'let': throw refusal('F055', span, [node.text], changes(what.node, here));
    case 'namespace': return { kind: 'namespace', symbol: what.symbol, name: node.text };
    case 'class': throw refuseSyntax(what.node.kind, span);
    case 'local': throw refusal('F057', span, [node.text]);
    case 'opaque': throw refusal(isCallee(node) ? 'F051' : 'F059', span, [node.text]);
    case 'global': {
      const value = globalValue(node.text, span);
      if (value) return value;
      // The front-end opens projects without TypeScript's library, so Node's own names have no symbol.
      if (node.text in globalThis) throw refusal(isCallee(node) ? 'F051' : 'F059', span, [calleeText(node)]);
      throw refusal('F050', span, [node.text]);
    }
    default: return what satisfies never;
  }
}

/** A function declared inside a body sees that body's names; one at module level sees none. */
const scopeAround = (node: FunctionNode, here: Here): Scope | undefined => (ts.isSourceFile(node.parent) ? undefined : here.scope);

const isCallee = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node.parent) ? isCallee(node.parent) : ts.isCallExpression(node.parent) && node.parent.expression === node;
const calleeText = (node: ts.Node): string => (ts.isPropertyAccessExpression(node.parent) ? calleeText(node.parent) : node.getText());

const changes = (node: ts.VariableDeclaration, here: Here): readonly string[] => {
  const assignment = firstAssignment(node, here.project.checker);
  const { root } = here.project;
  return [`declared at ${quote(placeOf(node, root))}`, ...(assignment ? [`assigned at ${quote(placeOf(assignment, root))}: ${placeOf(assignment, root).text}`] : [])];
};

function moduleConstant(node: ts.VariableDeclaration, name: string, here: Here, span: Span): Value {
  const known = here.modules.get(node);
  // A const of an enclosing body is in scope before it is read; what is not there has not been reached.
  if (known === 'reading' || !ts.isSourceFile(node.parent.parent.parent)) throw refusal('F057', span, [name]);
  if (known) return known;
  if (!node.initializer) throw refusal('F059', span, [name]);
  here.modules.set(node, 'reading');
  const value = evaluate(node.initializer, { ...here, scope: undefined, call: undefined }, name);
  here.modules.set(node, value);
  return value;
}

function property(object: Value, name: ts.MemberName, here: Here, span: Span): Value {
  const key = name.text;
  switch (object.kind) {
    case 'tensor':
      if (key === 'dtype') return { kind: 'string', text: object.expr.dtype };
      break;
    case 'record': {
      const value = object.fields.get(key);
      if (value?.kind === 'poison') throw alreadyReported;
      if (value) return value;
      break;
    }
    case 'positions':
      if (!object.axes.includes(key)) throw refusal('F065', span, [key, object.axes]);
      return { kind: 'number', scalar: pos(key, span) };
    case 'list':
      if (key === 'length') return { kind: 'number', scalar: lit(object.items.length, span) };
      break;
    case 'global': return memberOfGlobal(object.name, key, span);
    case 'namespace': {
      const symbol = followAlias(here.project.checker.getExportsOfModule(object.symbol).find((e) => e.name === key), here.project.checker);
      if (symbol && ts.isIdentifier(name)) return nameValue(name, here);
      break;
    }
    default:
  }
  throw refusal('F058', span, [describe(object), key]);
}

function element(object: Value, key: Value, node: ts.ElementAccessExpression, here: Here, span: Span): Value {
  if (node.questionDotToken) throw refuseSyntax(node.questionDotToken.kind, span);
  const index = constantNumber(key);
  if (object.kind === 'list' && index !== undefined) {
    const item = object.items[index];
    if (item) return item;
  }
  if (object.kind === 'positions' && key.kind === 'string') {
    if (!object.axes.includes(key.text)) throw refusal('F065', span, [key.text, object.axes]);
    return { kind: 'number', scalar: pos(key.text, span) };
  }
  if (object.kind === 'record' && key.kind === 'string') {
    const value = object.fields.get(key.text);
    if (value) return value;
  }
  if (object.kind === 'tensor') throw refusal('F060', spanOf(node, here), ['[ ]', 'the object', describe(object), "gather(x, 'k', index), which reads at computed positions"]);
  throw refusal('F058', span, [describe(object), node.argumentExpression.getText()]);
}

function binaryValue(node: ts.BinaryExpression, here: Here, span: Span): Value {
  const kind = node.operatorToken.kind;
  if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) throw refuseOperator(kind, span);
  const a = evaluate(node.left, here);
  const right = (): Value => evaluate(node.right, here);
  // What is known at compile time decides as in JavaScript: the other side may not even be readable.
  const known = truthiness(a);
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken && known !== undefined) return known ? right() : a;
  if (kind === ts.SyntaxKind.BarBarToken && known !== undefined) return known ? a : right();
  if (kind === ts.SyntaxKind.QuestionQuestionToken) return a.kind === 'undefined' ? right() : a;
  return binaryOperator(kind, a, right(), span);
}

function choice(node: ts.ConditionalExpression, here: Here, binding: string | undefined): Value {
  const cond = evaluate(node.condition, here);
  const known = truthiness(cond);
  if (known !== undefined) return evaluate(known ? node.whenTrue : node.whenFalse, here, binding);
  const span = spanOf(node, here, binding);
  const decides = truth('? :', cond, spanOf(node.condition, here));
  const a = evaluate(node.whenTrue, here);
  const b = evaluate(node.whenFalse, here);
  if (a.kind === 'number' && b.kind === 'number') return { kind: 'number', scalar: foldSelect(decides, a.scalar, b.scalar, span) };
  if (a.kind === 'boolean' && b.kind === 'boolean') return { kind: 'boolean', scalar: foldSelect(decides, a.scalar, b.scalar, span) };
  throw refusal('F064', span, [`${describe(a)} and ${describe(b)}`]);
}

function field(node: ts.ObjectLiteralElementLike, here: Here): readonly [string, Value] {
  if (ts.isShorthandPropertyAssignment(node)) return [node.name.text, nameValue(node.name, here)];
  if (!ts.isPropertyAssignment(node)) throw refuseSyntax(node.kind, spanOf(node, here));
  if (!ts.isIdentifier(node.name) && !ts.isStringLiteralLike(node.name)) throw refuseSyntax(node.name.kind, spanOf(node.name, here));
  return [node.name.text, evaluate(node.initializer, here, node.name.text)];
}

function callValue(node: ts.CallExpression, here: Here, binding: string | undefined): Value {
  const span = spanOf(node, here, binding);
  if (node.questionDotToken) throw refuseSyntax(node.questionDotToken.kind, span);
  const callee = evaluate(node.expression, here);
  if (callee.kind === 'marker') return markerCall(callee.name, node, here, span);
  if (callee.kind === 'kernel') throw refusal('F054', span, [callee.name]);
  return apply(callee, node.arguments.map((a) => evaluate(a, here)), span, node.arguments.map((a) => spanOf(a, here)), here, binding);
}

function markerCall(name: 'kernel' | 'ragged', node: ts.CallExpression, here: Here, span: Span): Value {
  const [first] = node.arguments;
  const by = first && evaluate(first, here);
  if (by?.kind !== 'string') throw refusal('F060', span, [name, 'the first argument', describe(by ?? { kind: 'undefined' }), 'a string literal']);
  return name === 'ragged' ? { kind: 'ragged', by: by.text } : { kind: 'kernel', name: by.text };
}

/** What calling `f` yields: a primitive's node, scalar code, or the body of a function read with its arguments bound. */
export function apply(f: Value, args: readonly Value[], span: Span, places: readonly Span[], here: Here, binding?: string): Value {
  switch (f.kind) {
    case 'primitive':
      return callPrimitive({ name: f.name, args, span, places, lengths: here.lengths, apply: (g, operands, at) => apply(g, operands, at, [], here, binding) });
    case 'builtin': return callBuiltin(f.name, args.at(-1)?.kind === 'positions' ? args.slice(0, -1) : args, span);
    case 'global': return callBuiltin(f.name, args, span);
    case 'function': return enter(f, args, span, here, binding);
    default: throw refusal('F053', span, [describe(f)]);
  }
}

function enter(f: Value & { readonly kind: 'function' }, args: readonly Value[], span: Span, here: Here, binding: string | undefined): Value {
  for (let c = here.call; c; c = c.outer) if (c.node === f.node) throw refusal('F052', span, [f.name === '' ? 'the arrow' : f.name]);
  const inLibrary = f.node.getSourceFile().fileName.startsWith(`${here.project.library}/`);
  const scope: Scope = { names: new Map(), outer: f.scope };
  const inside: Here = { ...here, scope, call: { node: f.node, place: inLibrary ? span : undefined, outer: here.call } };
  try {
    bindParameters(f.node, args, inside);
    return bodyValue(f.node, inside, binding);
  } catch (error) {
    if (error instanceof CompileError && f.name !== '') throw withNote(error, whence(f, span, inLibrary, here));
    throw error;
  }
}

const whence = (f: Value & { readonly kind: 'function' }, span: Span, inLibrary: boolean, here: Here): string =>
  inLibrary ? `inside ${f.name}, which ${fileName(f.node.getSourceFile().fileName, here.project.root)} defines` : `${f.name} is called at ${quote(span)}`;

function withNote(error: CompileError, note: string): CompileError {
  const [first, ...rest] = error.diagnostics.map((d): Diagnostic => (d.notes.includes(note) ? d : { ...d, notes: [...d.notes, note] }));
  return first ? CompileError.of([first, ...rest]) : error;
}

function bindParameters(node: FunctionNode, args: readonly Value[], here: Here): void {
  node.parameters.forEach((p, i) => {
    if (p.dotDotDotToken) throw refuseSyntax(p.kind, spanOf(p, here));
    bindName(p.name, args[i] ?? { kind: 'undefined' }, p.initializer, here);
  });
}

/** Puts the names of a `const` or parameter, destructured or not, into scope. */
export function bindName(name: ts.BindingName, value: Value, initializer: ts.Expression | undefined, here: Here): void {
  const given = value.kind === 'undefined' && initializer ? evaluate(initializer, here) : value;
  if (ts.isIdentifier(name)) {
    const symbol = here.project.checker.getSymbolAtLocation(name);
    if (symbol) here.scope?.names.set(symbol, placed(given, name, here));
    return;
  }
  name.elements.forEach((e, i) => {
    if (ts.isOmittedExpression(e)) return;
    if (e.dotDotDotToken) throw refuseSyntax(ts.SyntaxKind.SpreadElement, spanOf(e, here));
    bindName(e.name, part(given, e, i, here), e.initializer, here);
  });
}

function part(value: Value, e: ts.BindingElement, index: number, here: Here): Value {
  const span = spanOf(e, here);
  if (ts.isArrayBindingPattern(e.parent)) {
    if (value.kind !== 'list') throw refusal('F058', span, [describe(value), `[${index}]`]);
    return value.items[index] ?? { kind: 'undefined' };
  }
  const key = e.propertyName ?? e.name;
  if (!ts.isIdentifier(key)) throw refuseSyntax(key.kind, span);
  if (value.kind === 'poison') return value;
  if (value.kind === 'record' && e.initializer && !value.fields.has(key.text)) return { kind: 'undefined' };
  return property(value, key, here, span);
}

/** An operand gets the name its arrow gives it, and the place where it does. */
function placed(value: Value, name: ts.Identifier, here: Here): Value {
  return value.kind === 'number' && isUnplaced(value.scalar) ? { kind: 'number', scalar: { ...value.scalar, span: spanOf(name, here, name.text) } } : value;
}

/** What a function's body returns. */
export function bodyValue(node: FunctionNode, here: Here, binding?: string, report?: (error: unknown) => void): Value {
  if (node.asteriskToken) throw refuseSyntax(ts.SyntaxKind.YieldExpression, spanOf(node, here));
  if (node.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)) throw refuseSyntax(ts.SyntaxKind.AwaitExpression, spanOf(node, here));
  if (!node.body) throw refusal('F051', spanOf(node, here), [node.name?.text ?? 'the function']);
  if (!ts.isBlock(node.body)) return evaluate(node.body, here, binding);
  const { statements } = node.body;
  for (const [i, s] of statements.entries()) {
    const next = statements[i + 1];
    if (ts.isReturnStatement(s) && next) throw refusal('F044', spanOf(next, here), [placeOf(next, here.project.root).text]);
    if (ts.isReturnStatement(s) && s.expression) return evaluate(s.expression, here, binding);
    attempt(s, here, report);
  }
  throw refusal('F043', spanOf(node, here), [node.name?.text ?? (binding ? `\`${binding}\`` : 'the arrow')]);
}

/** One statement. With `report`, a failure is told and its names become poison, so that later statements are still read. */
function attempt(s: ts.Statement, here: Here, report: ((error: unknown) => void) | undefined): void {
  if (!report) { statement(s, here); return; }
  try {
    statement(s, here);
  } catch (error) {
    if (error !== alreadyReported) report(error);
    if (ts.isVariableStatement(s)) for (const d of s.declarationList.declarations) poison(d.name, here);
  }
}

function poison(name: ts.BindingName, here: Here): void {
  if (ts.isIdentifier(name)) bindName(name, { kind: 'poison' }, undefined, here);
  else for (const e of name.elements) if (!ts.isOmittedExpression(e)) poison(e.name, here);
}

function statement(s: ts.Statement, here: Here): void {
  if (ts.isVariableStatement(s)) { for (const d of s.declarationList.declarations) bindDeclaration(d, here); return; }
  if (ts.isFunctionDeclaration(s) || ts.isTypeAliasDeclaration(s) || ts.isInterfaceDeclaration(s) || ts.isEmptyStatement(s)) return;
  if (!ts.isExpressionStatement(s)) throw refuseSyntax(s.kind, spanOf(s, here));
  evaluate(s.expression, here);
  throw refusal('F042', spanOf(s, here), [placeOf(s, here.project.root).text]);
}

function bindDeclaration(d: ts.VariableDeclaration, here: Here): void {
  const keyword = d.parent.flags & ts.NodeFlags.Const ? 'const' : d.parent.flags & ts.NodeFlags.Let ? 'let' : 'var';
  if (keyword !== 'const') throw refusal('F031', spanOf(d, here), [`${keyword} ${d.name.getText()}`], changes(d, here).slice(1));
  if (!d.initializer) throw refusal('F059', spanOf(d, here), [d.name.getText()]);
  bindName(d.name, evaluate(d.initializer, here, ts.isIdentifier(d.name) ? d.name.text : undefined), undefined, here);
}

/** Whether an error says that something reported before failed again. */
export const isReported = (error: unknown): boolean => error === alreadyReported;
