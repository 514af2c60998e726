import { ts } from 'ts-morph';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import { lit } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { bindName, poison } from './bindings.js';
import { foldSelect } from './constants.js';
import { alreadyReported, changes, type Here, spanOf } from './here.js';
import { element, property } from './members.js';
import { refusal } from './messages.js';
import { fileName, placeOf, quote } from './place.js';
import { callPrimitive } from './primitives.js';
import { declared, symbolOf } from './resolve.js';
import { binaryOperator, callBuiltin, globalValue, truth, unaryOperator } from './scalar.js';
import { refuseOperator, refuseSyntax } from './subset.js';
import { describe, type FunctionNode, lookUp, type Scope, truthiness, type Value } from './values.js';

/** What an expression means. `binding` names the node it makes. Throws a CompileError at the first thing outside the language. */
export function evaluate(node: ts.Expression, here: Here, binding?: string): Value {
  const span = (): Span => spanOf(node, here, binding);
  if (ts.isParenthesizedExpression(node) || ts.isAssertionExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return evaluate(node.expression, here, binding);
  if (ts.isNumericLiteral(node)) return { kind: 'number', scalar: lit(Number(node.text), span()) };
  if (ts.isStringLiteralLike(node)) return { kind: 'string', text: node.text };
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'boolean', scalar: lit(Number(node.kind === ts.SyntaxKind.TrueKeyword), span()) };
  if (ts.isIdentifier(node)) return nameValue(node, here);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: 'function', node, scope: here.scope, name: binding ?? node.name?.text ?? '' };
  if (ts.isCallExpression(node)) return callValue(node, here, binding);
  if (ts.isPropertyAccessExpression(node)) {
    if (node.questionDotToken) throw refuseSyntax(node.questionDotToken.kind, span());
    const object = evaluate(node.expression, here);
    // A member of `import * as m` is a name like any other.
    return object.kind === 'namespace' && ts.isIdentifier(node.name) ? nameValue(node.name, here) : property(object, node.name.text, span());
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
      if (node.text in globalThis) throw refusal(isCallee(node) ? 'F051' : 'F059', spanOf(path(node), here), [path(node).getText()]);
      throw refusal('F050', span, [node.text, here.project.checker.getSymbolsInScope(node, ts.SymbolFlags.Value).map((s) => s.name), here.project.languageNames()]);
    }
    default: return what satisfies never;
  }
}

/** A function declared inside a body sees that body's names; one at module level sees none. */
const scopeAround = (node: FunctionNode, here: Here): Scope | undefined => (ts.isSourceFile(node.parent) ? undefined : here.scope);

const isCallee = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node.parent) ? isCallee(node.parent) : ts.isCallExpression(node.parent) && node.parent.expression === node;
/** `a.b.c` from its `a`. */
const path = (node: ts.Node): ts.Node => (ts.isPropertyAccessExpression(node.parent) ? path(node.parent) : node);

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

function binaryValue(node: ts.BinaryExpression, here: Here, span: Span): Value {
  const kind = node.operatorToken.kind;
  if (kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment) {
    // The declaration of what is assigned may have been refused with this very place in its note.
    if (ts.isIdentifier(node.left)) nameValue(node.left, here);
    throw refuseOperator(kind, span);
  }
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
    case 'builtin': case 'global': return callBuiltin(f.name, args, span);
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
    bindName(p.name, args[i] ?? { kind: 'undefined' }, p.initializer, here, evaluate);
  });
}

/** What a function's body returns. */
export function bodyValue(node: FunctionNode, here: Here, binding?: string, report?: (error: unknown) => void): Value {
  if (node.asteriskToken) throw refuseSyntax(node.asteriskToken.kind, spanOf(node, here));
  const async = node.modifiers?.find((m) => m.kind === ts.SyntaxKind.AsyncKeyword);
  if (async) throw refuseSyntax(async.kind, spanOf(async, here));
  if (!node.body) throw refusal('F051', spanOf(node, here), [node.name?.text ?? 'the function']);
  if (!ts.isBlock(node.body)) return evaluate(node.body, here, binding);
  const { statements } = node.body;
  for (const [i, s] of statements.entries()) {
    const next = statements[i + 1];
    if (ts.isReturnStatement(s) && next) throw refusal('F044', spanOf(next, here), [placeOf(next, here.project.root).text]);
    if (ts.isReturnStatement(s) && s.expression) return evaluate(s.expression, here, binding);
    attempt(s, here, report);
  }
  throw refusal('F043', spanOf(node, here), [node.name ? `\`${node.name.text}\`` : 'the function']);
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
  bindName(d.name, evaluate(d.initializer, here, ts.isIdentifier(d.name) ? d.name.text : undefined), undefined, here, evaluate);
}

