/** Text as it goes out: what may be the beginning of a stop text is held back. */
export interface StopTexts {
  /** What can go out of `text` and of what was held back before. */
  push(text: string): string;
  /** What is still held back, when nothing follows. */
  end(): string;
  /** The stop text that was met; from then on nothing goes out. */
  readonly met: string | undefined;
}

/** Ends a text in front of the stop text that is complete first; of several the longest. How the text arrives in pieces makes no difference. */
export function stopTexts(stops: readonly string[]): StopTexts {
  const wanted = stops.filter((s) => s !== '');
  let held = '';
  let met: string | undefined;
  return {
    get met() { return met; },
    push(text) {
      if (met !== undefined) return '';
      held += text;
      const found = firstOf(held, wanted);
      if (found !== undefined) met = found.stop;
      const end = found?.at ?? firstBeginning(held, wanted);
      const out = held.slice(0, end);
      held = found === undefined ? held.slice(end) : '';
      return out;
    },
    end() {
      const out = held;
      held = '';
      return out;
    },
  };
}

/** Where a stop text stands whose end comes first. */
function firstOf(text: string, stops: readonly string[]): { readonly at: number; readonly stop: string } | undefined {
  const found = stops.map((stop) => ({ stop, at: text.indexOf(stop) })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => a.at + a.stop.length - (b.at + b.stop.length) || a.at - b.at)[0];
}

/** From where on the text is the beginning of a stop text; its length where it is none. */
function firstBeginning(text: string, stops: readonly string[]): number {
  const longest = Math.max(0, ...stops.map((s) => s.length - 1));
  for (let at = Math.max(0, text.length - longest); at < text.length; at++) if (stops.some((s) => s.startsWith(text.slice(at)))) return at;
  return text.length;
}
