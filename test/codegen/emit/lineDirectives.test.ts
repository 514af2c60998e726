import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, describe, expect, test } from 'vitest';
import { cudaHeaders } from '../../../codegen/build.js';
import { compileFiles } from '../../../codegen/compile.js';
import { withLineDirectives } from '../../../codegen/emit/lineDirectives.js';
import { type Line, textOf } from '../../../codegen/emit/writer.js';
import { nowhere, type Span } from '../../../dsl/span.js';

const at = (file: string, line: number): Span => ({ ...nowhere, file, line });
const isCode = (text: string): boolean => !/^\s*(\/\/|$)/.test(text);

/** Every line of code, where it really stands, and where the C preprocessor says that it stands. */
function understood(text: string): readonly { readonly code: string; readonly physical: number; readonly file: string; readonly line: number }[] {
  let [file, line] = ['the file itself', 0];
  return text.split('\n').flatMap((code, i) => {
    line++;
    const [, number, name] = /^#line (\d+) "((?:[^"\\]|\\.)*)"$/.exec(code) ?? [];
    if (number !== undefined && name !== undefined) [file, line] = [name.replace(/\\(.)/g, '$1'), Number(number) - 1];
    return number === undefined && isCode(code) ? [{ code, physical: i + 1, file, line }] : [];
  });
}

const file = fc.constantFrom('a.ts', 'b/c.ts', 'a "quoted\\ name.ts');
const line: fc.Arbitrary<Line> = fc.record({
  text: fc.constantFrom('x();', '  y();', '', '// a.ts:3  what it is', '  // why', '}', '#pragma omp simd'),
  span: fc.oneof(fc.constant(undefined), fc.constant(nowhere), fc.tuple(file, fc.integer({ min: 1, max: 4 })).map(([f, n]) => at(f, n))),
});

describe('line directives', () => {
  property.prop([fc.array(line)])('give every line of code its origin, or else its own place, and change nothing besides', (lines) => {
    const text = textOf(withLineDirectives(lines, 'cuda/k.cu'));
    expect(text.split('\n').filter((l) => !l.startsWith('#line'))).toEqual(textOf(lines).split('\n'));
    const code = lines.filter((l) => isCode(l.text));
    expect(understood(text).map(({ file, line }) => [file, line]))
      .toEqual(understood(text).map(({ physical }, i) => { const span = code[i]?.span; return span && span.line > 0 ? [span.file, span.line] : ['cuda/k.cu', physical]; }));
  });

  test('stand only where the next line is not the one expected', () => {
    const [head, first, second, tail]: readonly Line[] = [{ text: 'head', span: undefined }, { text: 'first', span: at('a.ts', 7) }, { text: 'second', span: at('a.ts', 8) }, { text: '}', span: undefined }];
    expect(textOf(withLineDirectives([head!, head!, first!, second!, second!, tail!, tail!], 'k.cu'))).toBe('#line 2 "k.cu"\nhead\nhead\n#line 7 "a.ts"\nfirst\nsecond\n#line 8 "a.ts"\nsecond\n#line 10 "k.cu"\n}\n}\n');
  });

  test('come on request alone, and then in the text of every target', () => {
    const without = compileFiles(['runtime/kernels/linear.ts'], ['cpu', 'sm_80']).texts;
    const { texts } = compileFiles(['runtime/kernels/linear.ts'], ['cpu', 'sm_80'], { line: 'generated' });
    for (const [path, text] of texts) {
      expect(text.split('\n').filter((l) => !l.startsWith('#line')).join('\n')).toBe(without.get(path));
      if (path === 'manifest.ts') continue;
      const places = understood(text);
      expect(new Set(places.map((p) => p.file))).toEqual(new Set([`generated/${path}`, 'runtime/kernels/linear.ts']));
      expect(places.filter((p) => p.file.startsWith('generated')).filter((p) => p.line !== p.physical)).toEqual([]);
      expect(new Set(places.filter((p) => p.code.includes('mma<accumulate>(') || p.code.includes('  mma(')).map((p) => p.line))).toEqual(new Set([9]));
    }
  });
});

const hasNvcc = spawnSync('nvcc', ['--version']).status === 0;

describe.skipIf(!hasNvcc)('what nvcc makes of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-lines-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const text = compileFiles(['runtime/kernels/linear.ts'], ['sm_80'], { line: 'generated' }).texts.get('cuda/linear.sm_80.cu') ?? '';
  const compiled = (name: string, source: string): readonly string[] => {
    writeFileSync(join(folder, `${name}.cu`), source);
    return ['-std=c++17', '-ptx', '-lineinfo', '-gencode=arch=compute_80,code=compute_80', `-I${cudaHeaders()}`, join(folder, `${name}.cu`), '-o', join(folder, name)];
  };

  test('its errors name the line of the author', () => {
    expect(text).toContain('fill(outTile, 0.0f);');
    const { status, stderr } = spawnSync('nvcc', compiled('broken', text.replaceAll('fill(outTile, 0.0f);', 'fill(outTile, nothing);')), { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^runtime\/kernels\/linear\.ts\(9\): error: identifier "nothing" is undefined$/m);
  });

  test('its line table names the lines of the author for what was generated from them, and of the generated file for the rest', () => {
    execFileSync('nvcc', compiled('linear', text));
    const ptx = readFileSync(join(folder, 'linear'), 'utf8');
    const names = new Map([...ptx.matchAll(/^\t\.file\t(\d+) "([^"]*)"/gm)].map(([, id = '', path = '']) => [id, path]));
    const lines = [...ptx.matchAll(/^\t\.loc\t(\d+) (\d+) /gm)].map(([, id = '', line = '']) => ({ path: names.get(id) ?? '', line: Number(line) }));
    // Line 0 means that code comes from no line.
    const linesIn = (path: string): ReadonlySet<number> => new Set(lines.filter((l) => l.line > 0 && l.path === join(process.cwd(), path)).map((l) => l.line));
    expect(linesIn('runtime/kernels/linear.ts')).toEqual(new Set([8, 9]));
    const own = understood(text).filter((p) => p.file.startsWith('generated')).map((p) => p.physical);
    expect(linesIn('generated/cuda/linear.sm_80.cu').size).toBeGreaterThan(0);
    expect([...linesIn('generated/cuda/linear.sm_80.cu')].filter((l) => !own.includes(l))).toEqual([]);
  });
}, 120_000);
