import { afterAll, describe, expect, test } from 'vitest';
import { openEmulator } from '../../runtime/emulator.js';
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

  test('policies take turns, seeds count up', async () => {
    await using fresh = await openFixtures('mistakes.cu', fixtures, { seed: 10 });
    const reports: (string | undefined)[] = [];
    for (let launch = 0; launch < 4; launch++) reports.push(await launched(fresh, 'returnsWithCopy', 1, { dtype: 'f32', count: 64 }, x).then(() => undefined, (e: Error) => /\[seed.*\]/.exec(e.message)?.[0]));
    expect(reports).toEqual(['[seed 10, copies late]', '[seed 11, copies early]', '[seed 12, copies random]', '[seed 13, copies late]']);
  });
});
