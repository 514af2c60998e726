/** Text as ids arrive; a character that is not complete yet is held back. */
export interface Detokenizer {
  /** What `id` adds to the text; empty while a character is incomplete. */
  push(id: number): string;
  /** What is still held back, with a replacement character for what never became one. */
  end(): string;
}

/**
 * Incremental decoding over any `decode` of whole id lists. Decodes only the ids since the last safe point, together with
 * the ones before them, because what an id looks like (a leading space, a split character) depends on its neighbours.
 */
export function detokenizer(decode: (ids: readonly number[]) => string): Detokenizer {
  let ids: number[] = [];
  let settled = 0;
  const pending = (): string => decode(ids).slice(decode(ids.slice(0, settled)).length);
  return {
    push(id) {
      ids.push(id);
      const text = pending();
      // U+FFFD at the end: bytes of a character whose rest has not come. Four bytes make any character, so five bad ids are not waited for.
      if (text.endsWith('\uFFFD') && ids.length - settled < 5) return '';
      ids = ids.slice(settled);
      settled = ids.length;
      return text;
    },
    end() {
      const text = pending();
      ids = [];
      settled = 0;
      return text;
    },
  };
}

/** The text that each of some ids adds to those before it; what is incomplete at the end is added to the last. */
export function tokenTexts(decode: (ids: readonly number[]) => string, ids: readonly number[]): readonly string[] {
  const words = detokenizer(decode);
  const texts = ids.map((id) => words.push(id));
  const rest = words.end();
  return texts.map((text, i) => (i === texts.length - 1 ? text + rest : text));
}
