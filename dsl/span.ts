/** Where a node comes from: file as given to the compiler, 1-based line and column, the source text, and the `const` it was bound to. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly binding: string | undefined;
}

/** The span of a value made outside any source file: by a test, or by a pass that has no better place to name. */
export const nowhere: Span = { file: '<built>', line: 0, column: 0, text: '', binding: undefined };

/** The same place under the name of the `const` that holds it. */
export const bound = (span: Span, binding: string): Span => ({ ...span, binding });
