import { philox, type Words } from '../random.js';

/** Draws of one case, in order. Two drawers of the same key draw the same. */
export interface Drawer {
  /** A number of [0, 1). */
  uniform(): number;
  /** A whole number of [0, n). */
  below(n: number): number;
  /** A number of so many digits, the first not 0. */
  digits(count: number): string;
  /** A UUID of version 4. */
  uuid(): string;
  /** `count` different items. Throws RangeError when there are fewer. */
  choose<T>(items: readonly T[], count: number): readonly T[];
}

/** A drawer whose draws follow from its key alone: a case keeps its draws whatever else runs. */
export function drawer(...key: readonly (string | number)[]): Drawer {
  const stream = hash(key.join('\u0000'));
  let place = 0;
  const words = (): Words => philox([place++, 0, 0, 1], stream);
  const uniform = (): number => words()[0] / 2 ** 32;
  const below = (n: number): number => Math.floor(uniform() * n);
  return {
    uniform, below,
    digits: (count) => `${1 + below(9)}${Array.from({ length: count - 1 }, () => below(10)).join('')}`,
    uuid: () => {
      const hex = words().map((w) => w.toString(16).padStart(8, '0')).join('');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex[16]!, 16) % 4]}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    choose: (items, count) => {
      if (count > items.length) throw new RangeError(`${count} different items cannot be drawn from ${items.length}`);
      const left = [...items];
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]!);
    },
  };
}

/** 64 bits of FNV-1a over UTF-16 units, as two u32. */
function hash(text: string): readonly [number, number] {
  let h = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) h = BigInt.asUintN(64, (h ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return [Number(h & 0xffffffffn), Number(h >> 32n)];
}
