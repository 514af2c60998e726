import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { buildCuda, type CudaBuildReport, freshResources, freshWarnings, hasNvcc } from '../../codegen/buildCuda.js';

/** An nvcc that notes how it was called, refuses `broken` in a source, warns of `unused` for every architecture, gives up on `slow`, and spills where the source says so: `tight` only as ptxas arranges it at its best. */
const nvcc = `#!/bin/sh
if [ "$1" = --version ]; then cat "$(dirname "$0")/version"; exit 0; fi
echo "$@" >> "$(dirname "$0")/calls"
plain=; while [ $# -gt 1 ]; do case "$1" in *.cu) source="$1";; -o) output="$2";; -O1) plain=yes;; esac; shift; done
if grep -q broken "$source"; then echo "$source(1): error: expected a declaration" >&2; exit 1; fi
if grep -q unused "$source"; then for arch in 80 90a; do echo "$source(1): warning #177-D: variable x was declared but never referenced" >&2; done; fi
if grep -q slow "$source"; then echo "ptxas info    : (C7510) Potential Performance Loss: wgmma.mma_async instructions are serialized due to non wgmma instructions defining accumulator registers of a wgmma between start and end of the pipeline stage in the function 'f'" >&2; fi
stores=0; if grep -q spill "$source"; then stores=16; fi
if [ -z "$plain" ] && grep -q tight "$source"; then stores=8; fi
echo "ptxas info    : Compiling entry function 'f' for 'sm_80'
    0 bytes stack frame, $stores bytes spill stores, 0 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers, 352 bytes cmem[0]" >&2
cat "$source" > "$output"; printf %s "$plain" >> "$output"
`;

let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, 'generated', 'cuda', name), text);
const run = (...kernels: readonly string[]): Promise<CudaBuildReport> => buildCuda({ generated: join(folder, 'generated'), out: join(folder, 'out'), ...(kernels.length > 0 && { kernels }) });
const fatbin = (name: string): string => join(folder, 'out', 'cuda', `${name}.fatbin`);
const calls = (): number => readFileSync(join(folder, 'bin', 'calls'), 'utf8').trimEnd().split('\n').length;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warpfold-cuda-build-'));
  mkdirSync(join(folder, 'generated', 'cuda'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'nvcc'), nvcc, { mode: 0o755 });
  writeFileSync(join(folder, 'bin', 'version'), 'release 13.0\n');
  write('one.sm_80.cu', '// one');
  write('one.sm_90a.cu', '// the same for another architecture');
  write('two.sm_80.cu', '// two');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => { vi.unstubAllEnvs(); });

test('a file is made from each text of a kernel, only where something changed, and spills are warned of', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  expect(await hasNvcc()).toBe(true);
  const resources = { symbol: 'f', arch: 'sm_80', registers: 40, stackBytes: 0, spillStores: 0, spillLoads: 0, sharedBytes: 0, barriers: 1 };
  expect(await run()).toEqual({ built: [{ path: fatbin('one'), file: 'cuda/one.sm_80.cu', functions: [resources] }, { path: fatbin('one.sm_90a'), file: 'cuda/one.sm_90a.cu', functions: [resources] }, { path: fatbin('two'), file: 'cuda/two.sm_80.cu', functions: [resources] }], fresh: [], warnings: [] });
  expect(readFileSync(fatbin('one'), 'utf8')).toBe('// one');
  expect(readFileSync(join(folder, 'bin', 'calls'), 'utf8')).toMatch(/^-std=c\+\+17 -fatbin -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a -gencode arch=compute_80,code=compute_80 -Xptxas -v -I\S+\/codegen\/device /m);
  expect(readFileSync(join(folder, 'bin', 'calls'), 'utf8')).toMatch(/^-std=c\+\+17 -fatbin -gencode arch=compute_90a,code=sm_90a -Xptxas -v -I\S+\/codegen\/device \S+one\.sm_90a\.cu /m);
  expect(await run()).toEqual({ built: [], fresh: [fatbin('one'), fatbin('one.sm_90a'), fatbin('two')], warnings: [] });

  write('two.sm_80.cu', '// spill');
  const again = await run();
  expect(again.built.map((b) => b.path)).toEqual([fatbin('two')]);
  expect(again.warnings).toEqual(['f spills on sm_80: 16 bytes stored, 0 loaded, with 40 registers']);

  const before = calls();
  writeFileSync(join(folder, 'bin', 'version'), 'release 13.1\n');
  await run();
  // What spills is compiled a second time.
  expect(calls()).toBe(before + 4);
});

test('for one architecture alone there is code for it alone, and for one that the texts have no code for all of it', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  const codeFor = async (architecture: string): Promise<readonly string[]> => {
    writeFileSync(join(folder, 'bin', 'calls'), '');
    await buildCuda({ generated: join(folder, 'generated'), out: join(folder, architecture), kernels: ['one'], architecture });
    return readFileSync(join(folder, 'bin', 'calls'), 'utf8').trimEnd().split('\n').map((call) => [...call.matchAll(/code=(\w+)/g)].map((m) => m[1]).join(' ')).sort();
  };
  expect(await codeFor('sm_90a')).toEqual(['sm_90a', 'sm_90a']);
  expect(await codeFor('sm_80')).toEqual(['sm_80', 'sm_90a']);
  expect(await codeFor('sm_100')).toEqual(['sm_80 sm_90a compute_80', 'sm_90a']);
});

