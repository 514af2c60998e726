import type { Tokenizer } from '../model/tokenizer.js';

/** What is to be filled: a text that must stand as it is, one of which the beginning is taken, one that must follow, and the tokens of all. */
export interface Filling { readonly head: string; readonly tail: string; readonly end: string; readonly tokens: number }

/** `whole`: a text of exactly the tokens asked. `off`: the tail is too short or the head too long; `tokens` is what about all of it came to. */
export type Fitted = { readonly kind: 'whole'; readonly text: string } | { readonly kind: 'off'; readonly tokens: number };

/** How much of head and end is encoded again with each trial of the tail: what stands further away does not change how the tail is cut. */
const near = 400;
/** Around the place where the count passes what is wanted, so many characters are tried one by one. */
const reach = 32;
/** Where no beginning of the tail hits the count, one of these may, after a shorter beginning. */
const fillers = ['', '.', ' .', '..', ' a', '\n', ' 1', ' 1 2', ' a b c', '...', ' . . .'];

/**
 * Head, as much of the tail as it takes, and end: a text that `tokenizer` cuts into exactly `tokens` tokens. All of it is
 * encoded once or a few times, the tail's neighbourhood often.
 */
export function fitTokens(tokenizer: Tokenizer, { head, tail, end, tokens }: Filling): Fitted {
  const count = (text: string): number => tokenizer.encode(text).length;
  const [before, behind] = [head.slice(-near), end.slice(0, near)];
  const local = (cut: string): number => count(before + cut + behind);
  let cut = tail.slice(0, Math.floor(tail.length / 2));
  for (let attempt = 0; attempt < 6; attempt++) {
    const text = head + cut + end;
    const total = count(text);
    if (total === tokens) return { kind: 'whole', text };
    const next = cutWith(local, tail, tokens - total + local(cut));
    if (next === undefined) return { kind: 'off', tokens: total };
    cut = next;
  }
  return { kind: 'off', tokens: count(head + cut + end) };
}

/** A beginning of `tail`, maybe with a filler, whose count is `wanted`; undefined where there is none. */
function cutWith(count: (cut: string) => number, tail: string, wanted: number): string | undefined {
  let [low, high] = [0, tail.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (count(tail.slice(0, middle)) < wanted) low = middle + 1;
    else high = middle;
  }
  const places = Array.from({ length: 2 * reach + 1 }, (_, i) => low + (i % 2 === 0 ? i / 2 : -(i + 1) / 2)).filter((at) => at >= 0 && at <= tail.length && !splitsCharacter(tail, at));
  for (const filler of fillers) {
    for (const at of places) {
      const cut = tail.slice(0, at) + filler;
      if (count(cut) === wanted) return cut;
    }
  }
  return undefined;
}

/** Whether a cut at `at` would part the halves of one character. */
const splitsCharacter = (text: string, at: number): boolean => (text.codePointAt(at - 1) ?? 0) > 0xffff;
