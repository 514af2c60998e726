import { fc, test as property } from '@fast-check/vitest';
import { afterAll, describe, expect, test } from 'vitest';
import type { Span } from '../../runtime/device.js';
import { clockOffset } from '../../runtime/nativeTrace.js';
import { spanned, spannedAsync } from '../../runtime/spans.js';
import { chromeTrace } from '../../runtime/trace/chromeTrace.js';
import { gapsBetween } from '../../runtime/trace/gaps.js';
import { recorder } from '../../runtime/trace/recorder.js';
import { summaryOf, summaryText } from '../../runtime/trace/summary.js';
import { scaleAdd, testDevices } from './testDevices.js';

const span = fc.record({ lane: fc.constantFrom('kernels', 'copies'), name: fc.constantFrom('a', 'b "c"'), from: fc.integer({ min: 0, max: 100 }), length: fc.integer({ min: 0, max: 20 }) })
  .map(({ lane, name, from, length }): Span => ({ lane, name, from, to: from + length }));

describe('gaps', () => {
  property.prop([fc.array(span, { maxLength: 12 }), fc.integer({ min: -5, max: 100 }), fc.integer({ min: 0, max: 60 })])('are exactly the moments in which nothing ran', (spans, from, length) => {
    const gaps = gapsBetween(spans, from, from + length);
    for (let half = from + 0.5; half < from + length; half++) {
      expect(gaps.filter((g) => g.from < half && half < g.to).length).toBe(spans.some((s) => s.from < half && half < s.to) ? 0 : 1);
    }
    gaps.forEach((g, i) => expect(g.from).toBeGreaterThanOrEqual(Math.max(from, gaps[i - 1]?.to ?? from)));
  });

  test('tell what stood before and behind, and the summary tells of the longest reading', () => {
    const device: readonly Span[] = [{ lane: 'kernels', name: 'embed', from: 10, to: 20 }, { lane: 'copies', name: 'upload', from: 26, to: 90 }, { lane: 'files 1', name: 'read', from: 0, to: 100 }];
    const host: readonly Span[] = [{ lane: 'requests', name: 'read', from: 8, to: 98 }, { lane: 'requests', name: 'read', from: 200, to: 210 }];
    const summary = summaryOf(host, device);
    expect(summary).toMatchObject({ seconds: 0.09, idle: 0.016, largest: { from: 90, to: 98, before: 'upload', after: undefined } });
    expect(summary && summaryText(summary)).toBe('read in 0.09 s, in which the device did nothing for 16 ms (17.8 %), at most 8.0 ms at once (8.9 %), behind the last launch, upload');
    expect(summaryOf([], device)).toBeUndefined();
  });
});

property.prop([fc.array(span, { minLength: 1, maxLength: 12 })])('a written trace has every span with its lane and its length', (spans) => {
  // What the format is, as far as it is used here.
  const { traceEvents } = JSON.parse(chromeTrace([{ name: 'host', spans: [] }, { name: 'GPU "0"', spans }])) as { readonly traceEvents: readonly { readonly ph: string; readonly name: string; readonly pid: number; readonly tid: number; readonly ts: number; readonly dur: number; readonly args: { readonly name: string } }[] };
  const laneOf = new Map(traceEvents.filter((e) => e.name === 'thread_name').map((e) => [e.tid, e.args.name]));
  const zero = Math.min(...spans.map((s) => s.from));
  expect(traceEvents.filter((e) => e.ph === 'X').map((e) => ({ lane: laneOf.get(e.tid), name: e.name, from: e.ts / 1000 + zero, to: (e.ts + e.dur) / 1000 + zero }))).toEqual(spans);
  expect(traceEvents.filter((e) => e.name === 'process_name').map((e) => e.args.name)).toEqual(['host', 'GPU "0"']);
});

describe('spans of the host', () => {
  test('are told while somebody listens, of work that throws too, and change nothing', async () => {
    using traced = recorder();
    expect(spanned('a', 'one', () => 1)).toBe(1);
    expect(() => spanned('a', 'two', () => { throw new Error('no'); })).toThrow('no');
    await expect(spannedAsync('b', 'three', async () => { throw new Error('nor this'); })).rejects.toThrow('nor this');
    const { text, summary } = await traced.end();
    spanned('a', 'late', () => 1);
    expect([...text.matchAll(/"name":"(one|two|three|late)"/g)].map((m) => m[1])).toEqual(['one', 'two', 'three']);
    expect(summary).toBeUndefined();
  });
});

property.prop([fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 47, maxLength: 47 }), fc.nat({ max: 15 })])('two clocks are compared rightly whenever the process was set aside', (offset, pauses, calm) => {
  // Microseconds pass before each reading; one comparison of the sixteen is left in peace.
  let time = 0, reading = 0;
  const read = (): number => {
    time += (Math.floor(reading / 3) === calm ? 0.5 : pauses[reading] ?? 1) / 1000;
    reading++;
    return time;
  };
  expect(Math.abs(clockOffset(read, () => read() + offset) - offset)).toBeLessThanOrEqual(0.002);
});

describe.each(testDevices)('a trace of $kind', ({ build }) => {
  const on = build();
  afterAll(() => on.remove());

  test('has each launch and copy in the order of work, one after the other, between its beginning and its end', async () => {
    await using device = on.open();
    scaleAdd(device);
    const began = performance.now();
    const trace = device.trace();
    const out = scaleAdd(device, 1000);
    for (let i = 0; i < 20; i++) scaleAdd(device, 1000);
    using copied = device.alloc('f32', [1000]);
    device.copy(copied, out);
    expect((await device.read(copied))[999]).toBe(2);
    const spans = await trace.end();
    const ended = performance.now();
    const kernels = spans.filter((s) => s.lane === 'kernels');
    expect(kernels.map((s) => s.name)).toEqual(Array.from({ length: 21 }, () => expect.stringMatching(/^scaleAdd/)));
    expect(spans.filter((s) => s.lane === 'copies').map((s) => s.name).slice(-2)).toEqual(['copy', 'download']);
    // Clocks agree to some microseconds, and a GPU tells differences as floats.
    const slack = 0.1;
    for (const [i, s] of kernels.entries()) {
      expect(s.to).toBeGreaterThanOrEqual(s.from);
      expect(s.from).toBeGreaterThanOrEqual((kernels[i - 1]?.to ?? began) - slack);
      expect(s.to).toBeLessThanOrEqual(ended + slack);
    }
  });

  test('of which nothing was begun is refused, and an aborted one can still be ended', async () => {
    await using device = on.open();
    const trace = device.trace();
    scaleAdd(device);
    device.cancel();
    await trace.end();
    await expect(trace.end()).rejects.toMatchObject({ code: 'R010' });
  });
});
