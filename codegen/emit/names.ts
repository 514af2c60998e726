/** Hands out identifiers, each once. */
export interface Names {
  /** `wanted` made an identifier; when that is taken with `suffix`, then with a number. */
  readonly fresh: (wanted: string, suffix?: string) => string;
}

/** `taken`: what the surrounding text and the device header already mean. */
export function names(taken: Iterable<string> = reserved): Names {
  const used = new Set(taken);
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

/** C++ keywords that people use as names, and the vocabulary of the device header. */
export const reserved: readonly string[] = [
  'auto', 'bool', 'break', 'case', 'catch', 'char', 'class', 'const', 'constexpr', 'continue', 'default', 'delete', 'do', 'double', 'else', 'enum',
  'explicit', 'export', 'extern', 'false', 'float', 'for', 'friend', 'goto', 'if', 'inline', 'int', 'long', 'mutable', 'namespace', 'new', 'operator',
  'or', 'and', 'not', 'xor', 'private', 'protected', 'public', 'register', 'return', 'short', 'signed', 'sizeof', 'static', 'struct', 'switch',
  'template', 'this', 'throw', 'true', 'try', 'typedef', 'typename', 'union', 'unsigned', 'using', 'virtual', 'void', 'volatile', 'while', 'asm',
  'main', 'std', 'math', 'args', 'block', 'blocks', 'i', 'tensor', 'scalar', 'size', 'load', 'store', 'fill', 'mma', 'matrix', 'transposed', 'Matrix', 'ConstMatrix',
  'overwrite', 'accumulate', 'wide', 'TILE', 'topk', 'sumOf', 'maxOf', 'minOf', 'maximum', 'minimum', 'truth', 'toInt', 'rounded', 'roundTile', 'floorDivide', 'remainderOf', 'inside',
  'bf16', 'f16', 'Index', 'Vector', 'IntVector', 'LANES', 'INFINITY', 'NAN', 'KERNEL', 'y0', 'y1', 'j0', 'j1', 'yn', 'jn', 'gamma', 'signgam',
];
