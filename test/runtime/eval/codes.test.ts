import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { evalCodes } from '../../../runtime/eval/codes.js';

const runtime = fileURLToPath(new URL('../../../runtime', import.meta.url));
const files = readdirSync(runtime, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && f !== 'eval/codes.ts');
const thrown = files.flatMap((f) => [...readFileSync(join(runtime, f), 'utf8').matchAll(/RuntimeError\('(R6\d\d)'/g)].map(([, code]) => code));

test('the catalogue has the codes of evaluations that are thrown, and no others', () => {
  expect(Object.keys(evalCodes).sort()).toEqual([...new Set(thrown)].sort());
});
