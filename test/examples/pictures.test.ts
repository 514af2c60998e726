import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pictures } from '../../runtime/eval/report.js';
import { parseResults } from '../../runtime/eval/results.js';

const results = fileURLToPath(new URL('../bench/results', import.meta.url));

test('the pictures are those of the results beside them: `npm run pictures` draws them', async () => {
  const path = join(results, 'eval-bookworm.json');
  const drawn = await pictures(parseResults(readFileSync(path, 'utf8'), path));
  expect(readdirSync(join(results, 'pictures')).toSorted()).toEqual(drawn.map((p) => p.name).toSorted());
  for (const { name, svg } of drawn) expect(readFileSync(join(results, 'pictures', name), 'utf8')).toBe(svg);
});
