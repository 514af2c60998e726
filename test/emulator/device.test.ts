import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { KernelEntry, Variant } from '../../dsl/manifest.js';
import { openEmulator } from '../../runtime/emulator.js';
import { kernelEmulator } from '../kit/emulator.js';
import { launched, openFixtures } from './fixture.js';

const fixtures = ['does', 'readsUnwritten', 'returnsWithCopy'].map((symbol) => ({
  symbol, threads: 64, sharedBytes: 512, inputs: [{ name: 'x', dtype: 'f32' as const, axis: 'm' }], output: { dtype: 'f32' as const, axis: 'k' },
}));
const device = await openFixtures('mistakes.cu', fixtures);
afterAll(() => device[Symbol.asyncDispose]());
const x = Float32Array.from({ length: 64 }, (_, i) => i);

describe('the emulator as a device', () => {
  test('says what it is', () => {
    expect([device.kind, device.description]).toEqual(['emulator', 'emulated sm_80, seed 0']);
  });

  test('what is allocated reads as NaN until something is written', async () => {
    using t = device.alloc('f32', [3]);
    expect([...await device.read(t)]).toEqual([NaN, NaN, NaN]);
  });

  test('memory holds one copy of what a launch reads: inputs stay as they were', async () => {
    using input = device.alloc('f32', [64]);
    using out = device.alloc('f32', [64]);
    device.write(input, x);
    device.launch('does', { x: input }, { out }, { n: 4, b: 1 });
    expect([...await device.read(input)]).toEqual([...x]);
  });

  test('a kernel that was not built is answered with where its library would be', async () => {
    const manifest = { kernels: { absent: { source: 'absent.ts', params: [], results: [{ name: 'out', dtype: 'f32', order: ['k'] }], sizes: { k: { kind: 'dynamic' as const } },
      variants: [{ variant: '', target: 'sm_80' as const, dtypes: {}, fixed: {}, scratch: [], certificates: [], launches: [{ symbol: 'absent', file: 'cuda/absent.sm_80.cu', line: 1, args: [{ kind: 'result' as const, name: 'out' }], grid: [], threads: 32, sharedBytes: 0 }] }] } } };
    await using empty = openEmulator({ manifest, kernelsDir: '/nowhere' });
    using out = empty.alloc('f32', [1]);
    expect(() => empty.launch('absent', {}, { out })).toThrow("kernel 'absent' has not been built for the emulator: there is no /nowhere/emulator/absent.so; call buildEmulator");
  });

  test('runs text for Hopper where that is asked for and there is some, in as many blocks as run at a time where they walk the grid', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warpfold-emulated-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const variant = (target: 'sm_80' | 'sm_90a', symbol: string, persistent?: true): Variant => ({
      variant: '', target, dtypes: {}, fixed: {}, scratch: [], certificates: [],
      launches: [{ symbol, file: `cuda/${symbol}.${target}.cu`, line: 1, args: [{ kind: 'result', name: 'out' }], grid: [{ axis: 'k', block: 1 }], threads: 32, sharedBytes: 0, ...(persistent && { persistent }) }],
    });
    const kernel = (...variants: readonly Variant[]): KernelEntry => ({ source: 'which.ts', params: [], results: [{ name: 'out', dtype: 'i32', order: ['k'] }], sizes: { k: { kind: 'dynamic' } }, variants });
    const manifest = { kernels: { both: kernel(variant('sm_80', 'both'), variant('sm_90a', 'both', true)), one: kernel(variant('sm_80', 'one')) } };
    mkdirSync(join(folder, 'cuda'));
    for (const [symbol, target] of [['both', 'sm_80'], ['both', 'sm_90a'], ['one', 'sm_80']] as const) {
      writeFileSync(join(folder, 'cuda', `${symbol}.${target}.cu`), `#include "cuda/primitives.cuh"\nKERNEL(32, 1) ${symbol}(int* out) { if (threadOfBlock() == 0) out[blockOfGrid()] = ${target === 'sm_80' ? 8000 : 9000} + blocksOfGrid(); }\n`);
    }
    for (const target of ['sm_80', 'sm_90a'] as const) {
      await using emulator = await kernelEmulator({ manifest, generated: folder, out: folder, target, processors: 3 });
      const said = async (name: string): Promise<readonly number[]> => {
        using out = emulator.alloc('i32', [5]);
        emulator.launch(name, {}, { out });
        return [...await emulator.read(out)];
      };
      expect([emulator.description, await said('both'), await said('one')]).toEqual([
        `emulated ${target}, seed 0`, target === 'sm_80' ? new Array(5).fill(8005) : [9003, 9003, 9003, -1, -1], new Array(5).fill(8005),
      ]);
    }
  });

  test('policies take turns, seeds count up', async () => {
    await using fresh = await openFixtures('mistakes.cu', fixtures, { seed: 10 });
    const reports: (string | undefined)[] = [];
    for (let launch = 0; launch < 4; launch++) reports.push(await launched(fresh, 'returnsWithCopy', 1, { dtype: 'f32', count: 64 }, x).then(() => undefined, (e: Error) => /\[seed.*\]/.exec(e.message)?.[0]));
    expect(reports).toEqual(['[seed 10, copies late]', '[seed 11, copies early]', '[seed 12, copies random]', '[seed 13, copies late]']);
  });
});
