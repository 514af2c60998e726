import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../codegen/diagnose.js';
import type { Diagnostic } from '../../dsl/diagnostic.js';

const at = (line: number, column: number, text: string): Diagnostic => ({
  code: 'T012', message: "dot over 'd': `v` has axes [h, k, e], no 'd'", span: { file: 'examples/plain.ts', line, column, text, binding: 's' }, notes: ['v is declared at examples/plain.ts:4', 'and once more'],
});

describe('a printed diagnostic', () => {
  test('gives place, code, sentence, the line with carets, and notes', () => {
    expect(formatDiagnostic(at(7, 13, "dot(q, v, 'd')"), () => "  const s = dot(q, v, 'd');")).toBe(`\
examples/plain.ts:7:13  error T012: dot over 'd': \`v\` has axes [h, k, e], no 'd'
   7 |   const s = dot(q, v, 'd');
     |             ^^^^^^^^^^^^^^
note: v is declared at examples/plain.ts:4
note: and once more`);
  });

  test('has no frame where there is no source', () => {
    expect(formatDiagnostic(at(0, 0, ''), () => undefined).split('\n')).toHaveLength(3);
  });

  test('carets stand under their text behind tabs, and never run over the line', () => {
    const frame = (column: number, text: string, source: string): readonly string[] => formatDiagnostic(at(12345, column, text), () => source).split('\n').slice(1, 3);
    expect(frame(3, 'sum(x)', '\t\tsum(x)\r')).toEqual(['12345 |   sum(x)', '      |   ^^^^^^']);
    expect(frame(5, 'map(x, …', 'a = map(')).toEqual(['12345 | a = map(', '      |     ^^^^']);
    expect(frame(1, '', 'x')).toEqual(['12345 | x', '      | ^']);
  });
});
