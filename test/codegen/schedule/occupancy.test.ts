import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type BlockDemand, occupancy, type Processor, processorOf } from '../../../codegen/schedule/occupancy.js';

const known = (arch: string): Processor => processorOf(arch) ?? expect.unreachable(`no figures of ${arch}`);
const ampere = known('sm_80');
const hopper = known('sm_90a');

const demand: fc.Arbitrary<BlockDemand> = fc.record({ threads: fc.integer({ min: 1, max: 1024 }), registers: fc.integer({ min: 16, max: 255 }), sharedBytes: fc.integer({ min: 0, max: 163 * 1024 }) });
const processor = fc.constantFrom(ampere, hopper);

/** Whether so many blocks find room, thing by thing: registers in portions of 256 out of four equal files, shared memory in portions of 128 bytes and 1 KiB for each block. */
function fits(blocks: number, { threads, registers, sharedBytes }: BlockDemand, of: Processor): Readonly<Record<string, boolean>> {
  const warps = Math.ceil(threads / 32);
  const spare = [0, 1, 2, 3].map(() => of.registers / 4);
  const placed = Array.from({ length: blocks * warps }, () => {
    const widest = spare.indexOf(Math.max(...spare));
    spare[widest] = (spare[widest] ?? 0) - Math.ceil((registers * 32) / 256) * 256;
    return Math.min(...spare) >= 0;
  });
  return {
    registers: placed.every(Boolean), 'shared memory': blocks * (Math.ceil(sharedBytes / 128) * 128 + 1024) <= of.sharedBytes,
    warps: blocks * warps <= 64, blocks: blocks <= 32,
  };
}

describe('occupancy', () => {
  property.prop([demand, processor])('counts blocks that find room, and names all that has none for one more', (d, of) => {
    const { blocks, warps, share, limitedBy } = occupancy(d, of);
    fc.pre(blocks > 0);
    expect(Object.values(fits(blocks, d, of))).not.toContain(false);
    expect(Object.entries(fits(blocks + 1, d, of)).filter(([, room]) => !room).map(([name]) => name)).toEqual(limitedBy);
    expect([warps, share]).toEqual([blocks * Math.ceil(d.threads / 32), warps / 64]);
  });

  property.prop([demand, demand, processor])('a block that asks for no less leaves no more room', (a, b, of) => {
    const more = { threads: Math.max(a.threads, b.threads), registers: Math.max(a.registers, b.registers), sharedBytes: Math.max(a.sharedBytes, b.sharedBytes) };
    expect(occupancy(more, of).blocks).toBeLessThanOrEqual(occupancy(a, of).blocks);
  });

  test.each<[string, BlockDemand, Processor, number, readonly string[]]>([
    ['full', { threads: 256, registers: 32, sharedBytes: 0 }, ampere, 8, ['registers', 'warps']],
    ['tiny blocks', { threads: 32, registers: 16, sharedBytes: 0 }, ampere, 32, ['blocks']],
    ['tiles in registers', { threads: 128, registers: 222, sharedBytes: 48 * 1024 }, ampere, 2, ['registers']],
    ['tiles in shared memory', { threads: 128, registers: 96, sharedBytes: 40 * 1024 }, ampere, 4, ['shared memory']],
    ['the same on Hopper', { threads: 128, registers: 96, sharedBytes: 40 * 1024 }, hopper, 5, ['registers', 'shared memory']],
    ['all shared memory of Ampere', { threads: 128, registers: 96, sharedBytes: 163 * 1024 }, ampere, 1, ['shared memory']],
    ['a byte more', { threads: 128, registers: 96, sharedBytes: 163 * 1024 + 1 }, ampere, 0, ['shared memory']],
    ['the same on Hopper', { threads: 128, registers: 96, sharedBytes: 163 * 1024 + 1 }, hopper, 1, ['shared memory']],
    ['too many registers for so many threads', { threads: 1024, registers: 65, sharedBytes: 0 }, ampere, 0, ['registers']],
    ['too many threads', { threads: 1056, registers: 16, sharedBytes: 0 }, ampere, 0, ['warps']],
  ])('%s', (_, d, of, blocks, limitedBy) => {
    expect(occupancy(d, of)).toMatchObject({ blocks, limitedBy });
  });

  test('is not guessed for an architecture of unknown size', () => expect(processorOf('sm_120')).toBeUndefined());
});
