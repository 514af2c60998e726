import type { Manifest } from '../../dsl/manifest.js';

/** Names that need no quotes as a property. */
const plain = /^[A-Za-z_$][\w$]*$/;

/**
 * The text of `kernels-generated/manifest.ts`. `typesFrom` is the module the generated file imports its type from.
 * Kernels are sorted by name, so that the text does not depend on the order of files.
 */
export function manifestText(manifest: Manifest, typesFrom = '../dsl/manifest.js'): string {
  const kernels = Object.fromEntries(Object.entries(manifest.kernels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return [
    '// What the generated kernels take and where they are. By `warpfold compile`; do not edit.',
    `import type { Manifest } from '${typesFrom}';`,
    '',
    `export const manifest = ${literal({ ...manifest, kernels }, '')} as const satisfies Manifest;`,
    '',
  ].join('\n');
}

/** The manifest that `manifestText` made a text of. Throws a SyntaxError for any other text. */
export function manifestOf(text: string): Manifest {
  const [, literal = ''] = /^export const manifest = (.*) as const satisfies Manifest;$/ms.exec(text) ?? [];
  const json = literal.replace(token, (_, string: string | undefined, name: string | undefined) => {
    if (string !== undefined) return JSON.stringify(string.replace(/\\(.)/gs, (_escape, c: string) => (c === 'n' ? '\n' : c)));
    return name === undefined ? '' : `"${name}"`;
  });
  return JSON.parse(json) as Manifest;
}

/** What is not JSON in a literal: a string, a name before its colon, a comma before a bracket. */
const token = /'((?:[^'\\]|\\.)*)'|([A-Za-z_$][\w$]*)(?=:)|,(?=\s*[\]}])/gs;

/** A value as TypeScript: on one line where it fits, else one entry per line. */
function literal(value: unknown, indent: string): string {
  const line = flat(value);
  if (indent.length + line.length <= 150) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((v) => `${inner}${literal(v, inner)},\n`).join('')}${indent}]`;
  return `{\n${entries(value).map(([k, v]) => `${inner}${key(k)}: ${literal(v, inner)},\n`).join('')}${indent}}`;
}

function flat(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const all = entries(value);
  return all.length === 0 ? '{}' : `{ ${all.map(([k, v]) => `${key(k)}: ${flat(v)}`).join(', ')} }`;
}

const key = (name: string): string => (plain.test(name) ? name : `'${name.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`);
const entries = (value: unknown): readonly (readonly [string, unknown])[] => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
