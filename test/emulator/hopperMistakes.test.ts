import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { RuntimeError } from '../../runtime/error.js';
import { launched, openFixtures, pathOf } from './fixture.js';

const at = /hopperMistakes\.cu:\d+( \(in \w+, hopperMistakes\.cu:\d+\))?/.source;
const report = (text: string): RegExp => new RegExp(text.replaceAll('@', at));
/** What the report of each kernel says; @ is a line. */
const reports: Readonly<Record<string, RegExp>> = {
  awaitsWhatWasNotMade: report('thread 0 .*, @, uses a barrier at shared byte 16392, where none has been initialised'),
  arrivesBesideTheBarrier: report('@, uses a barrier at shared byte 16388, where none has been initialised'),
  makesTwice: report('@, accesses shared byte 16384, where a barrier is, initialised at @'),
  makesForNobody: report('@, initialises a barrier of 0 arrivals'),
  writesOverBarrier: report('@, accesses shared byte 16384, where a barrier is, initialised at @'),
  usesBeforeItIsSure: report('race: thread 32 .*, @, uses the barrier at shared byte 16384; thread 0 .*, @, initialised it; nothing orders the two|thread 32 .*, @, uses a barrier at shared byte 16384, where none has been initialised'),
  arrivesTooOften: report('@, arrives at the barrier at shared byte 16384, which has had all 1 arrivals of this phase and waits for 1024 bytes'),
  awaitsForEver: report('the block waits for ever:\\n {2}warp 0: 1 lanes at awaitPhase of the barrier at shared byte 16384, phase 0, parity 0: 1 of 2 arrivals and 0 bytes are missing, @; 31 lanes have returned\\n {2}warps 1 to 7: returned'),
  awaitsNoParity: report('@, awaits parity 2 of the barrier at shared byte 16384'),
  hidesTheBarrier: report('@, copies a box for the barrier at shared byte 16384, which the copy engine may not see: no fenceBarriers lies behind its initialisation, @'),
  leavesWithBox: report('the block ends before a box copied for the barrier at shared byte 16384 is awaited, @'),
  boxBesideAStage: report('@, copies a box to or from shared byte 128, not a multiple of 1024'),
  boxBehindShared: report('@, copies a box to or from shared bytes 17408 to 18431, but the block has 16448'),
  boxOverBarrier: report('@, copies a box to or from shared bytes 16384 to 17407, but the block has 16448'),
  boxAtTooManyPositions: report('@, copies a box at 3 positions of a tensor of 2 axes'),
  storesUnwritten: report('@, reads shared bytes 0 to 1023, which nobody wrote'),
  namesNoBarrier: report('@, comes to named barrier 16; there are 1 to 15'),
  namesPartOfAWarp: report("@, comes to named barrier 1 of 100 threads, not whole warps of the block's 256"),
  namesOtherCounts: report('@, comes to named barrier 1 of 128 threads; who came first, @, said 256'),
  partsAtNamedBarrier: report('@, comes to a named barrier of which its lanes say different numbers'),
  registersByTheDozen: report('@, asks for 60 registers, no multiple of 8 from 24 to 256'),
  registersTwice: report('@, changes its registers a second time, after @'),
  registersOfNobody: report("warps wait for registers for ever, at @: the block's would be 82944 of 65536"),
  registersOfHalfAWarpgroup: report('warps 0 and 2 of one warpgroup ask for different registers, at @'),
  multipliesByThreeWarps: report('warps 0 and 3 of one warpgroup have begun 1 and 0 products'),
  multipliesDifferently: report('warps of a warpgroup have parted: warp \\d begins a product at @, another warp one at @, of other operands'),
  multipliesUnswizzled: report('@, begins a product of an operand that is not swizzled by 128 bytes'),
  multipliesBehindShared: report('@, begins a product that reads shared bytes \\d+ to \\d+, but the block has 16448'),
  multipliesUnwritten: report('@, reads shared bytes \\d+ to \\d+, which nobody wrote'),
  multipliesByAWarp: report('warps 4 and 5 of one warpgroup have begun 1 and 0 products'),
};
const declared = [...readFileSync(pathOf('hopperMistakes.cu'), 'utf8').matchAll(/^MISTAKE\((\w+)/gm)].map(([, name]) => name);
const device = await openFixtures('hopperMistakes.cu', Object.keys(reports).map((symbol) => ({
  symbol, threads: symbol === 'registersOfNobody' ? 384 : 256, sharedBytes: 16384 + 64, inputs: [{ name: 'x', dtype: 'f32' as const, axis: 'm' }], output: { dtype: 'f32' as const, axis: 'k' },
})));
afterAll(() => device[Symbol.asyncDispose]());
const x = Float32Array.from({ length: 2048 }, (_, i) => i);

test('every mistake is told of', () => { expect(declared.toSorted()).toEqual(Object.keys(reports).toSorted()); });

describe('a mistake ends the launch with a report of what and where', () => {
  test.for(Object.entries(reports))('%s', async ([symbol, text]) => {
    for (let time = 0; time < 3; time++) {
      const failure = await launched(device, symbol, 1, { dtype: 'f32', count: 2048 }, x).then(() => undefined, (e: unknown) => e);
      expect(failure).toBeInstanceOf(RuntimeError);
      expect(failure).toMatchObject({ code: 'R018', where: `kernel '${symbol}'` });
      expect(String(failure)).toMatch(text);
    }
  });
});
