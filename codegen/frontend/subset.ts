import { ts } from 'ts-morph';
import type { CompileError } from '../../dsl/diagnostic.js';
import type { Span } from '../../dsl/span.js';
import { refusal } from './messages.js';

/** Codes of refused syntax: each sentence takes what was met. */
type SyntaxCode = 'F030' | 'F031' | 'F032' | 'F033' | 'F034' | 'F035' | 'F036' | 'F037' | 'F038' | 'F039' | 'F040';

const K = ts.SyntaxKind;

// The TypeScript we refuse, by the name its author knows it under. Kinds that are neither here nor read by the front-end get F040.
const refused: ReadonlyMap<ts.SyntaxKind, readonly [SyntaxCode, string]> = new Map<ts.SyntaxKind, readonly [SyntaxCode, string]>([
  [K.ForStatement, ['F030', 'for']],
  [K.ForOfStatement, ['F030', 'for…of']],
  [K.ForInStatement, ['F030', 'for…in']],
  [K.WhileStatement, ['F030', 'while']],
  [K.DoStatement, ['F030', 'do…while']],
  [K.PrefixUnaryExpression, ['F032', '++ and --']],
  [K.PostfixUnaryExpression, ['F032', '++ and --']],
  [K.ClassDeclaration, ['F033', 'class']],
  [K.ClassExpression, ['F033', 'class']],
  [K.NewExpression, ['F033', 'new']],
  [K.ThisKeyword, ['F033', 'this']],
  [K.MethodDeclaration, ['F033', 'a method']],
  [K.GetAccessor, ['F033', 'get']],
  [K.SetAccessor, ['F033', 'set']],
  [K.AsyncKeyword, ['F034', 'async']],
  [K.AsteriskToken, ['F034', 'a generator']],
  [K.AwaitExpression, ['F034', 'await']],
  [K.YieldExpression, ['F034', 'yield']],
  [K.TryStatement, ['F035', 'try']],
  [K.ThrowStatement, ['F035', 'throw']],
  [K.IfStatement, ['F036', 'if']],
  [K.SwitchStatement, ['F036', 'switch']],
  [K.BreakStatement, ['F036', 'break']],
  [K.ContinueStatement, ['F036', 'continue']],
  [K.TemplateExpression, ['F037', 'a template string']],
  [K.TaggedTemplateExpression, ['F037', 'a tagged template']],
  [K.RegularExpressionLiteral, ['F037', 'a regular expression']],
  [K.SpreadElement, ['F038', 'spread']],
  [K.SpreadAssignment, ['F038', 'spread']],
  [K.Parameter, ['F038', 'a rest parameter']],
  [K.QuestionDotToken, ['F039', '?.']],
  [K.BigIntLiteral, ['F040', 'a bigint']],
  [K.EnumDeclaration, ['F040', 'enum']],
  [K.LabeledStatement, ['F040', 'a label']],
  [K.DebuggerStatement, ['F040', 'debugger']],
]);

/** The refusal of a kind of syntax at a place. */
export function refuseSyntax(kind: ts.SyntaxKind, span: Span): CompileError {
  const [code, what] = refused.get(kind) ?? ['F040', nameOf(kind)];
  return refusal(code, span, [what]);
}

/** `MetaProperty` → 'meta property': good enough for syntax nobody writes in a kernel. */
const nameOf = (kind: ts.SyntaxKind): string => (K[kind] ?? 'syntax').replace(/(?<=[a-z])[A-Z]/g, (c) => ` ${c.toLowerCase()}`).toLowerCase();

// Binary operators with no scalar meaning, and what to write instead.
const noOperator: ReadonlyMap<ts.SyntaxKind, string> = new Map<ts.SyntaxKind, string>([
  [K.EqualsEqualsToken, 'use ==='],
  [K.ExclamationEqualsToken, 'use !=='],
  [K.AmpersandToken, 'use && on comparisons, % and Math.floor(a / b) on integers'],
  [K.BarToken, 'use || on comparisons, Math.trunc(x) to cut a fraction'],
  [K.CaretToken, 'use !== on comparisons'],
  [K.LessThanLessThanToken, 'use x * 2 ** n'],
  [K.GreaterThanGreaterThanToken, 'use Math.floor(x / 2 ** n)'],
  [K.GreaterThanGreaterThanGreaterThanToken, 'use Math.floor(x / 2 ** n)'],
  [K.TildeToken, 'use -x - 1'],
  [K.CommaToken, 'bind each value with const'],
  [K.InKeyword, 'records have known fields'],
  [K.InstanceOfKeyword, 'values have known kinds'],
  [K.QuestionQuestionToken, 'both sides are known at compile time or the default is not needed'],
  [K.TypeOfKeyword, 'values have known kinds'],
  [K.VoidKeyword, 'write undefined'],
  [K.DeleteKeyword, 'values do not change'],
]);

/** The refusal of an operator: an assignment changes a value, others have no scalar meaning. */
export function refuseOperator(kind: ts.SyntaxKind, span: Span): CompileError {
  const text = ts.tokenToString(kind) ?? nameOf(kind);
  if (kind >= K.FirstAssignment && kind <= K.LastAssignment) return refusal('F032', span, [`assignment (${text})`]);
  return refusal('F041', span, [text, noOperator.get(kind) ?? 'use + - * / % **, comparisons, && || !, cond ? a : b or Math.*']);
}
