import { describe, expect, test } from 'vitest';
import { parseMethods, usualMethods } from '../../../runtime/eval/methods.js';
import { paperMix } from '../../../runtime/parallelComp/calibration.js';

const context = { numLayers: 8, window: 1024, parallelComp: { keepChunks: 2, capacity: 450 } };
const parse = (text: string) => parseMethods(text, context);

describe('parseMethods', () => {
  test('the usual ones: the template\'s capacity is for eviction alone, and calibration takes the layers of the model', () => {
    expect(parse(usualMethods).map((m) => [m.id, m.method, m.parallelComp])).toEqual([
      ['full', 'full', {}], ['truncated', 'truncated', {}], ['streaming', 'streaming', {}],
      ['parallelcomp', 'parallelcomp', { keepChunks: 2 }],
      ['parallelcomp+evict', 'parallelcomp', { keepChunks: 2, capacity: 450 }],
      ['parallelcomp+evict+calibrate', 'parallelcomp', { keepChunks: 2, capacity: 450, calibration: paperMix(8) }],
    ]);
  });

  test('without a capacity in the template half the window is kept', () => {
    expect(parseMethods('parallelcomp+evict', { ...context, parallelComp: {} })[0]?.parallelComp).toEqual({ capacity: 512 });
  });

  test('options stand behind a colon, over the template\'s, and belong to the method before them', () => {
    const [a, b] = parse('parallelcomp:keepChunks=4,capacity=100,group=max , parallelcomp:queryBos=true,threshold=0.3');
    expect([a?.id, a?.parallelComp]).toEqual(['parallelcomp:keepChunks=4,capacity=100,group=max', { keepChunks: 4, capacity: 100, group: 'max' }]);
    expect(b?.parallelComp).toEqual({ keepChunks: 2, queryBos: true, threshold: 0.3 });
    expect(a?.title).toBe('ParallelComp (keepChunks 4, capacity 100, group max)');
  });

  test.each([
    ['ful', "ful: there is no method 'ful'; name some of full,truncated,streaming,parallelcomp,parallelcomp+evict,parallelcomp+evict+calibrate"],
    ['full+evict', "full+evict: 'full' has no options; write full"],
    ['parallelcomp+evct', "parallelcomp+evct: ParallelComp has no '+evct'; write +evict or +calibrate"],
    ['parallelcomp:keep=2', "parallelcomp:keep=2: ParallelComp has no option 'keep'; choose from keepChunks, capacity, observationRows, pool, threshold, edge, chunkTokens, group, chunkCut, queryBos"],
    ['parallelcomp:keepChunks=two', "parallelcomp:keepChunks=two: keepChunks is 'two'; give a number"],
    ['parallelcomp:group=most', "parallelcomp:group=most: group is 'most'; write sum or mean or max"],
    ['full,full', "the method 'full' is named twice; name every method once"],
    [' , ', 'no method is named; name some of full,truncated,streaming,parallelcomp,parallelcomp+evict,parallelcomp+evict+calibrate'],
  ])('%s is refused', (text, message) => expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'R604', message })));

  test('an option out of range is refused as everywhere', () => expect(() => parse('parallelcomp:keepChunks=0')).toThrow(expect.objectContaining({ code: 'R403' })));
});
