import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { requestCodes } from '../../runtime/requestCodes.js';

const runtime = fileURLToPath(new URL('../../runtime', import.meta.url));
const files = readdirSync(runtime, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && f !== 'requestCodes.ts');
const thrown = files.flatMap((f) => [...readFileSync(join(runtime, f), 'utf8').matchAll(/RuntimeError\('(R[345]\d\d)'/g)].map(([, code]) => code));

test('the catalogue has the codes of models and requests that are thrown, and no others', () => {
  expect(Object.keys(requestCodes).sort()).toEqual([...new Set(thrown)].sort());
});
