// `npm run readme`: puts the figures of test/bench/results into the README, between two markers.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../gpu/open.js';
import { performance } from './section.js';
import { type ResultTable, tablesOf } from './tables.js';

const folder = join(root, 'test/bench/results');

/** All tables that are checked in. */
export const checkedIn = (): readonly ResultTable[] => readdirSync(folder).filter((f) => f.endsWith('.md')).sort().flatMap((f) => tablesOf(f, readFileSync(join(folder, f), 'utf8')));

/** A README with these figures in it. Throws where its markers are missing. */
export function withFigures(readme: string, figures: string): string {
  const marked = /<!-- figures -->[\s\S]*<!-- \/figures -->/;
  if (!marked.test(readme)) throw new Error('README.md has no <!-- figures --> … <!-- /figures -->');
  return readme.replace(marked, () => `<!-- figures -->\n\n${figures}\n\n<!-- /figures -->`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'README.md');
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), performance(checkedIn())));
}