test('what spills is compiled with less optimisation too, and the build that spills less is kept', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('tight.sm_80.cu', '// tight');
  try {
    const { built, warnings } = await run();
    expect(built.filter((b) => b.path === fatbin('tight')).flatMap((b) => b.functions.map((f) => f.spillStores))).toEqual([0]);
    expect(warnings).not.toContainEqual(expect.stringContaining('8 bytes stored'));
    expect(readFileSync(fatbin('tight'), 'utf8')).toBe('// tightyes');
    // One that spills either way is kept as ptxas made it at its best, and nothing is left of the other.
    expect(readFileSync(fatbin('two'), 'utf8')).toBe('// spill');
    expect(readdirSync(join(folder, 'out', 'cuda')).filter((f) => f.includes('fatbin.') && !f.endsWith('.hash'))).toEqual([]);
  } finally {
    rmSync(join(folder, 'generated', 'cuda', 'tight.sm_80.cu'));
  }
});

test('a report of ptxas is told of the very text it was made for, and of no other', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  await run();
  const told = async (texts: Readonly<Record<string, string>>): Promise<readonly (readonly [string, number])[]> =>
    [...await freshResources(new Map(Object.entries(texts)), join(folder, 'out'))].map(([kernel, functions]) => [kernel, functions[0]?.spillStores ?? -1]);
  expect(await told({ 'cuda/one.sm_80.cu': '// one', 'cuda/two.sm_80.cu': '// spill', 'cuda/three.sm_80.cu': '// one', 'cuda/one.sm_90a.cu': '// one', 'cpu/one.cpp': '// one' })).toEqual([['cuda/one.sm_80.cu', 0], ['cuda/two.sm_80.cu', 16]]);
  expect(await told({ 'cuda/one.sm_90a.cu': '// the same for another architecture' })).toEqual([['cuda/one.sm_90a.cu', 0]]);
  expect(await told({ 'cuda/one.sm_80.cu': '// one more' })).toEqual([]);
  writeFileSync(join(folder, 'bin', 'version'), 'release 13.2\n');
  expect(await told({ 'cuda/one.sm_80.cu': '// one' })).toEqual([]);
});

test('what nvcc warns of is said once, and told of the very text afterwards', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('loose.sm_80.cu', '// unused');
  try {
    expect((await run()).warnings.filter((w) => !w.includes('spills'))).toEqual([expect.stringMatching(/loose\.sm_80\.cu\(1\): warning #177-D: /)]);
    const told = await freshWarnings(new Map([['cuda/one.sm_80.cu', '// one'], ['cuda/loose.sm_80.cu', '// unused'], ['cuda/two.sm_80.cu', '// another']]), join(folder, 'out'));
    expect([...told].map(([kernel, lines]) => [kernel, lines.length])).toEqual([['cuda/one.sm_80.cu', 0], ['cuda/loose.sm_80.cu', 1]]);
  } finally {
    rmSync(join(folder, 'generated', 'cuda', 'loose.sm_80.cu'));
  }
});

test('what nvcc refuses is in its own words and leaves nothing, and without nvcc a sentence says what to install', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('three.sm_80.cu', '// broken');
  await expect(run()).rejects.toThrow(/^nvcc .*three\.sm_80\.cu failed:\n.*error: expected a declaration$/s);
  expect(existsSync(fatbin('three'))).toBe(false);
  vi.stubEnv('PATH', join(folder, 'generated'));
  expect(await hasNvcc()).toBe(false);
  await expect(run()).rejects.toThrow('nvcc was not found; it compiles kernels for CUDA. Install the CUDA toolkit 13.0 or later and put nvcc on the PATH');
});

test('what ptxas serialises or ignores is an error in a text for sm_90a, and a warning in one for all GPUs', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('lame.sm_80.cu', '// slow');
  try {
    expect((await run('lame')).warnings).toEqual([expect.stringContaining('(C7510)')]);
    write('lame.sm_90a.cu', '// slow');
    await expect(run('lame')).rejects.toThrow(/lame\.sm_90a\.cu would not run as it is written:\nptxas info {4}: \(C7510\) Potential Performance Loss: wgmma\.mma_async .* in the function 'f'$/);
    expect(readdirSync(join(folder, 'out', 'cuda')).filter((f) => f.startsWith('lame.sm_90a'))).toEqual([]);
  } finally {
    for (const target of ['sm_80', 'sm_90a']) rmSync(join(folder, 'generated', 'cuda', `lame.${target}.cu`), { force: true });
  }
});

test('what spills for sm_90a stays as it is: instructions in the order of the text would wait for each other', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('narrow.sm_90a.cu', '// tight');
  try {
    expect((await run('narrow')).warnings).toContainEqual(expect.stringContaining('8 bytes stored'));
    expect(readFileSync(fatbin('narrow.sm_90a'), 'utf8')).toBe('// tight');
  } finally {
    rmSync(join(folder, 'generated', 'cuda', 'narrow.sm_90a.cu'));
  }
});

test('a text that names lines of its author gets a line table', async () => {
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  write('three.sm_80.cu', '#line 3 "three.ts"\n');
  await run();
  const [plain, lined] = ['one', 'three'].map((name) => readFileSync(join(folder, 'bin', 'calls'), 'utf8').split('\n').findLast((call) => call.includes(`${name}.sm_80.cu`)));
  expect([plain, lined].map((call) => call?.split(' ').includes('-lineinfo'))).toEqual([false, true]);
});

test('a folder without generated sources has nothing to build', async () => {
  expect(await buildCuda({ generated: join(folder, 'none'), out: join(folder, 'out') })).toEqual({ built: [], fresh: [], warnings: [] });
});
