// A novel with a fact hidden in it, cut to a number of tokens: what the long-context examples search.
import { readFileSync } from 'node:fs';
import type { Tokenizer } from 'warpfold/runtime';

export interface Haystack { readonly text: string; readonly tokens: number; readonly fact: string; readonly question: string; readonly answer: string }

/** A file or folder of this project's examples, seen from the sources and from build/ts alike. */
export const examplePath = (name: string): string => `${import.meta.dirname.replace(/\/build\/ts\/examples$/, '/examples')}/${name}`;

/** About `tokens` tokens of a novel with a pass key between two of its sentences, `depth` of the way through. */
export function hideFact(tokenizer: Tokenizer, novel: string, tokens: number, depth: number, key: string): Haystack {
  return hideAmong(tokenizer, tokenizer.encode(readFileSync(examplePath(`texts/${novel}.txt`), 'utf8')).slice(0, tokens), depth, key);
}

/** {@link hideFact} in a text given as its tokens. */
export function hideAmong(tokenizer: Tokenizer, ids: readonly number[], depth: number, key: string): Haystack {
  const text = tokenizer.decode(ids);
  const place = text.indexOf('. ', Math.floor(text.length * depth)) + 1;
  const fact = ` The pass key is ${key}. Remember it. ${key} is the pass key.`;
  const hidden = text.slice(0, place) + fact + text.slice(place);
  return { text: hidden, tokens: tokenizer.encode(hidden).length, fact, question: '\nQuestion: What is the pass key?\nAnswer: The pass key is', answer: key };
}
