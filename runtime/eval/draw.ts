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
  let state = hash(key.join('\u0000'));
  const uniform = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(uniform() * n);
  const hex = (count: number): string => Array.from({ length: count }, () => below(16).toString(16)).join('');
  return {
    uniform, below,
    digits: (count) => `${1 + below(9)}${Array.from({ length: count - 1 }, () => below(10)).join('')}`,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + below(4)).toString(16)}${hex(3)}-${hex(12)}`,
    choose: (items, count) => {
      if (count > items.length) throw new RangeError(`${count} different items cannot be drawn from ${items.length}`);
      const left = [...items];
      return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]!);
    },
  };
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** splitmix's finaliser on 32 bits. */
function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
