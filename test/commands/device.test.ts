import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { manifestText } from '../../codegen/emit/manifest.js';
import type { KernelEntry, LaunchSpec } from '../../dsl/manifest.js';
import { parseSafetensors } from '../../runtime/model/safetensors.js';
import { encodeSafetensors } from '../../runtime/model/safetensorsWriter.js';
import { fakeCuda } from '../runtime/fakeCuda/fake.js';
import { folder, root } from './command.js';

/** The built command on a machine without a GPU driver and without nvcc: commands are found in a folder of their own, libraries of that name are not. */
function bare(args: readonly string[], cwd: string): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const bin = join(cwd, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const tool of ['g++', 'as', 'ld']) {
    const found = spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim();
    if (found !== '' && !existsSync(join(bin, tool))) symlinkSync(found, join(bin, tool));
  }
  // A library of the driver's name that is none stands before the one there may be.
  writeFileSync(join(cwd, 'libcuda.so.1'), '');
  const env = { ...process.env, PATH: [bin].join(delimiter), LD_LIBRARY_PATH: cwd, XDG_CACHE_HOME: join(root, 'build', 'cache') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'build', 'ts', 'codegen', 'cli.js'), ...args], { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const twice = {
  'my.ts': "import { type In, kernel, map, type Out } from 'warpfold/dsl';\nexport const twice = kernel('twice', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => x + x));\n",
  'in.safetensors': encodeSafetensors({ x: { dtype: 'f32', shape: [3], data: Float32Array.of(1, 2, 3) } }),
};
const runTwice = ['run', 'my.ts', '--kernel', 'twice', '--inputs', 'in.safetensors', '--output', 'out.safetensors', '--device', 'cuda'];

const noDriver = /there is no GPU driver: \S*libcuda\.so\.1: /;

describe('without a GPU and without nvcc', () => {
  test('ask --device cuda says what is missing', () => {
    const { code, stdout, stderr } = bare(['ask', '--model', join(root, 'examples', 'bookworm'), '--document', 'd.txt', '--question', 'x', '--device', 'cuda'], folder({ 'd.txt': 'Some text.' }));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error R020: there is no GPU driver: \S*libcuda\.so\.1: [^\n]*\n$/);
  });

  test('ask takes the processor, answers, and says why', () => {
    const { code, stdout, stderr } = bare(['ask', '--model', join(root, 'examples', 'bookworm'), '--document', 'd.txt', '--question', 'x', '--max-tokens', '1', '--json'], folder({ 'd.txt': 'Some text.' }));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^running on .*, because there is no GPU driver: .*\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ device: { kind: 'cpu', dtype: 'f32' } });
  });

  test('run --device cuda says what is missing before it compiles anything', () => {
    const { code, stderr } = bare(runTwice, folder(twice));
    expect(code).toBe(1);
    expect(stderr).toMatch(noDriver);
  });

  test('build compiles for the CPU and says in one line that CUDA was skipped', () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'generated', 'cuda'), { recursive: true });
    writeFileSync(join(cwd, 'generated', 'manifest.ts'), '');
    writeFileSync(join(cwd, 'generated', 'cuda', 'x.sm_80.cu'), '');
    expect(bare(['build', '--generated', 'generated', '--out', 'out'], cwd)).toEqual({ code: 0, stdout: '0 libraries compiled, 0 were up to date, in out\n', stderr: 'CUDA kernels were skipped: nvcc is not on the PATH\n' });
  });
});

