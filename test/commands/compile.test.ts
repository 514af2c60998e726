import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { folder, warpfold } from './command.js';

const source = `import { type In, kernel, map, type Out } from 'warpfold/dsl';
export const doubled = kernel('doubled', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => 2 * x));
`;

describe('warpfold compile', () => {
  test('writes a source per target and a manifest, and the second time nothing', () => {
    const cwd = folder({ 'my.ts': source });
    const args = ['compile', 'my.ts', '--target', 'cpu,sm_80,sm_90a', '--out', 'out'];
    const first = warpfold(args, cwd);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/^kernel +variant +target +schedule +estimated cost\ndoubled +cpu +q \d+ +.*memory bound.*\n/);
    expect(readdirSync(join(cwd, 'out'), { recursive: true }).sort()).toEqual(['cpu', 'cpu/doubled.cpp', 'cuda', 'cuda/doubled.sm_80.cu', 'manifest.ts']);
    expect(readFileSync(join(cwd, 'out', 'manifest.ts'), 'utf8')).toContain("import type { Manifest } from 'warpfold/dsl';");
    expect(warpfold(args, cwd).stdout).toMatch(/3 files, 0 changed/);
  });

  test('writes for Hopper what the text for every GPU cannot say, and where it is asked for alone, all', () => {
    const product = (name: string, dtype: string): string => `export const ${name} = kernel('${name}', { q: 'dynamic', f: 'dynamic', e: 'dynamic' }, (x: In<'${dtype}', ['q', 'e']>, w: In<'${dtype}', ['f', 'e']>): Out<'${dtype}', ['q', 'f']> => cast('${dtype}', dot(x, w, 'e')));\n`;
    const cwd = folder({ 'my.ts': source.replace('import {', 'import { cast, dot,') + product('halves', 'bf16') + product('singles', 'f32') });
    const written = (target: string): readonly string[] => {
      const { code, stderr } = warpfold(['compile', 'my.ts', '--target', target, '--out', target], cwd);
      expect([code, stderr]).toEqual([0, '']);
      return readdirSync(join(cwd, target, 'cuda')).filter((f) => f.endsWith('.sm_90a.cu')).sort();
    };
    expect(written('sm_80,sm_90a')).toEqual(['halves.sm_90a.cu']);
    expect(written('sm_90a')).toEqual(['doubled.sm_90a.cu', 'halves.sm_90a.cu', 'singles.sm_90a.cu']);
  });

  test('--check passes on what it wrote and fails, writing nothing, once the output would change', () => {
    const cwd = folder({ 'my.ts': source });
    expect(warpfold(['compile', 'my.ts', '--out', 'out', '--check'], cwd).code).toBe(1);
    expect(warpfold(['compile', 'my.ts', '--out', 'out'], cwd).code).toBe(0);
    expect(warpfold(['compile', 'my.ts', '--out', 'out', '--check'], cwd).code).toBe(0);
    writeFileSync(join(cwd, 'my.ts'), source.replace('2 * x', '3 * x'));
    const before = readFileSync(join(cwd, 'out', 'cpu', 'doubled.cpp'), 'utf8');
    const { code, stderr } = warpfold(['compile', 'my.ts', '--out', 'out', '--check'], cwd);
    expect([code, stderr]).toEqual([1, 'error: out is not what the sources compile to; run the same command without --check\n  changed  cpu/doubled.cpp\n']);
    expect(readFileSync(join(cwd, 'out', 'cpu', 'doubled.cpp'), 'utf8')).toBe(before);
  });

  test('warns of what is numerically unsafe, with its line, and does its work', () => {
    const cwd = folder({ 'my.ts': `import { type In, kernel, map, type Out, sum } from 'warpfold/dsl';
export const lse = kernel('lse', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> =>
  map(sum(map(x, (x) => Math.exp(x)), 'k'), (l) => Math.log(l)));
` });
    for (const args of [['check', 'my.ts'], ['compile', 'my.ts', '--out', 'out']]) {
      const { code, stderr } = warpfold(args, cwd);
      expect(code).toBe(0);
      expect(stderr).toContain('my.ts:3:25  warning W001: Math.exp(x) is summed over');
      expect(stderr).toContain('     |                         ^^^^^^^^^^^\n');
    }
    expect(readdirSync(join(cwd, 'out'))).toContain('manifest.ts');
  });

  test('--line names the author\'s lines from where the command runs, and may be taken back', () => {
    const cwd = folder({ 'my.ts': source });
    const text = (): string => readFileSync(join(cwd, 'some', 'out', 'cuda', 'doubled.sm_80.cu'), 'utf8');
    const args = ['compile', 'my.ts', '--target', 'sm_80', '--out', 'some/out'];
    warpfold(args, cwd);
    const plain = text();
    expect(warpfold([...args, '--line'], cwd).stdout).toContain('1 changed');
    expect(new Set(text().match(/(?<=^#line \d+ ).*$/gm))).toEqual(new Set(['"some/out/cuda/doubled.sm_80.cu"', '"my.ts"']));
    expect(text()).toContain('#line 2 "my.ts"');
    warpfold(args, cwd);
    expect(text()).toBe(plain);
  });

  test('takes away what it wrote for a kernel that is gone, and no other file', () => {
    const cwd = folder({ 'my.ts': source });
    warpfold(['compile', 'my.ts', '--out', 'out'], cwd);
    writeFileSync(join(cwd, 'out', 'cpu', 'mine.cpp'), '// written by hand\n');
    writeFileSync(join(cwd, 'my.ts'), source.replaceAll('doubled', 'twice'));
    warpfold(['compile', 'my.ts', '--out', 'out'], cwd);
    expect(readdirSync(join(cwd, 'out', 'cpu')).sort()).toEqual(['mine.cpp', 'twice.cpp']);
  });
});

describe('what ptxas says', () => {
  const args = ['compile', 'my.ts', '--target', 'sm_80', '--out', 'out'];
  /** An nvcc that reports 40 registers on two architectures. */
  const nvcc = `#!/bin/sh
if [ "$1" = --version ]; then echo release 13.0; exit 0; fi
while [ $# -gt 1 ]; do case "$1" in -o) touch "$2";; esac; shift; done
for arch in sm_80 sm_90a; do echo "ptxas info    : Compiling entry function 'doubled' for '$arch'
ptxas info    : Used 40 registers, used 0 barriers" >&2; done
`;
  const withNvcc = (cwd: string): void => {
    writeFileSync(join(cwd, 'nvcc'), nvcc, { mode: 0o755 });
    vi.stubEnv('PATH', `${cwd}${delimiter}${process.env['PATH']}`);
    onTestFinished(() => { vi.unstubAllEnvs(); });
  };

  test('stands in the table once --resources had nvcc compile the text, as long as the text stays', () => {
    const cwd = folder({ 'my.ts': source });
    withNvcc(cwd);
    const hint = 'registers, spills and occupancy of 1 kernel for GPUs: compile with --resources, where nvcc is';
    expect(warpfold(args, cwd).stdout).toContain(hint);
    const columns = /estimated cost +registers +shared bytes +spilled bytes +blocks +warps +occupancy +limited by\n.* 40 +0 +0 +12 +48 +75 % +registers\n/;
    const { stdout } = warpfold([...args, '--resources'], cwd);
    expect(stdout).toMatch(columns);
    expect(stdout).not.toContain(hint);
    expect(warpfold(args, cwd).stdout).toMatch(columns);
    expect(warpfold(['explain', 'my.ts', '--target', 'sm_80'], cwd).stdout).toMatch(/What it takes of a multiprocessor ─+\nfunction .*\ndoubled +sm_80 +40 .*\ndoubled +sm_90a +40 /);
    writeFileSync(join(cwd, 'my.ts'), source.replace('2 * x', '3 * x'));
    expect(warpfold(args, cwd).stdout).toContain(hint);
    expect(warpfold(['explain', 'my.ts', '--target', 'sm_80'], cwd).stdout).toContain(hint);
  });

  test('is not asked for where nvcc is missing, and one line says so', () => {
    const cwd = folder({ 'my.ts': source });
    vi.stubEnv('PATH', cwd);
    onTestFinished(() => { vi.unstubAllEnvs(); });
    const { code, stdout, stderr } = warpfold([...args, '--resources'], cwd);
    expect([code, stderr]).toEqual([0, 'CUDA kernels were skipped: nvcc is not on the PATH\n']);
    expect(stdout).toContain('2 files, 2 changed');
  });

  test('is of the text for sm_80, so that must be asked for', () => {
    const cwd = folder({ 'my.ts': source });
    expect(warpfold(['compile', 'my.ts', '--out', 'out', '--resources'], cwd)).toEqual({ code: 1, stdout: '', stderr: 'error: --resources tells what ptxas says of the text for GPUs, which is not written; add --target sm_80\n' });
    expect(readdirSync(cwd)).toEqual(['my.ts']);
  });

  test('is in the table of `warpfold build`', () => {
    const cwd = folder({ 'my.ts': source });
    withNvcc(cwd);
    warpfold([...args], cwd);
    expect(warpfold(['build', '--generated', 'out', '--out', 'built'], cwd).stdout).toMatch(/function +architecture +registers .*\ndoubled +sm_80 +40 +0 +0 +12 +48 +75 % +registers\n/);
  });
});

describe('warpfold explain', () => {
  test('shows computation, derivation with its certificate, schedule with reasons, and generated lines by source line', () => {
    const { code, stdout } = warpfold(['explain', 'examples/softmax.ts']);
    expect(code).toBe(0);
    for (const part of ["m: f32[q] = max(x, k)", 'certificate', 'transport ✓  composition ✓  monoid ✓  range ✓', 'grid q by', "const m = max(x, 'k');", 'cpu/rowSoftmax.cpp:']) expect(stdout).toContain(part);
  });

  test('says how sums per key over rows are made, why, and what each way costs', () => {
    const plans = (kernel: string): readonly string[] => warpfold(['explain', 'test/codegen/stream/kernels/windowed.ts', '--kernel', kernel, '--target', 'sm_80']).stdout.split('\n').filter((line) => line.startsWith('plan '));
    expect(plans('windowedEight')).toMatchInlineSnapshot(`
      [
        "plan K for the sums over 'w' per 'k' (line 13): 8 rows on 'w': to keep them costs 64 B per sum, to compute them again 65 B and 510 flop, the time of 67 B",
      ]
    `);
    expect(plans('windowedAll')).toMatchInlineSnapshot(`
      [
        "plan R for the sums over 'w' per 'k' (line 13): the number of rows on 'w' is known at launch only: O(N) memory needs a second pass",
      ]
    `);
  });

  test('prints the program after a stage, and names the stages', () => {
    expect(warpfold(['explain', 'examples/softmax.ts', '--stage', 'stream']).stdout).toContain('fold over k:');
    expect(warpfold(['explain', 'examples/softmax.ts', '--stage', 'list']).stdout).toMatch(/^source\ndedupe\n/);
    const { code, stderr } = warpfold(['explain', 'examples/softmax.ts', '--stage', 'magic']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: there is no stage 'magic'; there are source, dedupe/);
  });
});

describe('misuse', () => {
  test.each([['no such command', ['bake']], ['a missing option', ['ask', '--model', 'x']], ['a bad target', ['compile', 'a.ts', '--target', 'sm_12']], ['a bad number', ['ask', '--keep-chunks', 'two']], ['an unknown option', ['check', 'a.ts', '--loud']]])('%s exits with 2 and points to the help', (_, args) => {
    const { code, stderr } = warpfold(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*\n\(add --help for what there is\)\n$/);
  });

  test.each(['check', 'compile', 'build', 'explain', 'run', 'ask'])('%s --help teaches by example and exits with 0', (command) => {
    const { code, stdout } = warpfold([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ warpfold ${command}`);
  });
});
