/** Where a node comes from. */
export interface Span {
  /** As given to the compiler. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The source text. */
  readonly text: string;
  /** The `const` it was bound to. */
  readonly binding: string | undefined;
}

/** The span of a value made outside any source file: by a test, or by a pass that has no better place to name. */
export const nowhere: Span = { file: '<built>', line: 0, column: 0, text: '', binding: undefined };

/** The same place under the name of the `const` that holds it. */
export const bound = (span: Span, binding: string): Span => ({ ...span, binding });
