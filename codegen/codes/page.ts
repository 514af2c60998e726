/** What a code of the compiler means: a sentence or three, the smallest source that gets it, and the same source put right. */
export interface SourcePage {
  readonly kind: 'source';
  readonly title: string;
  readonly means: string;
  /** Sources without their imports from the language. */
  readonly wrong: string;
  readonly right: string;
  readonly see: readonly string[];
}

/** What a code means that no source shows by itself, and what to do about it. */
export interface PlainPage { readonly kind: 'plain'; readonly title: string; readonly means: string; readonly remedy: string; readonly see: readonly string[] }

export type CodePage = SourcePage | PlainPage;

export const source = (title: string, means: string, wrong: string, right: string, ...see: readonly string[]): SourcePage => ({ kind: 'source', title, means, wrong, right, see });
export const plain = (title: string, means: string, remedy: string, ...see: readonly string[]): PlainPage => ({ kind: 'plain', title, means, remedy, see });

const kernelOf = (result: string) => (body: string, above?: string): string =>
  `${above === undefined ? '' : `${above}\n`}export const example = kernel('example', { q: 'dynamic', k: 'dynamic' },\n  (x: In<'f32', ['q', 'k']>): ${result} =>${body.startsWith('{') ? ` ${body.replaceAll('\n', '\n  ')}` : `\n    ${body}`});`;
/** A kernel over x [q, k] with a number per row, or with one per element. */
export const perRow = kernelOf("Out<'f32', ['q']>");
export const perElement = kernelOf("Out<'f32', ['q', 'k']>");
