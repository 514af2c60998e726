import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { buildCuda, freshResources, hasNvcc } from '../../../codegen/buildCuda.js';
import { compileKernel, compileVariants, targets } from '../../../codegen/compile.js';
import { emitFile } from '../../../codegen/emit/file.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import type { FunctionResources } from '../../../codegen/ptxas.js';
import { occupancy, processorOf, registersWithin } from '../../../codegen/schedule/occupancy.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { CompileError } from '../../../dsl/diagnostic.js';
import type { TensorExpr } from '../../../dsl/expr.js';
import { type KernelEntry, mostArgs } from '../../../dsl/manifest.js';
import { input, map } from '../../../dsl/ops.js';
import { arg, binary, type Scalar } from '../../../dsl/scalar.js';
import { manifest } from '../../../kernels-generated/manifest.js';
import { randomKernels } from '../../kit/randomKernels.js';
import { at, dynamic, launchOf } from '../tile/programs.js';

const gpus = [targets.sm_80, targets.sm_90a] as const;

/** Every launch of every variant of `def`; none where it is refused because no schedule fits, or because long axes are too long to keep what they make. */
function emitted(def: KernelDef, target: (typeof gpus)[number]): readonly TileKernel[] {
  try {
    return compileVariants(def, target).flatMap((v) => v.launches.map((l) => l.kernel));
  } catch (error) {
    if (error instanceof CompileError && error.diagnostics.every((d) => ['L101', 'L103'].includes(d.code))) return [];
    throw error;
  }
}

/** One block of the launch runs: the text asks for the threads that the manifest says, and a multiprocessor has room for them. */
function expectToFit(kernel: TileKernel, target: (typeof gpus)[number]): void {
  const { threads, sharedBytes } = target.needs(kernel);
  const processor = processorOf(target.name);
  if (!processor) throw new Error(`no figures of ${target.name}`);
  expect(emitFile(target, 'k', [kernel]).text).toContain(`KERNEL(${threads}, ${kernel.schedule.blocksPerProcessor}) ${kernel.name}(`);
  expect([threads % 32, threads >= 32, threads <= 1024, sharedBytes <= processor.sharedBytesOfBlock, kernel.args.length <= mostArgs]).toEqual([0, true, true, true, true]);
  expect(occupancy({ threads, registers: registersWithin(threads, processor), sharedBytes }, processor).blocks).toBeGreaterThan(0);
}

/** The same kernel with every fixed axis drawn anew. */
const resized = (def: KernelDef, sizes: readonly number[]): KernelDef =>
  ({ ...def, sizes: Object.fromEntries(Object.entries(def.sizes).map(([a, rule], i) => [a, rule.kind === 'fixed' ? { kind: 'fixed' as const, size: sizes[i % sizes.length] ?? 1 } : rule])) });
const size = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 5000 }));

