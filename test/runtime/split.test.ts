import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { partCount, type SplitCase, timeOf } from '../../runtime/split.js';

const cases = fc.record({ blocks: fc.nat(1000), steps: fc.nat(3000), slots: fc.integer({ min: 1, max: 600 }) });
const counts = (most: number): readonly number[] => Array.from({ length: most }, (_, i) => i + 1);
/** Numbers of parts that whole steps divide into with none left over. */
const possible = ({ steps }: SplitCase): readonly number[] => counts(Math.min(Math.max(1, steps), 256)).filter((p) => steps === 0 || Math.ceil(steps / Math.ceil(steps / p)) === p);

describe('the number of parts', () => {
  test.for([
    // Eight KV heads over 131,072 keys on 132 multiprocessors: sixteen fill 128 of them, seventeen would take a second wave for 4 blocks.
    [{ blocks: 8, steps: 2048, slots: 132 }, 16],
    // Three blocks on each: 392 of 396 places.
    [{ blocks: 8, steps: 2048, slots: 396 }, 49],
    [{ blocks: 64, steps: 512, slots: 396 }, 6],
    [{ blocks: 8, steps: 4, slots: 132 }, 4],
    [{ blocks: 132, steps: 100, slots: 132 }, 1],
    [{ blocks: 1000, steps: 100, slots: 132 }, 1],
    // 1.01 waves: five parts take six waves for 5.04.
    [{ blocks: 133, steps: 100, slots: 132 }, 5],
    [{ blocks: 1, steps: 5000, slots: 264 }, 250],
    [{ blocks: 0, steps: 100, slots: 132 }, 1],
    [{ blocks: 8, steps: 0, slots: 132 }, 1],
  ] as const)('of %j is %i', ([c, parts]) => expect(partCount(c)).toBe(parts));

  prop.prop([cases])('is the smallest that takes the least time', (c) => {
    const all = possible(c);
    const least = Math.min(...all.map((p) => timeOf(c, p)));
    expect(partCount(c)).toBe(all.find((p) => timeOf(c, p) === least));
  });

  prop.prop([fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 200 })])('fills nine tenths of the waves where there are steps enough for it', (slots, blocks) => {
    const parts = partCount({ blocks, steps: 100_000, slots });
    const waves = (blocks * parts) / slots;
    expect(parts === 256 || waves / Math.ceil(waves) >= 0.9).toBe(true);
  });

  prop.prop([cases])('gives each part at least one step', (c) => {
    const parts = partCount(c);
    expect(parts).toBeGreaterThanOrEqual(1);
    const each = Math.ceil(c.steps / parts);
    if (c.steps > 0) expect((parts - 1) * each).toBeLessThan(c.steps);
  });
});
