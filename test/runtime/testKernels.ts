import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DType } from '../../dsl/dtype.js';
import type { ArgRef, Manifest } from '../../dsl/manifest.js';

/** Compiles the hand-written kernels into a new folder laid out as kernels are; `remove` deletes it. */
export function buildTestKernels(): { readonly kernelsDir: string; remove(): void } {
  const kernelsDir = mkdtempSync(join(tmpdir(), 'warpfold-kernels-'));
  mkdirSync(join(kernelsDir, 'cpu', 'x86-64-v2'), { recursive: true });
  const source = fileURLToPath(new URL('fixtures/kernels.cpp', import.meta.url));
  execFileSync('g++', ['-std=c++17', '-O1', '-fopenmp', '-fPIC', '-shared', source, '-o', join(kernelsDir, 'cpu', 'x86-64-v2', 'kernels.so')]);
  return { kernelsDir, remove: () => rmSync(kernelsDir, { recursive: true }) };
}

const launch = <const Symbol extends string>(symbol: Symbol, args: readonly ArgRef[]) => ({ symbol, file: 'cpu/kernels.cpp', line: 7, args, grid: [], threads: 0, sharedBytes: 0 }) as const;
const param = (name: string): ArgRef => ({ kind: 'param', name });
const result = (name: string): ArgRef => ({ kind: 'result', name });
const size = (axis: string): ArgRef => ({ kind: 'size', axis });
const plain = { variant: '', target: 'cpu', dtypes: {}, fixed: {}, scratch: [], certificates: [] } as const;
const sameVariant = <const E extends DType, const D extends number>(e: E, d: D) =>
  ({ ...plain, variant: `${e}_d${d}`, dtypes: { E: e }, fixed: { d }, launches: [launch(`same_${e}_d${d}`, [param('x'), result('out'), size('n')])] }) as const;

/** The manifest of fixtures/kernels.cpp. */
export const testManifest = {
  kernels: {
    scaleAdd: {
      source: 'fixtures/kernels.cpp', sizes: { n: { kind: 'dynamic' } },
      params: [{ name: 'a', dtype: 'f32', order: ['n'] }, { name: 'b', dtype: 'f32', order: ['n'] }, { name: 's', dtype: 'f32', order: [] }],
      results: [{ name: 'out', dtype: 'f32', order: ['n'] }],
      variants: [{ ...plain, launches: [launch('scaleAdd', [param('a'), param('b'), param('s'), result('out'), size('n')])] }],
    },
    same: {
      source: 'fixtures/kernels.cpp', sizes: { n: { kind: 'dynamic' }, d: { kind: 'fixed', sizes: [4, 8] } },
      params: [{ name: 'x', dtype: 'E', order: ['n', 'd'] }], results: [{ name: 'out', dtype: 'E', order: ['n', 'd'] }],
      variants: [sameVariant('f32', 4), sameVariant('f32', 8), sameVariant('bf16', 4), sameVariant('bf16', 8)],
    },
    twicePlusOne: {
      source: 'fixtures/kernels.cpp', sizes: { n: { kind: 'dynamic' } },
      params: [{ name: 'a', dtype: 'f32', order: ['n'] }], results: [{ name: 'out', dtype: 'f32', order: ['n'] }],
      variants: [{
        ...plain, scratch: [{ name: 't', dtype: 'f32', order: ['n'] }],
        launches: [launch('twice', [param('a'), { kind: 'scratch', name: 't' }, size('n')]), launch('plusOne', [{ kind: 'scratch', name: 't' }, result('out'), size('n')])],
      }],
    },
    raggedSum: {
      source: 'fixtures/kernels.cpp', sizes: { c: { kind: 'dynamic' }, k: { kind: 'ragged', by: 'c' } },
      params: [{ name: 'x', dtype: 'f32', order: ['c', 'k'] }], results: [{ name: 'out', dtype: 'f32', order: ['c'] }],
      variants: [{ ...plain, launches: [launch('raggedSum', [param('x'), result('out'), { kind: 'offsets', axis: 'k' }, size('c'), size('k')])] }],
    },
    /** The same function, of a tensor whose packed rows are not outermost. */
    raggedSums: {
      source: 'fixtures/kernels.cpp', sizes: { g: { kind: 'dynamic' }, c: { kind: 'dynamic' }, k: { kind: 'ragged', by: 'c' } },
      params: [{ name: 'x', dtype: 'f32', order: ['g', 'c', 'k'] }], results: [{ name: 'out', dtype: 'f32', order: ['c'] }],
      variants: [{ ...plain, launches: [launch('raggedSum', [param('x'), result('out'), { kind: 'offsets', axis: 'k' }, size('c'), size('k')])] }],
    },
    nap: {
      source: 'fixtures/kernels.cpp', sizes: {}, params: [{ name: 'milliseconds', dtype: 'i32', order: [] }], results: [{ name: 'count', dtype: 'i32', order: [] }],
      variants: [{ ...plain, launches: [launch('nap', [param('milliseconds'), result('count')])] }],
    },
    fails: { source: 'fixtures/kernels.cpp', sizes: {}, params: [], results: [], variants: [{ ...plain, launches: [launch('fails', [])] }] },
    threads: {
      source: 'fixtures/kernels.cpp', sizes: {}, params: [], results: [{ name: 'out', dtype: 'i32', order: [] }],
      variants: [{ ...plain, launches: [launch('threads', [result('out')])] }],
    },
    parts: {
      source: 'fixtures/kernels.cpp', sizes: {}, params: [{ name: 'count', dtype: 'i32', order: [] }], results: [{ name: 'out', dtype: 'i32', order: [] }],
      variants: [{ ...plain, launches: [launch('parts', [result('out'), param('count')])] }],
    },
    notBuilt: { source: 'fixtures/none.cpp', sizes: {}, params: [], results: [], variants: [{ ...plain, launches: [{ ...launch('x', []), file: 'cpu/none.cpp' }] }] },
    noSymbol: { source: 'fixtures/kernels.cpp', sizes: {}, params: [], results: [], variants: [{ ...plain, launches: [launch('missing', [])] }] },
    gpuOnly: { source: 'fixtures/kernels.cpp', sizes: {}, params: [], results: [], variants: [{ ...plain, target: 'sm_80', launches: [] }] },
  },
} as const satisfies Manifest;