describe('every launch that is emitted fits its GPU', () => {
  const folder = 'runtime/kernels';
  const shipped = readKernels(readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => join(folder, f)));
  const sized = shipped.flatMap((k) => k.variants.filter((v) => Object.values(v.sizes).some((rule) => rule.kind === 'fixed')));

  property.prop([fc.constantFrom(...sized), fc.array(size, { minLength: 1, maxLength: 3 }), fc.constantFrom(...gpus)], { numRuns: 60 })('of shipped kernels with fixed axes of any length', (def, sizes, target) => {
    for (const kernel of emitted(resized(def, sizes), target)) expectToFit(kernel, target);
  });

  property.prop([fc.nat({ max: 1000 }), size, fc.constantFrom(...gpus)], { numRuns: 40 })('of random kernels', (seed, d, target) => {
    const [kernel] = readKernels(['random.ts'], { sources: { 'random.ts': randomKernels(seed, 1) } });
    if (!kernel) throw new Error('no kernel');
    for (const def of kernel.variants) for (const k of emitted(resized(def, [1, 1, d]), target)) expectToFit(k, target);
  });

  test('which registers bear out: what ptxas gives a thread lets a block run on every architecture', async ({ skip }) => {
    if (!(await hasNvcc())) return skip('nvcc is not here');
    const generated = 'kernels-generated';
    const texts = new Map(readdirSync(join(generated, 'cuda')).map((f) => [join('cuda', f), readFileSync(join(generated, 'cuda', f), 'utf8')] as const));
    // `npm run setup` has asked ptxas about all of them; where it has not, some are asked about here.
    const known = await freshResources(texts, 'build/kernels');
    const reports = [...known, ...(await resourcesHere(texts, ['linear', 'rmsNorm', 'selectTokens'].filter((name) => !known.has(targets.sm_80.path(name)))))];
    const functions = reports.flatMap(([file, all]) => all.map((f) => ({ ...f, file })));
    const launches = Object.values<KernelEntry>(manifest.kernels).flatMap((k) => k.variants).flatMap((v) => v.launches);
    for (const f of functions) {
      const processor = processorOf(f.arch);
      const needs = launches.find((l) => l.file === f.file && l.symbol === f.symbol);
      if (!processor || !needs) throw new Error(`${f.symbol} on ${f.arch}`);
      expect(f.registers).toBeLessThanOrEqual(registersWithin(needs.threads, processor));
      expect(occupancy({ threads: needs.threads, registers: f.registers, sharedBytes: f.sharedBytes + needs.sharedBytes }, processor).blocks).toBeGreaterThan(0);
    }
    expect(new Set(functions.map((f) => f.symbol)).size).toBeGreaterThanOrEqual(3);
  }, 120_000);
});

/** What ptxas says of some kernels, compiled in a folder of their own, by their texts. */
async function resourcesHere(texts: ReadonlyMap<string, string>, names: readonly string[]): Promise<readonly (readonly [string, readonly FunctionResources[]])[]> {
  const out = mkdtempSync(join(tmpdir(), 'warpfold-fit-'));
  try {
    mkdirSync(join(out, 'cuda'));
    for (const path of names.map((name) => targets.sm_80.path(name))) writeFileSync(join(out, path), texts.get(path) ?? '');
    return (await buildCuda({ generated: out, out })).built.map((b) => [b.file, b.functions] as const);
  } finally {
    rmSync(out, { recursive: true });
  }
}

describe('what no schedule can make fit is refused', () => {
  /** out[q] = the sum of `n` inputs. */
  const summed = (n: number): KernelDef => {
    const inputs = Array.from({ length: n }, (_, i): TensorExpr => input(`x${i}`, 'f32', ['q'], at));
    const fn = inputs.slice(1).reduce((sum: Scalar, _, i) => binary('add', sum, arg(i + 1)), arg(0));
    return { ...launchOf('summed', { q: dynamic }, [['out', ['q'], map(fn, inputs, at)]], inputs).def, span: { file: 'my.ts', line: 3, column: 1, text: 'kernel(…)', binding: 'summed' } };
  };

  test.each(['cpu', ...gpus.map((g) => g.name)] as const)('more arguments than a launch takes, for %s', (name) => {
    expect(compileKernel(summed(mostArgs - 2), targets[name]).launches.map((l) => l.kernel.args.length)).toEqual([mostArgs]);
    expect(() => compileKernel(summed(mostArgs - 1), targets[name])).toThrow('my.ts:3:1  error L109: `summed` needs 65 arguments with its results, sizes and memory between launches, a launch takes at most 64; return parts of it from kernels of their own');
  });

  property.prop([fc.integer({ min: 1, max: 1024 })])('registers of a thread are as many as ptxas may give so that one block runs', (threads) => {
    for (const { name } of gpus) {
      const processor = processorOf(name);
      if (!processor) throw new Error(name);
      const registers = registersWithin(threads, processor);
      const blocks = (n: number): number => occupancy({ threads, registers: n, sharedBytes: 0 }, processor).blocks;
      expect([blocks(registers) > 0, blocks(registers + 1) > 0]).toEqual([true, false]);
    }
  });
});
