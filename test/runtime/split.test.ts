import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { filled, partCount, type SplitCase } from '../../runtime/split.js';

const cases = fc.record({ blocks: fc.nat(1000), steps: fc.nat(3000), slots: fc.integer({ min: 1, max: 600 }) });
const counts = (most: number): readonly number[] => Array.from({ length: most }, (_, i) => i + 1);
/** Numbers of parts that whole steps divide into with none left over. */
const possible = ({ steps }: SplitCase): readonly number[] => counts(Math.min(Math.max(1, steps), 256)).filter((p) => steps === 0 || Math.ceil(steps / Math.ceil(steps / p)) === p);

describe('the number of parts', () => {
  test.for([
    // Eight KV heads over 131,072 keys on 132 multiprocessors: fifteen fill 120 of them, seventeen would take a second wave for 4 blocks.
    [{ blocks: 8, steps: 2048, slots: 132 }, 15],
    [{ blocks: 8, steps: 4, slots: 132 }, 4],
    [{ blocks: 132, steps: 100, slots: 132 }, 1],
    [{ blocks: 1000, steps: 100, slots: 132 }, 1],
    // 1.01 waves: six parts take seven waves for 6.05.
    [{ blocks: 133, steps: 100, slots: 132 }, 6],
    [{ blocks: 1, steps: 5000, slots: 264 }, 218],
    [{ blocks: 0, steps: 100, slots: 132 }, 1],
    [{ blocks: 8, steps: 0, slots: 132 }, 1],
  ] as const)('of %j is %i', ([c, parts]) => expect(partCount(c)).toBe(parts));

  prop.prop([cases])('is the smallest that fills waves within 85 % of the best', (c) => {
    const all = possible(c);
    const best = Math.max(...all.map((p) => filled(c, p)));
    expect(partCount(c)).toBe(all.find((p) => filled(c, p) >= 0.85 * best));
  });

  prop.prop([cases])('gives each part at least one step', (c) => {
    const parts = partCount(c);
    expect(parts).toBeGreaterThanOrEqual(1);
    const each = Math.ceil(c.steps / parts);
    if (c.steps > 0) expect((parts - 1) * each).toBeLessThan(c.steps);
  });
});
