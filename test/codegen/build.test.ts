import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, type BuildReport } from '../../codegen/build.js';
import { emitFile } from '../../codegen/emit/file.js';
import { cpu } from '../../codegen/targets/cpu.js';
import { matmul } from './emit/kernels.js';

let folder: string;
const write = (name: string, text: string): void => { writeFileSync(join(folder, 'generated', 'cpu', `${name}.cpp`), text); };
const run = (): Promise<BuildReport> => build({ generated: join(folder, 'generated'), out: join(folder, 'out'), isas: ['x86-64-v2'] });
const library = (name: string): string => join(folder, 'out', 'cpu', 'x86-64-v2', `${name}.so`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warpfold-build-'));
  mkdirSync(join(folder, 'generated', 'cpu'), { recursive: true });
  for (const name of ['one', 'two']) write(name, emitFile(cpu, name, [matmul(name, ['f', 'e'], 8, 16, 16)]).text);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('only what changed is compiled, a library exports its launches and nothing else, and errors say what to do', async () => {
  expect(await run()).toEqual({ built: [library('one'), library('two')], fresh: [] });
  expect(await run()).toEqual({ built: [], fresh: [library('one'), library('two')] });
  write('two', emitFile(cpu, 'two', [matmul('two', ['e', 'f'], 8, 16, 16)]).text);
  expect(await run()).toEqual({ built: [library('two')], fresh: [library('one')] });

  const exported = execFileSync('nm', ['-D', '--defined-only', library('two')], { encoding: 'utf8' }).trim().split('\n').map((l) => l.split(' ').at(-1));
  expect(exported).toEqual(['two']);

  write('three', 'int broken( {\n');
  await expect(run()).rejects.toThrow(/^g\+\+ .*three\.cpp failed:\n.*error:/s);
  expect(existsSync(library('three'))).toBe(false);

  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    await expect(run()).rejects.toThrow('g++ was not found; it compiles kernels for the CPU. Install it: apt-get install g++');
  } finally {
    process.env['PATH'] = path;
  }
});

test('a folder without generated sources has nothing to build', async () => {
  expect(await build({ generated: join(folder, 'none'), out: join(folder, 'out') })).toEqual({ built: [], fresh: [] });
});
