import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pictures } from '../../runtime/eval/report.js';
import { joinResults, type ReadResults } from '../../runtime/eval/join.js';
import { parseResults } from '../../runtime/eval/results.js';

const results = fileURLToPath(new URL('../bench/results', import.meta.url));

test('the pictures are those of the results beside them: `npm run pictures` draws them', async () => {
  const folder = join(results, 'eval-bookworm');
  const read = readdirSync(folder).toSorted().map((name): ReadResults => ({ where: name, results: parseResults(readFileSync(join(folder, name), 'utf8'), name) }));
  const drawn = await pictures(joinResults(read as [ReadResults, ...ReadResults[]]));
  expect(readdirSync(join(results, 'pictures')).toSorted()).toEqual(drawn.map((p) => p.name).toSorted());
  for (const { name, svg } of drawn) expect(readFileSync(join(results, 'pictures', name), 'utf8')).toBe(svg);
});
