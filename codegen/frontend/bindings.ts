import { ts } from 'ts-morph';
import { type Here, spanOf } from './here.js';
import { property } from './members.js';
import { refusal } from './messages.js';
import { isUnplaced } from './primitives.js';
import { refuseSyntax } from './subset.js';
import { describe, type Value } from './values.js';

/** Reads the default of a name that was given no value. */
type ReadDefault = (initializer: ts.Expression, here: Here) => Value;

/** Puts the names of a `const` or parameter, destructured or not, into scope. */
export function bindName(name: ts.BindingName, value: Value, initializer: ts.Expression | undefined, here: Here, read: ReadDefault): void {
  const given = value.kind === 'undefined' && initializer ? read(initializer, here) : value;
  if (ts.isIdentifier(name)) {
    const symbol = here.project.checker.getSymbolAtLocation(name);
    if (symbol) here.scope?.names.set(symbol, placed(given, name, here));
    return;
  }
  name.elements.forEach((e, i) => {
    if (ts.isOmittedExpression(e)) return;
    if (e.dotDotDotToken) throw refuseSyntax(ts.SyntaxKind.SpreadElement, spanOf(e, here));
    bindName(e.name, part(given, e, i, here), e.initializer, here, read);
  });
}

function part(value: Value, e: ts.BindingElement, index: number, here: Here): Value {
  const span = spanOf(e, here, ts.isIdentifier(e.name) ? e.name.text : undefined);
  if (ts.isArrayBindingPattern(e.parent)) {
    if (value.kind !== 'list') throw refusal('F058', span, [describe(value), `[${index}]`, []]);
    return value.items[index] ?? { kind: 'undefined' };
  }
  const key = e.propertyName ?? e.name;
  if (!ts.isIdentifier(key)) throw refuseSyntax(key.kind, span);
  if (value.kind === 'poison') return value;
  if (value.kind === 'record' && e.initializer && !value.fields.has(key.text)) return { kind: 'undefined' };
  return property(value, key.text, span);
}

/** An operand gets the name its arrow gives it, and the place where it does. */
function placed(value: Value, name: ts.Identifier, here: Here): Value {
  return value.kind === 'number' && isUnplaced(value.scalar) ? { kind: 'number', scalar: { ...value.scalar, span: spanOf(name, here, name.text) } } : value;
}

/** Puts names into scope whose value was refused. */
export function poison(name: ts.BindingName, here: Here): void {
  const symbol = here.project.checker.getSymbolAtLocation(name);
  if (ts.isIdentifier(name) && symbol) here.scope?.names.set(symbol, { kind: 'poison' });
  else if (!ts.isIdentifier(name)) for (const e of name.elements) if (!ts.isOmittedExpression(e)) poison(e.name, here);
}
