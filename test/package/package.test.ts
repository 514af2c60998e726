import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ended } from '../commands/command.js';
import { pack } from './pack.js';

const place = mkdtempSync(join(tmpdir(), 'warpfold-installed-'));
const user = join(place, 'user');
const home = join(user, 'node_modules', 'warpfold');
const bookworm = join('node_modules', 'warpfold', 'examples', 'bookworm');
let files: readonly string[] = [];

beforeAll(() => {
  mkdirSync(user);
  const tarball = pack(place);
  files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n').map((path) => path.replace(/^package\//, ''));
  execFileSync('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent', tarball], { cwd: user });
}, 180_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The installed command, as `npx` starts it in the user's folder. */
function installed(...args: readonly string[]): Ended {
  const env = { ...process.env, XDG_CACHE_HOME: join(place, 'cache'), FORCE_COLOR: '0' };
  const { status, stdout, stderr } = spawnSync(join(user, 'node_modules', '.bin', 'warpfold'), args, { cwd: user, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** All that a user's machine has use for: what runs, what the compiler reads, what `build` compiles, a model to try, its texts. */
const shipped = [
  /^(CHANGELOG\.md|LICENSE|README\.md|package\.json)$/,
  /^build\/ts\/(dsl|codegen|runtime|kernels-generated|test\/kit)\/.+\.(js|d\.ts)$/,
  /^build\/native\/Release\/warpfold\.node$/,
  /^build\/kernels\/cpu\/x86-64-v\d\/\w+\.so$/, /^build\/kernels\/cuda\/\w+(\.sm_90a)?\.(fatbin|json)$/,
  /^kernels-generated\/(cpu\/\w+\.cpp|cuda\/\w+\.sm_\w+\.cu|manifest\.ts)$/,
  /^dsl\/\w+\.ts$/,
  /^codegen\/device\/.+\.(h|cuh|cpp)$/, /^codegen\/templates\/.+\.template$/,
  /^runtime\/native\/(CMakeLists\.txt|package\.json|src\/\w+\.(cc|h))$/,
  /^test\/emulator\/((cuda|engine)\/)?\w+\.(h|cuh|cc)$/,
  /^examples\/bookworm\/(README\.md|\w+\.json|model\.safetensors)$/, /^examples\/texts\/[\w-]+\.(txt|md)$/,
];

describe('the packed package', () => {
  test('carries nothing that a user has no use for', () => {
    expect(files.filter((path) => !shipped.some((rule) => rule.test(path)))).toEqual([]);
    expect(files.filter((path) => /\.(test|bench)\.|\.map$|\.hash$/.test(path))).toEqual([]);
  });

  test('carries some of each kind that it needs', () => expect(shipped.filter((rule) => !/cuda|warpfold\\\.node/.test(String(rule)) && !files.some((path) => rule.test(path)))).toEqual([]));

  test('carries a declaration beside every module, and every entry that package.json exports', () => {
    const all = new Set(files);
    expect(files.filter((path) => path.startsWith('build/ts/') && path.endsWith('.js') && !all.has(path.replace(/\.js$/, '.d.ts')))).toEqual([]);
    const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>> };
    expect(Object.values(exports).flatMap((entry) => Object.values(entry)).filter((path) => !all.has(path.slice(2)))).toEqual([]);
  });
});

describe('installed with scripts disabled', () => {
  test('it makes a project that depends on what was installed, and checks and explains its kernel', () => {
    expect(installed('new', 'scores', '--template', 'attention')).toMatchObject({ code: 0, stderr: '' });
    const { dependencies } = JSON.parse(readFileSync(join(user, 'scores', 'package.json'), 'utf8')) as { readonly dependencies: { readonly warpfold: string } };
    expect(dependencies.warpfold).toMatch(/^file:.*warpfold-.*\.tgz$/);
    expect(existsSync(join(user, 'scores', dependencies.warpfold.slice('file:'.length)))).toBe(true);
    expect(installed('check', 'scores/src')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('scores/src/scores.ts') });
    expect(installed('explain', 'scores/src/scores.ts')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('checked    transport ✓') });
  });

  test('it answers a question with the model that comes with it', () => {
    writeFileSync(join(user, 'notes.txt'), `${'The grass is green. The sky is blue. '.repeat(20)}The pass key is 14177. Remember it. 14177 is the pass key. ${'The sun is yellow. Here we go. '.repeat(20)}`);
    const { code, stdout } = installed('ask', '--model', bookworm, '--document', 'notes.txt', '--question', '\nQuestion: What is the pass key?\nAnswer: The pass key is', '--max-tokens', '8', '--device', 'cpu');
    expect([code, stdout]).toEqual([0, expect.stringContaining('14177')]);
  });

  test.each([
    ['no addon', undefined, `this package of warpfold has no addon for ${process.platform}-${process.arch}`],
    ['an addon of another system', 'not a library', 'the native addon does not load'],
  ])('with %s it names the command that builds one', (_, text, told) => {
    const folder = join(home, 'build', 'native', 'Release');
    renameSync(folder, `${folder}-kept`);
    try {
      if (text !== undefined) {
        mkdirSync(folder);
        writeFileSync(join(folder, 'warpfold.node'), text);
      }
      const { code, stdout, stderr } = installed('ask', '--model', bookworm, '--document', join(bookworm, 'README.md'), '--question', 'Who?');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('error R001: ');
      expect(stderr).toContain(told);
      expect(stderr).toContain('; run `npx warpfold build`, which needs g++, cmake and make');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      renameSync(`${folder}-kept`, folder);
    }
  });
});
