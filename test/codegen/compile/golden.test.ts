import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schedulesFor } from '../../../codegen/commands/schedules.js';
import { compileFiles } from '../../../codegen/compile.js';

const sources = readdirSync('runtime/kernels').filter((f) => f.endsWith('.ts')).map((f) => `runtime/kernels/${f}`);
const folder = 'kernels-generated';
const { texts } = compileFiles(sources, ['cpu', 'sm_80', 'sm_90a'], { schedules: schedulesFor(sources) });

/** After a change that is meant to change kernels: `npm run kernels`, and review the difference. */
describe('the checked-in kernels', () => {
  test('are those that the sources compile to, and no others', () => {
    const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)));
    expect(there.sort()).toEqual([...texts.keys()].sort());
  });

  test.each([...texts.keys()].sort())('%s has the bytes it compiles to', (path) => {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(texts.get(path));
  });
});
