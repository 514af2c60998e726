import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const index = fileURLToPath(new URL('../../runtime/index.ts', import.meta.url));

/** Modules that importing `file` evaluates: what is imported for types alone, or by `import()`, is not among them. */
function evaluated(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const names = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'/gm)].map(([, name]) => name ?? '');
  for (const name of names) {
    if (name.startsWith('.')) evaluated(join(dirname(file), name.replace(/\.js$/, '.ts')), seen);
    else seen.add(name);
  }
  return seen;
}

test('importing the runtime loads no package: a first kernel call does not wait for validation or tokenizers', () => {
  const loaded = [...evaluated(index)];
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter((name) => !name.startsWith('/') && !name.startsWith('node:'))).toEqual([]);
});
