import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileKernel } from '../../../codegen/compile.js';
import { cKeywords, cNames, deviceWords } from '../../../codegen/emit/cNames.js';
import { emitFile } from '../../../codegen/emit/file.js';
import { cpu } from '../../../codegen/targets/cpu.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { input, map } from '../../../dsl/ops.js';
import { arg, binary } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { resultsOf, type CpuCase } from '../../kit/cpuLaunch.js';
import { cpuLibrary } from '../../kit/cpuRun.js';

/** out = x·x under any names. */
const square = (name: string, x: string, axis: string): KernelDef => {
  const from = input(x, 'f32', [axis], nowhere);
  return {
    name, variant: '', file: 'words.ts', dtypes: {}, span: nowhere, sizes: { [axis]: { kind: 'dynamic' } },
    params: [{ name: x, dtype: 'f32', order: [axis], span: nowhere }],
    results: [{ name: 'out', dtype: 'f32', order: [axis], value: map(binary('mul', arg(0), arg(0)), [from], nowhere), span: nowhere }],
  };
};

test('kernels, tensors and axes may have any name that C++ uses itself', async () => {
  const words = [...cNames, 'linear'];
  const kernels = words.map((w, i) => compileKernel(square(w, words[i + 1] ?? 'args', i % 2 === 0 ? 'f' : w), cpu).launches[0]?.kernel).filter((k) => k !== undefined);
  const library = await cpuLibrary(emitFile(cpu, 'words', kernels).text);
  const cases = kernels.map((kernel): CpuCase => ({
    kernel, memory: Object.fromEntries(kernel.params.filter((p) => p.role === 'param').map((p) => [p.name, Float64Array.of(3)])), lengths: { sizes: Object.fromEntries(Object.keys(kernel.sizes).map((a) => [a, 1])) },
  }));
  expect(resultsOf(library, cases).map((r) => r['out']?.[0])).toEqual(kernels.map(() => 9));
});

test('what texts for GPUs use of the device headers is no name of the author\'s', () => {
  const read = (folder: string, end: string): string => {
    const path = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
    return readdirSync(path).filter((f) => f.endsWith(end)).map((f) => readFileSync(`${path}/${f}`, 'utf8')).join('\n');
  };
  const headers = read('codegen/device/cuda', '.cuh');
  const texts = read('kernels-generated/cuda', '.cu').replace(/\/\/.*/g, '');
  const declared = [...headers.matchAll(/\bDEVICE [\w:<>&* ]*?(\w+)\(|\bstruct (?:alignas\(\d+\) )?(\w+)/g)].flatMap((m) => m[1] ?? m[2] ?? []);
  const used = [...new Set(declared)].filter((word) => new RegExp(`(?<![.\\w:])${word}\\s*[(<{]`).test(texts));
  expect(used.length).toBeGreaterThan(30);
  expect(used.filter((word) => ![...cKeywords, ...deviceWords].includes(word))).toEqual([]);
});
