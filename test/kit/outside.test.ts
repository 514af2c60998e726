import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { shifted } from './kernels/plain.js';
import { subjectOf } from './subject.js';

// The kit as an author outside of this repository has it: the built package, found by its name.

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'build/test/outside');
const files = {
  'package.json': '{ "name": "outside", "type": "module" }',
  'vitest.config.ts': "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { include: ['*.test.ts'], setupFiles: ['warpfold/test/setup'] } });\n",
  'scaled.ts': `import { type In, kernel, map, type Out } from 'warpfold/dsl';
export const scaled = kernel('scaled', { n: 'dynamic' }, (x: In<'f32', ['n']>, by: In<'f32', []>): Out<'f32', ['n']> => map(x, by, (x, by) => x * by));
export const bent = kernel('bent', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, (x, at) => (at.n === 6 ? x * x : x)));
`,
  'scaled.test.ts': `import 'warpfold/test/setup';
import { expect, test } from 'vitest';
import { agrees, checkLaw, laws, values } from 'warpfold/test';
import { bent, scaled } from './scaled.js';

test('scaled agrees', async () => { expect((await agrees(scaled, { devices: ['cpu'], numRuns: 5 })).cases).toBe(5); });
test("bent isn't linear (at 6)", async () => { await checkLaw(laws.linearIn('x'), bent); });
test('arrays are compared', () => { expect([...values(1, 3)]).toBeWithin(0, values(1, 3)); });
`,
};

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'warpfold'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

const shell = (command: string): { readonly code: number | null; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', VITEST: undefined, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}` } });
  return { code: status, said: `${stdout}${stderr}` };
};

test('its test runs, and the command that a failure prints repeats the smallest case alone', () => {
  const { code, said } = shell('npx vitest run');
  expect(said).toMatch(/Tests +1 failed \| 2 passed/);
  expect(code).toBe(1);
  const [, what, command = ''] = /(law linearIn\(x\): bent on reference: .*differ, first \[n 6\].*\n +case \{"sizes":\{"n":7\},.*)\n.*made smaller [1-9]\d* times\n +replay it: (WARPFOLD_REPLAY=.*)/.exec(said) ?? [];
  expect(command).toMatch(/^WARPFOLD_REPLAY=20250601:\S+ npx vitest run scaled\.test\.ts -t 'bent isn'\\''t linear \\\(at 6\\\)'$/);
  const again = shell(command);
  expect(again.said).toContain(what);
  expect(again.said).toContain('found in run 1, made smaller 0 times');
  expect(again.said).toMatch(/Tests +1 failed \| 2 skipped/);
}, 300_000);

describe('its types', () => {
  test.for([['NodeNext', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext], ['Bundler', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler]] as const)('resolve with moduleResolution %s', ([, module, moduleResolution]) => {
    const program = ts.createProgram([join(folder, 'scaled.test.ts')], { module, moduleResolution, strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'], types: ['node'] });
    expect(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'))).toEqual([]);
  });
});

test('a kernel that runs as JavaScript is found by its source map', async () => {
  const compiled = join(root, 'build/ts/test/kit/kernels/plain.js');
  expect((await subjectOf({ ...shifted, file: compiled })).source.file).toBe('test/kit/kernels/plain.ts');
});

/** Packages that the built file imports before anything runs, and those of the files that it imports. */
function packagesOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const named = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|^import '([^']+)'/gm)].map(([, from, alone]) => from ?? alone ?? '');
  return new Set(named.flatMap((name) => (name.startsWith('.') ? [...packagesOf(join(dirname(file), name), seen)] : name.startsWith('node:') ? [] : [name])));
}

test('importing the kit loads neither vitest nor the compiler; its setup file loads vitest', () => {
  const heavy = (file: string): readonly string[] => ['fast-check', 'vitest', 'ts-morph', 'typescript'].filter((name) => packagesOf(join(root, 'build/ts/test/kit', file)).has(name));
  expect([heavy('index.js'), heavy('setup.js')]).toEqual([['fast-check'], ['fast-check', 'vitest']]);
});
