import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { choiceText, parseTable, type TableEntry, tableText, withEntries } from '../../../codegen/schedule/table.js';

const word = fc.stringMatching(/^[a-z]\w{0,6}$/);
const lengths = fc.dictionary(word, fc.integer({ min: 1, max: 4096 }), { maxKeys: 4 });
const entry: fc.Arbitrary<TableEntry> = fc.record({
  file: word, kernel: word, variant: word, launch: word, target: fc.constantFrom('cpu', 'sm_80'), graph: fc.constant('0a1b2c3d'),
  schedule: fc.record({ block: lengths, warps: fc.integer({ min: 1, max: 32 }), blocksPerProcessor: fc.integer({ min: 1, max: 4 }), stages: fc.integer({ min: 1, max: 6 }), order: fc.constantFrom('natural', 'longestFirst', 'grouped') }),
  measured: fc.record({ device: fc.string(), date: fc.constant('2026-11-27'), sizes: lengths, ms: fc.float({ min: Math.fround(0.001), max: 100, noNaN: true }), modelMs: fc.float({ min: Math.fround(0.001), max: 100, noNaN: true }) }),
});
const entries = fc.uniqueArray(entry, { maxLength: 6, selector: (e) => [e.file, e.launch, e.target].join(' ') });
const plain: TableEntry = {
  file: 'my.ts', kernel: 'k', variant: 'f32', launch: 'k_f32', target: 'cpu', graph: '0a1b2c3d', schedule: { block: { q: 64 }, warps: 1, blocksPerProcessor: 1, stages: 1, order: 'natural' },
  measured: { device: 'a processor', date: '2026-11-27', sizes: { q: 1024 }, ms: 1, modelMs: 2 },
};

describe('a table of schedules', () => {
  property.prop([entries])('is read as it was written, whatever order its entries came in', (all) => {
    const text = tableText(all);
    expect(text).toBe(tableText([...all].reverse()));
    const read = parseTable(text);
    if ('mistake' in read) throw new Error(JSON.stringify(read.mistake));
    expect(tableText(read.entries)).toBe(text);
    expect(read.entries).toHaveLength(all.length);
    expect(read.entries).toEqual(expect.arrayContaining([...all]));
    // Every entry is found on the line it begins on.
    for (const line of read.lines) expect(text.split('\n')[line - 1]).toMatch(/^ {4}\{ "file": /);
  });

  property.prop([entries, entry])('takes a new entry in the place of the old one of the same launch', (all, e) => {
    const once = withEntries(all, [e]);
    expect(once.filter((x) => x.launch === e.launch && x.target === e.target && x.file === e.file)).toEqual([e]);
    expect(withEntries(once, [e])).toEqual(once);
  });

  test.each<[string, string, number, string]>([
    ['a broken file', '{\n  "version": 1,\n  oops\n}', 3, 'no JSON'],
    ['another version', '{ "version": 2, "schedules": [] }', 1, 'version'],
    ['a block of no size', tableText([plain]).replace('"q": 64', '"q": 0'), 5, 'schedules.0.schedule.block.q'],
    ['an order there is not', tableText([plain]).replace('natural', 'random'), 5, 'schedules.0.schedule.order'],
    ['a field too many', tableText([plain]).replace('"graph"', '"more": 1, "graph"'), 4, 'more'],
  ])('%s is a mistake with its line', (_, text, line, message) => {
    const read = parseTable(text);
    if (!('mistake' in read)) throw new Error('it was accepted');
    expect([read.mistake.line, read.mistake.message.includes(message)]).toEqual([line, true]);
  });

  test('a launch may have one schedule only', () => {
    const twice = `{ "version": 1, "schedules": [${JSON.stringify(plain)},\n${JSON.stringify(plain)}] }`;
    expect(parseTable(twice)).toMatchObject({ mistake: { line: 2, message: 'a second schedule of `k_f32` for cpu; remove one of them' } });
  });

  test('is for humans too', () => {
    expect(tableText([plain])).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "schedules": [
          { "file": "my.ts", "kernel": "k", "variant": "f32", "launch": "k_f32", "target": "cpu", "graph": "0a1b2c3d",
            "schedule": { "block": { "q": 64 }, "warps": 1, "stages": 1, "blocksPerProcessor": 1, "order": "natural" },
            "measured": { "device": "a processor", "date": "2026-11-27", "sizes": { "q": 1024 }, "ms": 1, "modelMs": 2 } }
        ]
      }
      "
    `);
    expect(choiceText(plain.schedule, 'cpu')).toBe('q 64');
    expect(choiceText({ block: { q: 128, k: 64 }, warps: 4, stages: 2, blocksPerProcessor: 2, order: 'longestFirst' }, 'sm_80')).toBe('q 128 k 64, 4 warps, 2 stages, 2 per processor, longestFirst');
  });
});
