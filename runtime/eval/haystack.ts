import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RuntimeError } from '../error.js';
import type { Tokenizer } from '../model/tokenizer.js';

/** A text to hide things in, in sentences. `sums`: about how many tokens are before each sentence, and in all: rarely whole numbers. */
export interface Haystack { readonly sentences: readonly string[]; readonly sums: readonly number[] }

/** Where haystacks come from: the novel that ships with the package, sentences of no meaning, or a text file's path. */
export type HaystackSource = 'novel' | 'noise' | (string & {});

/** Sentences that say nothing, in the manner of the pass key task's filler. */
const noise = 'The hills are green. The river is slow. The clouds are white. We walk along. Out and home again. ';

/** Reads a text to hide things in. Throws R405 when there is none. */
export async function readHaystack(source: HaystackSource): Promise<string> {
  if (source === 'noise') return noise.repeat(64);
  const file = source === 'novel' ? shippedNovel() : source;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RuntimeError('R405', 'the haystack cannot be read', { where: file, remedy: "give the path of a text file, 'novel' or 'noise'", cause });
  });
  if (text.trim() === '') throw new RuntimeError('R401', 'the haystack is empty', { where: file, remedy: "give a text file with some text, 'novel' or 'noise'" });
  return text;
}

/** examples/texts of the package, seen from runtime/eval/ as TypeScript and from build/ts/runtime/eval/ as JavaScript. */
function shippedNovel(): string {
  const places = ['../../examples/texts', '../../../../examples/texts'].map((dir) => fileURLToPath(new URL(`${dir}/pride-and-prejudice.txt`, import.meta.url)));
  return places.find((file) => existsSync(file)) ?? places[0]!;
}

/** Sentences of a text with their tokens. A sentence begins with the blank before it, so that another can be put in between. */
export function haystackOf(tokenizer: Tokenizer, text: string): Haystack {
  const sentences = text.split(/(?<=[.!?]["”’')\]]*(?<!\b(?:Mr|Mrs|Dr|St|Ms)\.))(?=\s)/u).flatMap(inPieces);
  const sums = [0];
  for (const sentence of sentences) sums.push(sums.at(-1)! + tokenizer.encode(sentence).length);
  // A sentence may be cut otherwise alone than behind its neighbour, by a steady share.
  const share = tokenizer.encode(sentences.join('')).length / Math.max(1, sums.at(-1)!);
  return { sentences, sums: sums.map((sum) => sum * share) };
}

/** Sentences in a row and their tokens. */
export interface Stretch { readonly sentences: readonly string[]; readonly counts: readonly number[] }

/** Sentences from number `first` on, around the end if need be, that count at least `tokens` tokens. */
export const sentencesFrom = (haystack: Haystack, first: number, tokens: number): Stretch => stretch(haystack, first, 1, tokens);

/** Sentences that end before number `border`, around the beginning if need be, that count at least `tokens` tokens. */
export function sentencesBefore(haystack: Haystack, border: number, tokens: number): Stretch {
  const { sentences, counts } = stretch(haystack, border - 1, -1, tokens);
  return { sentences: sentences.toReversed(), counts: counts.toReversed() };
}

function stretch({ sentences, sums }: Haystack, first: number, step: 1 | -1, tokens: number): Stretch {
  const taken: string[] = [];
  const counts: number[] = [];
  for (let [i, total] = [first, 0]; total < tokens; i += step) {
    const at = ((i % sentences.length) + sentences.length) % sentences.length;
    const count = Math.max(0.1, sums[at + 1]! - sums[at]!);
    taken.push(sentences[at]!);
    counts.push(count);
    total += count;
  }
  return { sentences: taken, counts };
}

/** A long stretch without an end of a sentence, cut between words where it has some. */
function inPieces(sentence: string): readonly string[] {
  return sentence.length <= 600 ? [sentence] : (sentence.match(/.{1,400}(?=\s|$)|.{1,400}/gsu) ?? []);
}
