import { relative, sep } from 'node:path';
import type { ts } from 'ts-morph';
import type { Span } from '../../dsl/span.js';

const longest = 80;

/** Where a node stands: file relative to `root` with forward slashes, 1-based line and column, the first line of its text. */
export function placeOf(node: ts.Node, root: string, binding?: string): Span {
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const [first = ''] = node.getText(file).split('\n', 1);
  const text = first.trim();
  return {
    file: fileName(file.fileName, root), line: line + 1, column: character + 1,
    text: text.length > longest ? `${text.slice(0, longest - 1)}…` : text, binding,
  };
}

/** A path as spans show it. */
export const fileName = (path: string, root: string): string => relative(root, path).split(sep).join('/');

/** `file:line`, as notes quote it. */
export const quote = (span: Span): string => `${span.file}:${span.line}`;
