import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { deviceCodes, RuntimeError } from '../../runtime/error.js';

const runtime = fileURLToPath(new URL('../../runtime', import.meta.url));
const sources = readdirSync(runtime, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(ts|cc|h)$/.test(f) && f !== 'error.ts').map((f) => readFileSync(join(runtime, f), 'utf8'));

describe('the catalogue', () => {
  const thrown = new Set(sources.flatMap((text) => [...text.matchAll(/['"](R[012]\d\d)['"]/g)].map(([, code]) => code ?? '')));
  test('explains every code of addon, launches and files that is thrown', () => expect([...thrown].filter((code) => !(code in deviceCodes))).toEqual([]));
  test('has no code that nothing throws', () => expect(Object.keys(deviceCodes).filter((code) => !thrown.has(code))).toEqual([]));
});

test('a message reads: where, what, remedy', () => {
  expect(new RuntimeError('R011', 'the tensor was disposed').message).toBe('the tensor was disposed');
  const full = new RuntimeError('R112', 'it has not been built', { where: "kernel 'a'", remedy: 'build it', cause: 'none' });
  expect(full).toMatchObject({ message: "kernel 'a': it has not been built; build it", code: 'R112', what: 'it has not been built', where: "kernel 'a'", remedy: 'build it', cause: 'none', name: 'RuntimeError' });
});
