import { expect, test } from 'vitest';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import { bound, nowhere, type Span } from '../../dsl/span.js';

const span: Span = { file: 'author.ts', line: 3, column: 7, text: 'sum(x, axis)', binding: undefined };

test('an error of the author says place, code and sentence, and carries the rest', () => {
  const error = new CompileError('T012', 'what is wrong', span, ['what else helps']);
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.message, error.diagnostics]).toEqual(['CompileError', 'author.ts:3:7  error T012: what is wrong', [{ code: 'T012', message: 'what is wrong', span, notes: ['what else helps'] }]]);
});

test('several diagnostics are one error that begins with the first', () => {
  const all: readonly [Diagnostic, Diagnostic] = [{ code: 'F010', message: 'first', span, notes: [] }, { code: 'S103', message: 'second', span: nowhere, notes: ['note'] }];
  const error = CompileError.of(all);
  expect([error instanceof CompileError, error.message, error.diagnostics]).toEqual([true, 'author.ts:3:7  error F010: first', all]);
});

test('a bound span is the same place under a name', () => {
  expect(bound(span, 's')).toEqual({ ...span, binding: 's' });
});
