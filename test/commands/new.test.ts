import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack } from '../package/pack.js';
import { type Ended, folder, root, warpfold } from './command.js';

/** The package as npm packs it, in a node_modules beside this repository's other packages. */
let modules = '';
beforeAll(() => {
  const place = mkdtempSync(join(tmpdir(), 'warpfold-packed-'));
  const tarball = pack(place);
  modules = join(place, 'node_modules');
  mkdirSync(join(modules, 'warpfold'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(modules, 'warpfold')]);
  for (const name of readdirSync(join(root, 'node_modules'))) if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  mkdirSync(join(modules, '.bin'));
  for (const name of ['vitest', 'tsc']) symlinkSync(join(root, 'node_modules', '.bin', name), join(modules, '.bin', name));
  const cli = join(modules, 'warpfold', 'build', 'ts', 'codegen', 'cli.js');
  chmodSync(cli, 0o755);
  symlinkSync(cli, join(modules, '.bin', 'warpfold'));
}, 180_000);
afterAll(() => rmSync(join(modules, '..'), { recursive: true, force: true }));

/** A script of a project, as `npm run` runs it. */
function script(cwd: string, name: string): Ended {
  const { scripts } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
  const env = { ...process.env, PATH: `${join(cwd, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`, XDG_CACHE_HOME: join(root, 'build', 'cache'), FORCE_COLOR: '0', VITEST: undefined, NODE_ENV: undefined };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', scripts[name] ?? 'false'], { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

describe.each([['row-norm', 'rowNorm', 'minimal'], ['scores', 'scores', 'attention']])('a project made by warpfold new %s', (project, kernel, template) => {
  test('checks, compiles, passes its tests and runs its benchmark at once, from the packed package', () => {
    const place = folder();
    const made = warpfold(['new', project, '--template', template], place);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain(`  ${project}/src/${kernel}.ts\n`);
    const cwd = join(place, project);
    symlinkSync(modules, join(cwd, 'node_modules'));

    expect(script(cwd, 'check')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`src/${kernel}.ts`) });
    expect(script(cwd, 'compile')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(cwd, 'kernels-generated', 'cpu', `${kernel}.cpp`))).toBe(true);
    const tests = script(cwd, 'test');
    expect([tests.code, tests.stderr]).toEqual([0, '']);
    expect(tests.stdout).toContain('2 passed');
    expect(script(cwd, 'bench')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/\d+(\.\d+)? (µs|ms), \d+\.\d G/) });
    expect(spawnSync(join(cwd, 'node_modules', '.bin', 'tsc'), ['--noEmit'], { cwd, encoding: 'utf8' }).stdout).toBe('');
  }, 240_000);
});

describe('warpfold new', () => {
  test('overwrites nothing', () => {
    const cwd = folder({ here: 'x' });
    expect(warpfold(['new', 'here'], cwd)).toMatchObject({ code: 1, stderr: 'error: here is there already, and nothing is overwritten; choose another name\n' });
    expect(readFileSync(join(cwd, 'here'), 'utf8')).toBe('x');
  });

  test.each([
    ['../up', "error: '../up' names no project: use letters and digits, words joined by -, as in row-norm\n"],
    ['1st', "error: '1st' names no project: use letters and digits, words joined by -, as in row-norm\n"],
    ['map', "error: a kernel cannot be called 'map', which means something else in its file; choose another name, as in my-map\n"],
    ['class', "error: a kernel cannot be called 'class', which means something else in its file; choose another name, as in my-class\n"],
  ])('refuses the name %s', (name, stderr) => {
    const cwd = folder();
    expect(warpfold(['new', name], cwd)).toEqual({ code: 1, stdout: '', stderr });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('says which templates there are', () => expect(warpfold(['new', 'x', '--template', 'none'], folder())).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are attention, minimal') }));
});

test('without g++ a test of a kernel says so and how to get it', () => {
  const place = folder();
  warpfold(['new', 'lone'], place);
  const cwd = join(place, 'lone');
  symlinkSync(modules, join(cwd, 'node_modules'));
  const env = { ...process.env, PATH: join(modules, '.bin'), XDG_CACHE_HOME: join(place, 'cache'), VITEST: undefined, NODE_ENV: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), 'run'], { cwd, env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout + stderr).toContain('NOT CHECKED on cpu: g++ was not found; it compiles kernels for the CPU. Install it: apt-get install g++');
}, 120_000);
