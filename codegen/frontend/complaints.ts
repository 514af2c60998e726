import { isBuiltin } from 'node:module';
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../dsl/diagnostic.js';
import { messages } from './messages.js';
import { fileName } from './place.js';

/** What TypeScript says about a file: its syntax always, its types when asked. */
export function complaints(program: ts.Program, file: ts.SourceFile, root: string, types: boolean): readonly Diagnostic[] {
  const found = [...program.getSyntacticDiagnostics(file), ...(types ? typeErrors(program, file) : [])];
  return found.map((d) => {
    const { line, character } = file.getLineAndCharacterOfPosition(d.start ?? 0);
    const [text = ''] = file.text.slice(d.start ?? 0, (d.start ?? 0) + (d.length ?? 0)).split('\n', 1);
    const span = { file: fileName(file.fileName, root), line: line + 1, column: character + 1, text, binding: undefined };
    const [message = '', ...notes] = ts.flattenDiagnosticMessageText(d.messageText, '\n').split('\n').map((line) => line.trim());
    return { code: 'F001', message: messages.F001(message), span, notes };
  });
}

/** Kernels are checked against TypeScript's own library; the rest of a file may use Node's, whose types are not loaded. */
function typeErrors(program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] {
  const all = program.getSemanticDiagnostics(file);
  const own = all.filter((d) => !isOfNode(d, file));
  return own.length === all.length ? own : own.filter((d) => !untyped.has(d.code));
}

/** Codes of TypeScript: no such name (four wordings), no such module (three), no such property, no such global type. */
const noName = new Set([2304, 2580, 2584, 2591]);
const noModule = new Set([2307, 2591, 2882]);
/** Parameters and bindings that would have had a type: from what is not loaded. */
const untyped = new Set([7006, 7019, 7031]);

function isOfNode(d: ts.Diagnostic, file: ts.SourceFile): boolean {
  const text = file.text.slice(d.start ?? 0, (d.start ?? 0) + (d.length ?? 0));
  if (d.code === 2318) return d.start === undefined || d.start === 0;
  if (d.code === 2339) return / on type 'ImportMeta'/.test(ts.flattenDiagnosticMessageText(d.messageText, '\n'));
  return (noName.has(d.code) && text in globalThis) || (noModule.has(d.code) && isBuiltin(text.slice(1, -1)));
}
