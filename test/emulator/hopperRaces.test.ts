import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { launched, openFixtures, pathOf } from './fixture.js';

// The situations of JAX's interpreter for GPUs, and those of kernels whose warps have roles.

const text = readFileSync(pathOf('hopperRaces.cu'), 'utf8');
const named = (macros: string): readonly string[] => [...text.matchAll(new RegExp(`^(?:${macros})\\((\\w+)`, 'gm'))].flatMap(([, name]) => (name === undefined ? [] : [name]));
const pairs = named('PAIR|RINGS');
const passes = named('PASS').filter((name) => name !== 'name');
const fixtures = [...pairs.flatMap((name) => [`${name}_broken`, `${name}_repaired`]), ...passes.map((name) => `${name}_repaired`)].map((symbol) => ({
  symbol, threads: 256, sharedBytes: 32768 + 64, inputs: [{ name: 'x', dtype: 'f32' as const, axis: 'm' }], output: { dtype: 'f32' as const, axis: 'k' },
}));
const device = await openFixtures('hopperRaces.cu', fixtures, { globals: true });
afterAll(() => device[Symbol.asyncDispose]());

const x = Float32Array.from({ length: 2048 }, (_, i) => i);
/** Blocks write side by side only where they are told to. */
const blocksOf = (name: string): number => (name.startsWith('blocks') || name.startsWith('leave') ? 3 : 1);
const run = (name: string, form: 'broken' | 'repaired'): Promise<Float32Array> => launched(device, `${name}_${form}`, 64, { dtype: 'f32', count: 2048 }, x, blocksOf(name));

const places = /hopperRaces\.cu:\d+/.source;
const race = new RegExp(`race: .*${places}.*; .*${places}.*(nothing orders the two|no fenceAsync of that thread comes between|blocks are in no order) \\[seed \\d+, copies (late|early|random)\\]`);
const deadlock = /the block waits for ever:\n {2}warps? \d/;
/** Situations that are told in other words than a race of two accesses. */
const otherwise: Readonly<Record<string, RegExp>> = {
  leaveWithUnreadStore: /thread 0 .* returns before a box that it stores has been read, hopperRaces\.cu:\d+/,
  leaveWithProduct: /returns before a product of its warp is awaited, hopperRaces\.cu:\d+/,
  fullBarrierForTheEmptyOne: /arrives at the barrier at shared byte \d+, which has had all 1 arrivals of this phase and waits for 1024 bytes|the block waits for ever|race: /,
  claimParityNotFlipped: /arrives at the barrier at shared byte \d+, which has had all 1 arrivals of this phase|race: /,
  readParityNotFlipped: /race: |the block waits for ever/,
  expectTooFewBytes: /the barrier at shared byte \d+ gets 16 bytes more than its phase expects, of a copy at hopperRaces\.cu:\d+/,
  expectTooManyBytes: /the block waits for ever:\n.*32 lanes at awaitPhase of the barrier at shared byte 32768, phase 0, parity 0: 0 of 1 arrivals and 16 bytes are missing, hopperRaces\.cu:\d+/,
  parityAheadOfTheStage: /race: |the block waits for ever/,
  emptyWithoutOneReader: /race: |which has had all|the block waits for ever/,
  noFenceBehindTheRescale: /begins a product whose accumulators were written with no fenceProducts behind it/,
  noFenceAtAll: /begins a product before its first fenceProducts/,
  rescaledUnderWay: /has written accumulators of the product begun by hopperRaces\.cu:\d+.* before it is awaited/,
  leftRegistersWrittenUnderWay: /has written the left operand's registers of the product begun by hopperRaces\.cu:\d+.* before it is awaited/,
  leftRegistersUnfenced: /begins a product whose left operand's registers were written with no fenceProducts behind it/,
  barrierThatOmitsAWarp: /the block waits for ever:\n(.*\n)*.*namedBarrier 1 \(32 of 224 threads have come\), hopperRaces\.cu:\d+|returns while other warps wait|race: /,
  turnsOnceTooOften: deadlock,
};
/** What shows in the numbers alone: registers under way hold no number. */
const wrong = ['accumulatorsReadTooEarly', 'oneGroupMoreUnderWay'];

describe('of every planted race', () => {
  test.for(pairs.filter((name) => !wrong.includes(name)))('%s: the broken form is reported, with both lines, under every policy and order', async (name) => {
    for (let time = 0; time < 6; time++) await expect(run(name, 'broken')).rejects.toThrow(otherwise[name] ?? race);
  });

  test.for(wrong)('%s: the broken form has no number for a result', async (name) => {
    for (let time = 0; time < 6; time++) expect((await run(name, 'broken'))[0]).toBeNaN();
  });

  test.for([...pairs, ...passes])('%s: the repaired form passes', async (name) => {
    for (let time = 0; time < 6; time++) await expect(run(name, 'repaired')).resolves.toHaveLength(2048);
  });
});
