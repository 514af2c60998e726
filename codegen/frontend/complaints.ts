import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../dsl/diagnostic.js';
import { messages } from './messages.js';
import { fileName } from './place.js';

/** What TypeScript cannot parse in a file. */
export const syntaxErrors = (program: ts.Program, file: ts.SourceFile, root: string): readonly Diagnostic[] =>
  program.getSyntacticDiagnostics(file).map((d) => complaint(d, file, root));

/** What is wrong with the types of a file. Kernels are checked against TypeScript's own library; the rest may use Node's, whose types are not loaded. */
export function typeErrors(program: ts.Program, file: ts.SourceFile, root: string): readonly Diagnostic[] {
  const all = program.getSemanticDiagnostics(file);
  const own = all.filter((d) => !isOfNode(d, file));
  return (own.length === all.length ? own : own.filter((d) => !untyped.has(d.code))).map((d) => complaint(d, file, root));
}

function complaint(d: ts.Diagnostic, file: ts.SourceFile, root: string): Diagnostic {
  const { line, character } = file.getLineAndCharacterOfPosition(d.start ?? 0);
  const [text = ''] = textAt(d, file).split('\n', 1);
  const span = { file: fileName(file.fileName, root), line: line + 1, column: character + 1, text, binding: undefined };
  const [message = '', ...notes] = ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').map((line) => line.trim());
  return { code: 'F001', message: messages.F001(message), span, notes };
}

const textAt = (d: ts.Diagnostic, file: ts.SourceFile): string => file.text.slice(d.start ?? 0, (d.start ?? 0) + (d.length ?? 0));

/** Codes of TypeScript: no such name (four wordings), no such module (three), no such property, no such global type. */
const noName = new Set([2304, 2580, 2584, 2591]);
const noModule = new Set([2307, 2591, 2882]);
/** Parameters and bindings that would have had a type: from what is not loaded. */
const untyped = new Set([7006, 7019, 7031]);

function isOfNode(d: ts.Diagnostic, file: ts.SourceFile): boolean {
  const text = textAt(d, file);
  if (d.code === 2318) return d.start === undefined || d.start === 0;
  if (d.code === 2339) return / on type 'ImportMeta'/.test(ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  return (noName.has(d.code) && text in globalThis) || (noModule.has(d.code) && isBuiltin(text.slice(1, -1)));
}
