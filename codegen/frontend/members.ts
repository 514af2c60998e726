import type { ts } from 'ts-morph';
import { lit, pos } from '../../dsl/scalar.js';
import type { Span } from '../../dsl/span.js';
import { alreadyReported, type Here, spanOf } from './here.js';
import { refusal } from './messages.js';
import { memberOfGlobal } from './scalar.js';
import { refuseSyntax } from './subset.js';
import { constantNumber, describe, type Value } from './values.js';

/** `object.name`. */
export function property(object: Value, key: string, span: Span): Value {
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
    default:
  }
  throw refusal('F058', span, [describe(object), key, object.kind === 'record' ? [...object.fields.keys()] : object.kind === 'tensor' ? ['dtype'] : object.kind === 'list' ? ['length'] : []]);
}

/** `object[key]` with a key known at compile time. */
export function element(object: Value, key: Value, node: ts.ElementAccessExpression, here: Here, span: Span): Value {
  if (node.questionDotToken) throw refuseSyntax(node.questionDotToken.kind, span);
  const index = constantNumber(key);
  if (object.kind === 'list' && index !== undefined) {
    const item = object.items[index];
    if (item) return item;
  }
  if ((object.kind === 'positions' || object.kind === 'record') && key.kind === 'string') return property(object, key.text, span);
  if (object.kind === 'tensor') throw refusal('F060', spanOf(node, here), ['[ ]', 'the object', describe(object), "gather(x, 'k', index), which reads at computed positions"]);
  throw refusal('F058', span, [describe(object), node.argumentExpression.getText(), []]);
}