test('build --check-sass fails where machine code for Hopper is not what it was meant to be, and names the launches', () => {
  const launch = (symbol: string, maps: readonly string[]): LaunchSpec => ({ symbol, file: 'cuda/k.sm_90a.cu', line: 1, args: maps.map((name) => ({ kind: 'map', name, order: ['q'], box: [64] })), grid: [], threads: 128, sharedBytes: 0 });
  const k: KernelEntry = {
    source: 'k.ts', sizes: { q: { kind: 'dynamic' } }, params: [{ name: 'x', dtype: 'bf16', order: ['q'] }], results: [{ name: 'out', dtype: 'bf16', order: ['q'] }],
    variants: [{ variant: '', target: 'sm_90a', dtypes: {}, fixed: {}, scratch: [], certificates: [], launches: [launch('whole', ['x']), launch('half', ['x', 'out'])] }],
  };
  const cwd = folder({ 'manifest.ts': manifestText({ kernels: { k } }) });
  for (const made of ['cuda', 'bin']) mkdirSync(join(cwd, made));
  writeFileSync(join(cwd, 'cuda', 'k.sm_90a.cu'), '');
  const tool = (name: string, text: string): void => writeFileSync(join(cwd, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  tool('nvcc', 'for last; do :; done\n: > "$last"');
  const build = (): ReturnType<typeof bare> => bare(['build', '--generated', '.', '--out', 'out', '--check-sass'], cwd);
  expect(build()).toEqual({ code: 1, stdout: expect.stringContaining('1 CUDA kernels compiled'), stderr: 'error: cuobjdump was not found; it shows machine code. It comes with the CUDA toolkit: put it on the PATH\n' });
  tool('cuobjdump', "echo ' Function : whole\n /*0000*/ UTMALDG.2D [UR4], [UR8] ;\n /*0010*/ HGMMA.64x64x16 R24 ;\n Function : half\n /*0000*/ UTMALDG.2D ;\n /*0010*/ STL [R1], R2 ;'");
  expect(build()).toMatchObject({ code: 1, stderr: `error: machine code for sm_90a is not what it was meant to be
  half writes boxes of the tensors that it takes maps of in 1 place and has 0 instructions for it (UTMASTG)
  half multiplies what it copies in 1 place and has 0 instructions for it (HGMMA, HMMA)
  half reads local memory 0 times and writes it 1 times (LDL, STL)
` });
});

test('build without --check-sass warns of the same, of what it compiled, and says once where nothing can show it', () => {
  const launch: LaunchSpec = { symbol: 'spilling', file: 'cuda/k.sm_90a.cu', line: 1, args: [], grid: [], threads: 128, sharedBytes: 0 };
  const k: KernelEntry = { source: 'k.ts', sizes: {}, params: [], results: [], variants: [{ variant: '', target: 'sm_90a', dtypes: {}, fixed: {}, scratch: [], certificates: [], launches: [launch] }] };
  const cwd = folder({ 'manifest.ts': manifestText({ kernels: { k } }) });
  for (const made of ['cuda', 'bin']) mkdirSync(join(cwd, made));
  const tool = (name: string, text: string): void => writeFileSync(join(cwd, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  tool('nvcc', 'for last; do :; done\n: > "$last"');
  const build = (text: string): ReturnType<typeof bare> => {
    writeFileSync(join(cwd, 'cuda', 'k.sm_90a.cu'), text);
    return bare(['build', '--generated', '.', '--out', 'out'], cwd);
  };
  expect(build('// 1')).toMatchObject({ code: 0, stderr: 'machine code for sm_90a was not looked at: cuobjdump is not on the PATH\n' });
  tool('cuobjdump', "echo ' Function : spilling\n /*0000*/ STL [R1], R2 ;'");
  const warning = 'warning: machine code for sm_90a: spilling reads local memory 0 times and writes it 1 times (LDL, STL)\n';
  expect([build('// 2'), build('// 2')]).toMatchObject([{ code: 0, stderr: warning }, { code: 0, stderr: '' }]);
});

test('run --device cuda compiles the kernel with nvcc and runs it on the GPU', () => {
  const fake = fakeCuda({ kernels: {} }, () => '');
  onTestFinished(() => fake.remove());
  const cwd = folder({ ...twice, 'twice.cpp': 'extern "C" void twice(void* const* a) { for (int i = 0; i < **(int**)&a[2]; i++) (*(float**)a[1])[i] = 2 * (*(float**)a[0])[i]; }\n' });
  execFileSync('g++', ['-shared', '-fPIC', 'twice.cpp', '-o', 'twice.so'], { cwd });
  // A compiler whose machine code is the name of a host library, for a driver that knows such code.
  const nvcc = `#!/bin/sh\n[ "$1" = --version ] && exit 0\nfor last; do :; done\nprintf 'FAKE ${join(cwd, 'twice.so')}\\ntwice vvv\\n' > "$last"\n`;
  writeFileSync(join(cwd, 'nvcc'), nvcc, { mode: 0o755 });
  const env = { ...process.env, PATH: `${cwd}${delimiter}${process.env['PATH']}`, LD_LIBRARY_PATH: dirname(fake.library), XDG_CACHE_HOME: cwd };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'build', 'ts', 'codegen', 'cli.js'), ...runTwice], { cwd, env, encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, 'twice on cuda: out f32 [3] written to out.safetensors\n', '']);
  expect([...new Float32Array(Uint8Array.from(parseSafetensors(readFileSync(join(cwd, 'out.safetensors'))).get('out').bytes).buffer)]).toEqual([2, 4, 6]);
});
