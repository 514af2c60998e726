import { setImmediate } from 'node:timers/promises';
import { spanned, spannedAsync } from '../spans.js';
import type { Tokenizer } from './tokenizer.js';

/** Characters that are encoded without a pause: some ten milliseconds' worth. */
const atOnce = 2 ** 15;

/** Ids of a text of any length. Where it may be cut, pieces go to other threads, or there are pauses, so that an abort is heard and others have their turn. */
export async function encodeLong(tokenizer: Pick<Tokenizer, 'encode' | 'border' | 'encodeApart' | 'encodeWaiting'>, text: string, signal?: AbortSignal, size = atOnce): Promise<readonly number[]> {
  const { encode, border, encodeApart, encodeWaiting } = tokenizer;
  if (border === undefined || text.length <= size) return encode(text);
  if (encodeApart !== undefined) return await spannedAsync('tokenize', `${text.length} characters, on other threads when they are there`, () => encodeBeside({ encode, encodeApart, encodeWaiting }, piecesOf(text, border, size / 2), signal));
  const pieces: (readonly number[])[] = [];
  for (const piece of piecesOf(text, border, size)) {
    pieces.push(spanned('tokenize', `${piece.length} characters`, () => encode(piece)));
    await setImmediate();
    signal?.throwIfAborted();
  }
  return pieces.flat();
}

/** How texts are encoded: here, by other threads, and here what waits for those. */
interface Beside extends Pick<Tokenizer, 'encode' | 'encodeWaiting'> { readonly encodeApart: NonNullable<Tokenizer['encodeApart']> }

async function encodeBeside({ encode, encodeApart, encodeWaiting }: Beside, pieces: Iterable<string>, signal: AbortSignal | undefined): Promise<readonly number[]> {
  const running = [...pieces].map((piece) => encodeApart(piece).catch(() => encode(piece)));
  const ids: number[] = [];
  while (encodeWaiting?.() === true) {
    await setImmediate();
    signal?.throwIfAborted();
  }
  for (const piece of running) {
    const some = await piece;
    signal?.throwIfAborted();
    for (let i = 0; i < some.length; i++) ids.push(some[i] ?? 0);
  }
  return ids;
}

/**
 * {@link Tokenizer.encodeApart} of threads that are given `texts` now, which somebody asks for soon: the pieces that {@link encodeLong}
 * makes of them are under way, or done, when it asks. Each of them is kept until then.
 */
export function encodeSoon({ border }: Pick<Tokenizer, 'border'>, encodeApart: Beside['encodeApart'], texts: readonly string[], size = atOnce): Beside['encodeApart'] {
  const pieces = border === undefined ? [] : texts.filter((text) => text.length > size).flatMap((text) => [...piecesOf(text, border, size / 2)]);
  const soon = new Map([...new Set(pieces)].map((piece) => {
    const ids = encodeApart(piece);
    // Whoever asks hears of it; nobody may.
    ids.catch(() => {});
    return [piece, ids] as const;
  }));
  return (text) => {
    const ids = soon.get(text) ?? encodeApart(text);
    soon.delete(text);
    return ids;
  };
}

function* piecesOf(text: string, border: RegExp, size: number): Generator<string> {
  for (let from = 0; from < text.length;) {
    const to = nextBorder(text, border, from + size);
    yield text.slice(from, to);
    from = to;
  }
}

/** The first border from a place on; the end of the text where there is none. */
export function nextBorder(text: string, border: RegExp, from: number): number {
  const search = new RegExp(border, border.flags);
  search.lastIndex = from;
  return search.exec(text)?.index ?? text.length;
}
