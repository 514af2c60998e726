import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { RuntimeError } from '../../runtime/error.js';
import { launched, openFixtures, pathOf } from './fixture.js';

/** What the report of each kernel says, lines as their text. */
const reports: Readonly<Record<string, RegExp>> = {
  returnsBeforeBarrier: /thread \d+ \(warp 1, lane \d+\) waits at blockBarrier, «blockBarrier\(\);», from mistakes\.ts:1, but other threads of the block have returned\n {2}warp 0: .*\n {2}warp 1: |thread \d+ \(warp 0, lane \d+\) returns while other warps wait at blockBarrier\n {2}warp 0: .*\n {2}warp 1: 32 lanes at blockBarrier, «blockBarrier\(\);», from mistakes\.ts:1/,
  partsAtBarrier: /lanes of warp \d have parted: lane \d+ is at (blockBarrier, «blockBarrier\(\);»; lane \d+ is at a shuffle, «out.*»|a shuffle, «out.*»; lane \d+ is at blockBarrier, «blockBarrier\(\);»)/,
  partsAtShuffle: /lanes of warp \d have parted: lane \d+ is at a shuffle, («if .*», from mistakes\.ts:2; lane \d+ is at a shuffle, «y \+= .*», from mistakes\.ts:3|«y \+= .*», from mistakes\.ts:3; lane \d+ is at a shuffle, «if .*», from mistakes\.ts:2)/,
  returnsBeforeShuffle: /thread 40 \(warp 1, lane 8\) returns while lanes of its warp wait\n|lane 8 of its warp has returned/,
  shufflesInHalfAWarp: /thread \d+ \(warp 1, lane \d+\) is at a shuffle, «.*shufflesInHalfAWarp.*», in a warp of 16 threads/,
  barrierTooOften: /«for .*».*have returned\n|returns while other warps wait at blockBarrier\n/,
  readsBehindShared: /«.*readsBehindShared.*», accesses shared bytes 516 to 519, but the block has 512/,
  writesBeforeShared: /«.*writesBeforeShared.*», accesses shared bytes -4 to -1, but the block has 512/,
  readsSharedMisaligned: /«.*readsSharedMisaligned.*», accesses shared bytes 4 to 19, not a multiple of 16/,
  loadsRowsMisaligned: /«loadMatrices.*», accesses shared bytes 2 to 17, not a multiple of 16/,
  copiesMisaligned: /«copyAsync16.*», accesses shared bytes 4 to 19, not a multiple of 16/,
  copiesFromMisaligned: /«copyAsync16.*», copies 16 bytes from a global address that is not a multiple of 16/,
  copiesTooMuch: /«copyAsync16.*», copies 17 of 16 bytes/,
  readsGlobalMisaligned: /«.*readsGlobalMisaligned.*», accesses 16 bytes at a global address that is no multiple of 16/,
  readsBehindInput: /thread 5 \(warp 0, lane 5\), «if .*», from mistakes\.ts:4, reaches \d+ bytes behind the end of `x` \(256 bytes\)/,
  readsBeforeInput: /«.*readsBeforeInput.*», reaches \d+ bytes before the beginning of `x` \(256 bytes\)/,
  writesBehindResult: /«.*writesBehindResult.*», reaches 0 bytes behind the end of `out` \(256 bytes\)|something was written right beyond an end of `out` \(256 bytes\)/,
  writesInput: /«.*writesInput.*», writes `x` \(256 bytes\) at byte 0, an input/,
  readsNowhere: /«.*readsNowhere.*», reaches memory that belongs to no argument/,
  copiesFromBehind: /«copyAsync16.*», reaches \d+ bytes behind the end of `x`/,
  needsTooMuchStack: /needs more than 256 KiB of stack/,
  readsUnwritten: /thread \d+ \(warp 1, lane \d+\), «if .*out.* = s.*», reads shared bytes \d+ to \d+, which nobody wrote/,
  returnsWithoutAwaiting: /thread \d+ \(warp 1, lane \d+\) returns without awaitLaunches/,
  copiesBeforeAwaiting: /thread \d+ \(warp \d, lane \d+\), «copyAsync16.*», begins to copy before awaitLaunches/,
  returnsWithCopy: /thread 3 \(warp 0, lane 3\) returns before its copy is awaited, «if .*copyAsync16.*»/,
};
const lines = readFileSync(pathOf('mistakes.cu'), 'utf8').split('\n');
/** Lines of the kernels' file by what stands there. */
const quoted = (text: string): string => text.replace(/mistakes\.cu:(\d+)/g, (_, n) => `«${lines[Number(n) - 1]?.trim()}»`);
const half = 'shufflesInHalfAWarp';
const fixtures = [...Object.keys(reports), 'does'].map((symbol) => ({
  symbol, threads: symbol === half ? 48 : 64, sharedBytes: 512, awaits: symbol.endsWith('Awaiting'), inputs: [{ name: 'x', dtype: 'f32' as const, axis: 'm' }], output: { dtype: 'f32' as const, axis: 'k' },
}));
const device = await openFixtures('mistakes.cu', fixtures);
afterAll(() => device[Symbol.asyncDispose]());
const x = Float32Array.from({ length: 64 }, (_, i) => i);
const run = (symbol: string, n = 1): Promise<Float32Array> => launched(device, symbol, n, { dtype: 'f32', count: 64 }, x);

describe('a mistake ends the launch with a report of what and where', () => {
  test.for(Object.entries(reports))('%s', async ([symbol, report]) => {
    for (let time = 0; time < 4; time++) {
      const failure = await run(symbol).then(() => undefined, (e: unknown) => e);
      expect(failure).toBeInstanceOf(RuntimeError);
      expect(failure).toMatchObject({ code: 'R018', where: `kernel '${symbol}'` });
      expect(quoted(String(failure))).toMatch(report);
    }
  });
});

test('after a report the device goes on', async () => {
  await expect(run('writesInput')).rejects.toThrow();
  const out = await run('does', 4);
  expect(out[63]).toBe(63 * (63 * 64 / 2));
});

test('copies, barriers, shuffles and shared memory do what they say, under every policy and order', async () => {
  for (let seed = 0; seed < 12; seed++) {
    const out = await run('does', 3);
    // The last of sixteen copies reads three floats of four; the fourth becomes 0.
    const sum = 62 * 63 / 2;
    expect([...out]).toEqual(Array.from({ length: 64 }, (_, i) => (i === 63 ? 0 : i * sum)));
  }
});

test('shared memory that nobody wrote reads as NaN', async () => {
  await using quiet = await openFixtures('mistakes.cu', fixtures, { races: false });
  const out = await launched(quiet, 'readsUnwritten', 1, { dtype: 'f32', count: 64 }, x);
  expect([...out]).toEqual(Array.from({ length: 64 }, (_, i) => (i < 32 ? i : NaN)));
});

test('what nobody wrote of a result reads as NaN', async () => {
  const out = await run('readsUnwritten', 0);
  expect([...out]).toEqual(Array.from({ length: 64 }, () => NaN));
});
