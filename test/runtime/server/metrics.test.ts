import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { counter, exposition, gauge, histogram } from '../../../runtime/server/metrics.js';
import { parseExposition, sampleOf } from './exposition.js';
import { listenFake } from './listening.js';

const label = fc.string({ unit: 'binary', maxLength: 8 }).filter((s) => !/[\r\u2028\u2029]/.test(s));

describe('the exposition', () => {
  test.prop([fc.array(fc.tuple(label, fc.nat(1000)), { maxLength: 20 })])('a counter adds up by label, whatever the label holds', (added) => {
    const requests = counter('a_total', 'What is counted.', true);
    for (const [route, by] of added) requests.add(by, { route });
    const sums = new Map<string, number>();
    for (const [route, by] of added) sums.set(route, (sums.get(route) ?? 0) + by);
    const [family] = parseExposition(exposition([requests]));
    expect(family?.samples.map((s) => [s.labels['route'], s.value])).toEqual([...sums]);
  });

  test.prop([fc.array(fc.double({ min: 0, max: 300, noNaN: true })), fc.uniqueArray(fc.double({ min: 0.001, max: 200, noNaN: true }), { minLength: 1, maxLength: 9 })])('a bucket counts what is at most its bound', (values, bounds) => {
    const sorted = bounds.toSorted((a, b) => a - b);
    const seconds = histogram('b_seconds', 'How long.', sorted);
    for (const value of values) seconds.observe(value);
    const text = exposition([seconds]);
    for (const bound of sorted) expect(sampleOf(text, 'b_seconds_bucket', { le: String(bound) })).toBe(values.filter((v) => v <= bound).length);
    expect(sampleOf(text, 'b_seconds_count')).toBe(values.length);
    expect(sampleOf(text, 'b_seconds_sum')).toBe(values.reduce((a, b) => a + b, 0));
  });

  test('help and numbers are written as the format wants them', () => {
    expect(exposition([gauge('c_bytes', 'A \\ and\na line.', () => Infinity, { at: '"x"\n\\' })])).toBe('# HELP c_bytes A \\\\ and\\na line.\n# TYPE c_bytes gauge\nc_bytes{at="\\"x\\"\\n\\\\"} +Inf\n');
  });

  test('a server counts requests, tokens, waiting and cached documents', async () => {
    const { server, post } = await listenFake({ documents: 2 }, { window: 64 });
    const read = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
    const body = { messages: [{ role: 'user', content: 'Q?' }], parallelcomp: { contexts: 'word '.repeat(200) } };
    await (await post('/v1/chat/completions', body)).json();
    await (await post('/v1/chat/completions', { ...body, stream: true })).text();
    await (await post('/v1/completions', { prompt: 7 })).json();
    await fetch(`${server.url}/nowhere/at/all`);
    const text = await read();
    expect(sampleOf(text, 'warpfold_requests_total', { route: '/v1/chat/completions', status: '200' })).toBe(2);
    expect(sampleOf(text, 'warpfold_requests_total', { route: '/v1/completions', status: '400' })).toBe(1);
    expect(sampleOf(text, 'warpfold_requests_total', { route: 'other', status: '404' })).toBe(1);
    expect(sampleOf(text, 'warpfold_generation_tokens_total')).toBe(4);
    expect(sampleOf(text, 'warpfold_cached_prompt_tokens_total')).toBe(sampleOf(text, 'warpfold_documents_bytes'));
    expect(sampleOf(text, 'warpfold_document_cache_hits_total')).toBe(1);
    expect(sampleOf(text, 'warpfold_document_cache_misses_total')).toBe(1);
    expect(sampleOf(text, 'warpfold_time_to_first_token_seconds_count')).toBe(2);
    expect(sampleOf(text, 'warpfold_request_duration_seconds_count')).toBe(3);
    expect(sampleOf(text, 'warpfold_queue_depth')).toBe(0);
    expect(sampleOf(await read(), 'warpfold_requests_total', { route: '/metrics' })).toBe(1);
  });
});
