import { describe, expect, test } from 'vitest';
import { cacheSchedule, shrink } from '../../../codegen/schedule/model.js';
import { factsOf } from '../../../codegen/tile/facts.js';
import type { Axis } from '../../../dsl/expr.js';
import { dot, gather, input, map, reduce } from '../../../dsl/ops.js';
import { binary, pos } from '../../../dsl/scalar.js';
import { at, cascade, dynamic, fixed, launchOf, matmul, norm, sumFold } from '../tile/programs.js';

describe('the schedule model', () => {
  test('says why every block has its size', () => {
    expect(cacheSchedule(factsOf(matmul())).reasons).toMatchInlineSnapshot(`
      [
        "e 256: walked and contracted; long enough to pay for the accumulator, short enough for both operands to stay in cache",
        "t 128: an edge of a product; every packed element serves a whole block",
        "f 128: an edge of a product; every packed element serves a whole block",
      ]
    `);
    expect(cacheSchedule(factsOf(cascade(true))).reasons).toMatchInlineSnapshot(`
      [
        "k 128: walked; yielded by one product and contracted by the next",
        "q 64: an edge of chained products; the tile between them stays in the near cache",
        "longest first: masks make later rows longer, and a long block must not come last",
      ]
    `);
    expect(cacheSchedule(factsOf(norm())).reasons).toMatchInlineSnapshot(`
      [
        "e 512: contiguous in memory",
        "q 8: beside the contiguous axis; a few pay for the start of a block",
      ]
    `);
  });

  test('sees the part of an axis, not its name', () => {
    const part = (axis: string): string | undefined => factsOf(cascade(false)).axes.find((a) => a.axis === axis)?.part;
    expect([part('q'), part('k'), part('d')]).toEqual(['edge', 'chain', 'contracted']);
  });

  test('an axis walked through memory beside the contiguous one is streamed, one walked through computed places is not', () => {
    const x = input('x', 'f32', ['t', 'e'], at);
    const near = gather(x, 'e', map(binary('add', pos('e'), pos('n')), [], at, ['e', 'n']), 0, at);
    const part = (sum: ReturnType<typeof sumFold>, order: readonly Axis[], axis: Axis): string | undefined =>
      factsOf(launchOf('sums', { t: dynamic, e: dynamic, n: dynamic }, [['out', order, sum]], [x])).axes.find((a) => a.axis === axis)?.part;
    expect(part(sumFold('y', 't', reduce('sum', x, 't', at)), ['e'], 't')).toBe('streamed');
    expect(part(sumFold('y', 'n', reduce('sum', near, 'n', at)), ['t', 'e'], 'n')).toBe('plain');
  });

  test('of the output axes of a projection into heads, the contiguous one makes the block', () => {
    const x = input('x', 'f32', ['t', 'e'], at);
    const w = input('w', 'f32', ['g', 'd', 'e'], at);
    const heads = launchOf('heads', { t: dynamic, g: dynamic, d: fixed(64), e: dynamic }, [['out', ['t', 'g', 'd'], sumFold('y', 'e', dot(x, w, 'e', at))]], [x, w]);
    expect(cacheSchedule(factsOf(heads)).schedule.block).toEqual({ e: 256, t: 128, g: 1, d: 64 });
  });

  test('shrinking halves the largest block until all are 1', () => {
    const facts = factsOf(matmul());
    let schedule = cacheSchedule(facts).schedule;
    expect(shrink(schedule, facts)?.block).toEqual({ ...schedule.block, e: 128 });
    let steps = 0;
    for (let next = shrink(schedule, facts); next; next = shrink(schedule, facts)) {
      schedule = next;
      steps++;
    }
    expect(schedule.block).toEqual({ e: 1, t: 1, f: 1 });
    expect(steps).toBe(8 + 7 + 7);
  });
});
