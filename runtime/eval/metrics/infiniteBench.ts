import { words } from './normalize.js';

/** Whether the first number said is the right one: InfiniteBench's `passkey` and `number_string`. */
export const firstNumber = (prediction: string, reference: string): number => one(/[0-9]+/.exec(prediction)?.[0] === reference);

/** Whether the value is among the words said: InfiniteBench's `kv_retrieval`. */
export const valueSaid = (prediction: string, reference: string): number => one(words(blanked(prediction, '\n:"\'.,?!{}')).includes(reference));

/** Whether the character's name is among the words said, in capitals: InfiniteBench's `longdialogue_qa_eng`. */
export const nameSaid = (prediction: string, reference: string): number => one(words(blanked(prediction, '\n:"\'.,?!{}')).map((w) => w.toUpperCase()).includes(reference));

/** Whether the last word is the right whole number: InfiniteBench's `code_run`. */
export function lastNumber(prediction: string, reference: string): number {
  const last = words(blanked(prediction, '\n.`\'":')).at(-1) ?? '';
  return one(/^[+-]?\d+$/.test(last) && Number(last) === Number(reference));
}

/** Whether the first number, whole or decimal, is the right one: InfiniteBench's `math_find`. */
export function firstDecimal(prediction: string, reference: string): number {
  const number = /\d+\.\d+|\d+/.exec(prediction)?.[0];
  return one(number !== undefined && Number(number) === Number(reference));
}

/** How many of the running results are right before the first wrong one, as a share: InfiniteBench's `math_calc`. */
export function leadingNumbers(prediction: string, reference: readonly string[]): number {
  const numbers = prediction.match(/[0-9]+/g) ?? [];
  const wrong = reference.findIndex((n, i) => Number(n) !== Number(numbers[i] ?? NaN));
  return reference.length === 0 ? 0 : (wrong < 0 ? reference.length : wrong) / reference.length;
}

/** Whether the right letter was chosen: at the very beginning, after a phrase such as "answer is", or as the first lone letter. InfiniteBench's `longbook_choice_eng`. */
export function choice(prediction: string, letters: readonly string[]): number {
  const first = prediction[0] ?? '';
  if (first !== '' && 'ABCD'.includes(first)) return one(letters.includes(first));
  const text = blanked(prediction, '\n"\'.,?!{}').replace(/ {2,}/g, ' ');
  const after = afterPrefix(text, ['answer is:', 'answer:', 'answer is', 'option is']);
  if (after !== undefined) return one(letters.some((letter) => after.startsWith(letter)));
  const lone = words(text).find((word) => 'ABCD'.includes(word));
  return one(lone !== undefined && letters.includes(lone));
}

/** Whether letter or function of the planted bug was named: at the very beginning, or after a phrase such as "answer:". InfiniteBench's `code_debug`; `reference` is the function, then the letter. */
export function bugNamed(prediction: string, [name = '', letter = '']: readonly string[]): number {
  if (prediction.startsWith(`${letter}.`) || prediction.startsWith(`${letter}:`)) return 1;
  const text = blanked(prediction.trim(), '\n`\'"-*').replace(/[Oo]ption/g, ' ').replace(/ {2,}/g, ' ');
  const after = afterPrefix(text, ['answer is:', 'is:', 'answer:']);
  return one(after !== undefined && (after.startsWith(letter) || after.startsWith(name)));
}

/** What follows the first of the phrases that occurs, one blank skipped; undefined where none does. */
function afterPrefix(text: string, prefixes: readonly string[]): string | undefined {
  const prefix = prefixes.find((p) => text.includes(p));
  return prefix === undefined ? undefined : text.slice(text.indexOf(prefix) + prefix.length + 1);
}

/** `text` with each of `characters` replaced by a blank. */
const blanked = (text: string, characters: string): string => [...text].map((c) => (characters.includes(c) ? ' ' : c)).join('');

const one = (right: boolean): number => (right ? 1 : 0);
