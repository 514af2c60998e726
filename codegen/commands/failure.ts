import { readFileSync } from 'node:fs';
import { CompileError, type Diagnostic } from '../../dsl/diagnostic.js';
import { BuildError } from '../compilers.js';
import { formatDiagnostic } from '../diagnose.js';

/** What a failure says on stderr and the exit code: 1 for a user's error, 70 for one of ours. */
export interface Failure { readonly text: string; readonly exitCode: 1 | 70 }

/** A mistake found by a command itself: one sentence, with the remedy if there is one. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** How a command ends that threw. Diagnostics come with their source lines; what nobody foresaw comes with its stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CompileError) return { text: compileErrors(error), exitCode: 1 };
  if (error instanceof BuildError || error instanceof CommandError) return { text: `error: ${error.message}`, exitCode: 1 };
  const code = runtimeCode(error);
  if (error instanceof Error && code !== undefined) return { text: `error ${code}: ${error.message}`, exitCode: 1 };
  if (error instanceof Error && isSystemError(error)) return { text: `error: ${error.message}`, exitCode: 1 };
  return { text: `warpfold has a bug: ${error instanceof Error ? error.stack : String(error)}`, exitCode: 70 };
}

function compileErrors(error: CompileError): string {
  const all = told(error.diagnostics);
  return all.length === 1 ? all.join('') : `${all.join('\n\n')}\n\n${all.length} errors`;
}

/** Warnings as stderr shows them: with their source lines, once for all kernels that share the line, and nothing where there are none. */
export const warningsText = (warnings: readonly Diagnostic[]): string => [...new Set(told(warnings))].map((w) => `${w}\n\n`).join('');

function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  const texts = new Map<string, readonly string[]>();
  const lines = (file: string): readonly string[] => {
    const known = texts.get(file) ?? readLines(file);
    texts.set(file, known);
    return known;
  };
  return diagnostics.map((d) => formatDiagnostic(d, (file, line) => lines(file)[line - 1]));
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    // A value made by a pass names no file; its diagnostic stands without a frame.
    return [];
  }
}

/** The runtime's errors are known by their code: this file may not load the runtime to compare classes. */
function runtimeCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^R\d{3}$/.test(code) ? code : undefined;
}

/** A file or folder the system would not open: its message names call and path. */
const isSystemError = (error: Error): boolean => 'syscall' in error && 'path' in error;
