import { cKeywords, deviceWords } from './cNames.js';

/** Hands out identifiers, each once. */
export interface Names {
  /** `wanted` made an identifier; when that is taken with `suffix`, then with a number. */
  readonly fresh: (wanted: string, suffix?: string) => string;
}

/** Every identifier but the words of C++ and of the device headers; a local may hide a function of the C library. */
export function names(): Names {
  const used = new Set([...cKeywords, ...deviceWords]);
  return {
    fresh: (wanted, suffix = '') => {
      const plain = identifier(wanted);
      let name = used.has(plain) ? plain + suffix : plain;
      for (let n = 2; used.has(name); n++) name = `${plain}${n}`;
      used.add(name);
      return name;
    },
  };
}

const identifier = (wanted: string): string => wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, 'x');

/** An axis as part of a longer identifier: 'q' → 'Q', 'rows' → 'Rows'. */
export const capital = (axis: string): string => axis.charAt(0).toUpperCase() + axis.slice(1);

/** The index along an axis inside a tile: 'q' → 'iq', 'rows' → 'iRows'. */
export const indexName = (axis: string): string => `i${axis.length === 1 ? axis : capital(axis)}`;
