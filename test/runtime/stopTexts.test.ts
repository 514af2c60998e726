import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { stopTexts } from '../../runtime/stopTexts.js';

// Two letters, so that beginnings, overlaps and repeats of stop texts are everywhere; a wide character among them.
const letters = (min: number, max: number) => fc.string({ unit: fc.constantFrom('a', 'b', '🐛'), minLength: min, maxLength: max });
const pieces = fc.array(letters(0, 4), { maxLength: 12 });

function run(stops: readonly string[], parts: readonly string[]) {
  const out = stopTexts(stops);
  const given: string[] = [];
  for (const part of parts) given.push(out.push(part));
  return { given: [...given, out.end()], met: out.met };
}
/** The stop text that ends first, by definition. */
function firstEnd(text: string, stops: readonly string[]): number | undefined {
  for (let end = 1; end <= text.length; end++) {
    const starts = stops.filter((s) => s !== '' && text.slice(0, end).endsWith(s)).map((s) => end - s.length);
    if (starts.length > 0) return Math.min(...starts);
  }
  return undefined;
}

describe('stop texts', () => {
  test.prop([letters(1, 4), pieces], { numRuns: 500 })('one cuts the whole text at its first occurrence, however the text arrives', (stop, parts) => {
    const text = parts.join('');
    const { given, met } = run([stop], parts);
    expect(given.join('')).toBe(text.split(stop)[0]);
    expect(met).toBe(text.includes(stop) ? stop : undefined);
  });

  test.prop([fc.array(letters(0, 4), { maxLength: 4 }), pieces], { numRuns: 500 })('several cut where the first of them is complete', (stops, parts) => {
    const text = parts.join('');
    const end = firstEnd(text, stops);
    const { given, met } = run(stops, parts);
    expect(given.join('')).toBe(text.slice(0, end));
    expect(met === undefined).toBe(end === undefined);
  });

  test.prop([fc.array(letters(1, 4), { minLength: 1, maxLength: 3 }), pieces], { numRuns: 300 })('give out at once what can begin none of them', (stops, parts) => {
    const out = stopTexts(stops);
    let [text, given] = ['', ''];
    for (const part of parts) {
      text += part;
      given += out.push(part);
      if (out.met !== undefined) break;
      const held = text.slice(given.length);
      expect(held === '' || stops.some((s) => s.startsWith(held))).toBe(true);
    }
  });

  example('text beside them passes through as it comes', () => {
    expect(run(['\n\n', 'User:'], ['Yes', '.\n', 'Us', 'ually.', '\n', '\nUser: no']).given).toEqual(['Yes', '.', '\n', 'Usually.', '', '', '']);
  });
});
