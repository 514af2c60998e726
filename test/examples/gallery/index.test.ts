import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesOf } from './batch.js';
import { indexedFiles, withFacts } from './index.js';

const folders = ['basics', 'masks', 'scoreMods', 'variants', 'kvScores'];
const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const index = readFileSync(`${examples}/README.md`, 'utf8');
const files = folders.flatMap((folder) => filesOf(folder).map((f) => `${folder}/${f}.ts`));

test('the index has a row for every file of the gallery, and what it says of each is what the compiler makes', () => {
  expect([...indexedFiles(index)].filter((f) => f.includes('/')).sort()).toEqual([...files].sort());
  expect(withFacts(index), 'run `npx tsc -b && node build/ts/test/examples/gallery/index.js`').toBe(index);
}, 120_000);

describe.each(files)('%s', (file) => {
  const text = readFileSync(`${examples}/${file}`, 'utf8');
  test('is short, begins with its one idea and says how to run it', () => {
    const lines = text.split('\n');
    const header = lines.slice(0, lines.findIndex((l) => !l.startsWith('//')));
    expect(lines.length).toBeLessThanOrEqual(81);
    expect(header.length).toBeGreaterThanOrEqual(3);
    expect(header.length).toBeLessThanOrEqual(6);
    expect(header.join(' ')).toContain(`node build/ts/examples/${file.replace(/\.ts$/, '.js')}`);
  });
  test('prints a line or more by itself', async () => {
    const said: string[] = [];
    const { log } = console;
    console.log = (...words: readonly unknown[]) => { said.push(words.join(' ')); };
    try {
      await import(`${examples}/${file}`);
    } finally {
      console.log = log;
    }
    expect(said.length).toBeGreaterThan(0);
    expect(said.join('\n')).not.toMatch(/NaN|undefined/);
  });
});

test('a folder of the gallery is none that the tests forget', () => {
  const found = readdirSync(examples, { withFileTypes: true }).filter((e) => e.isDirectory() && readdirSync(`${examples}/${e.name}`).some((f) => f.endsWith('.ts'))).map((e) => e.name);
  // docs/ holds the site's sources, no kernels.
  expect(found.filter((folder) => folder !== 'docs').sort()).toEqual([...folders].sort());
});
