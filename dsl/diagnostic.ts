import type { Span } from './span.js';

/** A stable code: F front-end, T axes and dtypes, S streaming, L lowering and launch, R runtime; W what compiles but deserves a look. */
export type DiagnosticCode = `${'F' | 'T' | 'S' | 'L' | 'R' | 'W'}${number}`;

/** What is wrong, where, and what else helps to see it. */
export interface Diagnostic {
  /** Stable: what a page, a search or a test can rely on. */
  readonly code: DiagnosticCode;
  /** One sentence: the operation, what it met, what it needed. */
  readonly message: string;
  /** The expression that is refused. */
  readonly span: Span;
  /** Other places and remedies, a line each. */
  readonly notes: readonly string[];
}

/** A user's error. Carries every diagnostic found, the first in its message. */
export class CompileError extends Error {
  /** All that was found, in order. */
  readonly diagnostics: readonly Diagnostic[];
  constructor(code: DiagnosticCode, message: string, span: Span, notes: readonly string[] = []) {
    super(`${span.file}:${span.line}:${span.column}  error ${code}: ${message}`);
    this.name = 'CompileError';
    this.diagnostics = [{ code, message, span, notes }];
  }
  /** Several diagnostics as one error. `first` must not be empty. */
  static of(diagnostics: readonly [Diagnostic, ...Diagnostic[]]): CompileError {
    const [first] = diagnostics;
    const error = new CompileError(first.code, first.message, first.span, first.notes);
    return Object.assign(error, { diagnostics });
  }
}
