import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, root, warpfold } from './command.js';

const kernel = `import { type In, kernel, map, type Out } from 'warpfold/dsl';
export const twice = kernel('twice', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => x * 2));
`;

test.each([
  ['bench', ['bench', '.']],
  ['tune', ['tune', '.']],
  ['explain', ['explain', '.']],
  ['run', ['run', '.', '--kernel', 'twice', '--inputs', 'in.safetensors', '--output', 'out.safetensors', '--device', 'reference']],
])('%s of a folder names the files in it', (command, args) => {
  const cwd = folder({ 'twice.ts': kernel, 'in.safetensors': Buffer.from('\x02\0\0\0\0\0\0\0{}') });
  expect(warpfold(args, cwd), command).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('error: . is a folder; name one file with kernels, as twice.ts\n') });
});

test('a variant of a kernel that has but one is said to be none', () =>
  expect(warpfold(['bench', 'twice.ts', '--variant', 'f32', '--device', 'cpu'], folder({ 'twice.ts': kernel }))).toMatchObject({ code: 1, stderr: expect.stringContaining("error: 'twice' has no variant 'f32'; it has only one: leave --variant out\n") }));

test('the command tells the version of its package', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  expect(warpfold(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});
