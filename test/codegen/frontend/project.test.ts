import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readKernels } from '../../../codegen/frontend/project.js';
import { body, readText, refusals } from './source.js';

const kernels = readdirSync('runtime/kernels').filter((f) => f.endsWith('.ts')).map((f) => `runtime/kernels/${f}`);

describe('reading files', () => {
  test('the model\'s kernels are all in the language, and their types check', () => {
    const sources = readKernels(kernels, { typeCheck: true });
    expect(sources.map((s) => s.file)).toEqual(expect.arrayContaining(kernels));
  });

  test('a file may import the language under the package\'s name', () => {
    const text = "import { type In, kernel, type Out, softmax } from 'warpfold/dsl';\nexport const k = kernel('k', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => softmax(x, 'n'));";
    expect(readKernels(['kernels/own.ts'], { sources: { 'kernels/own.ts': text } })[0]).toMatchObject({ name: 'k', file: 'kernels/own.ts' });
  });

  test('types are checked when asked, and a mistake is told once', () => {
    const wrong = body("{ const total = sum(x, 'k'); return map(x, total, (x, t) => x / t); }");
    expect(refusals(() => readText(wrong))).toEqual([expect.stringContaining("error T012: sum over 'k'")]);
    expect(refusals(() => readText(wrong, {}, { typeCheck: true })).filter((t) => t.startsWith('author.ts:1:'))).toEqual([expect.stringContaining("error T012: sum over 'k'")]);
    const mistyped = body("map(x, (x: string) => 2)");
    expect(refusals(() => readText(mistyped, {}, { typeCheck: true })).filter((t) => t.startsWith('author.ts:1:'))).toEqual([expect.stringMatching(/error F001: TypeScript: /)]);
  });

  test('what Node defines is no mistake of types, what nothing defines is one', () => {
    const text = "import { readFileSync } from 'node:fs';\nconsole.log(process.argv, performance.now(), readFileSync('x').map((b) => b));\nexport const wrong = unheardOf;\n";
    expect(refusals(() => readText(text, {}, { typeCheck: true })).filter((t) => !t.includes('is declared but'))).toEqual([expect.stringMatching(/^author\.ts:3:22 .*F001: TypeScript: Cannot find name 'unheardOf'/)]);
  });

  test('every file\'s mistakes are told', () => {
    const sources = { 'a.ts': "import { kernel } from './dsl/index.js';\nexport const a = kernel('a', 3, 4);", 'b.ts': "import { kernel } from './dsl/index.js';\nexport const b = kernel('b c', {}, 4);" };
    expect(refusals(() => readKernels(['a.ts', 'missing.ts', 'b.ts'], { sources })).map((t) => t.replace(/ {2}error (\w+).*/, ' $1'))).toEqual(['missing.ts:1:1 F002', 'a.ts:2:33 F018', 'b.ts:2:25 F010']);
  });

  test('a file without kernels has none', () => {
    expect(readText('export const x = sum;')).toEqual([]);
  });
});
