import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { messages } from '../../../codegen/frontend/messages.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { refusals } from './source.js';

const folder = fileURLToPath(new URL('fixtures', import.meta.url));
const codes = readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => f.replace('.ts', ''));
const lineOf = (file: string, line: number): string | undefined => readFileSync(join(folder, file), 'utf8').split('\n')[line - 1];

describe('a refusal', () => {
  test('has a fixture for every code of the catalogue', () => {
    // A file that cannot be read has no fixture to be.
    expect(codes).toEqual(Object.keys(messages).filter((c) => c !== 'F002').sort());
  });

  test.each(codes)('%s is told in exactly these words', async (code) => {
    const told = refusals(() => readKernels([`${code}.ts`], { root: folder }), lineOf);
    expect(told.join('\n')).toContain(`error ${code}: `);
    await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot(join(folder, `${code}.txt`));
  });

  test('F002 names a file that cannot be read', () => {
    expect(refusals(() => readKernels(['missing.ts'], { root: folder }))).toEqual(['missing.ts:1:1  error F002: there is no file of this name; paths are relative to the folder where the command runs']);
  });
});
