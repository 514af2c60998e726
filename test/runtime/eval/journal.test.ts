import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { journalPath, openJournal } from '../../../runtime/eval/journal.js';
import { type CaseResult, type EvalHeader, parseResults, resultsText } from '../../../runtime/eval/results.js';
import { fakeResults } from './fakeResults.js';

const dir = mkdtempSync(join(tmpdir(), 'warpfold-journal-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const fresh = (): string => join(dir, `run${files++}.json`);

const whole = fakeResults([1024, 2048], 3);
const { aggregates: _, cases, ...header } = whole;
const order = (c: CaseResult): number => cases.findIndex((other) => other.method === c.method && other.task === c.task && other.length === c.length && other.index === c.index);
const write = (out: string, some: readonly CaseResult[], head: EvalHeader = header) => {
  const journal = openJournal(out, head);
  for (const c of some) journal.append(c);
  return journal;
};

describe('a results file', () => {
  test('reads back as what was written, one case a line', () => {
    const text = resultsText(whole);
    expect(parseResults(text, 'r.json')).toEqual(JSON.parse(JSON.stringify(whole)));
    expect(text.split('\n').filter((line) => line.startsWith('  {"kind"')).length).toBe(whole.cases.length + whole.aggregates.length);
    expect(parseResults(resultsText({ ...whole, cases: [], aggregates: [] }), 'r.json').cases).toEqual([]);
  });

  test.each([['{', 'r.json: this is not JSON; move the file away and run again'], ['{}', /^r\.json: format: .*; give a file that `warpfold eval` of this version wrote$/]])('%s is refused', (text, message) => {
    expect(() => parseResults(text, 'r.json')).toThrow(expect.objectContaining({ code: 'R605', message: typeof message === 'string' ? message : (expect.stringMatching(message) as string) }));
  });
});

describe('a journal', () => {
  test.prop([fc.nat(cases.length), fc.nat(2000)], { numRuns: 40 })('a run that was cut off anywhere goes on with every case that was whole, and ends with the same results', (count, cut) => {
    const out = fresh();
    write(out, cases.slice(0, count));
    const path = journalPath(out);
    const size = readFileSync(path).length;
    const left = Math.max(0, size - cut);
    const lines = readFileSync(path, 'utf8').slice(0, left).split('\n').length - 1;
    truncateSync(path, left);
    const again = openJournal(out, header);
    expect(again.done).toEqual(cases.slice(0, Math.max(0, lines - 1)));
    for (const c of cases.slice(again.done.length)) again.append(c);
    again.finish(order, '2026-01-01T01:00:00Z');
    expect(readFileSync(out, 'utf8')).toBe(resultsText(whole));
    expect(existsSync(path)).toBe(false);
  });

  test('results come in the order of the run, whatever the order in which cases were done', () => {
    const out = fresh();
    expect(write(out, cases.toReversed()).finish(order, '2026-01-01T01:00:00Z').cases).toEqual(cases);
  });

  test('a finished run is taken as it is', () => {
    const out = fresh();
    write(out, cases).finish(order, '2026-01-01T01:00:00Z');
    const before = readFileSync(out, 'utf8');
    const journal = openJournal(out, header);
    expect([journal.finished, journal.done.length]).toEqual([true, cases.length]);
    journal.finish(order, 'later');
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  test.each<[string, EvalHeader, string]>([
    ['a setting', { ...header, settings: { ...header.settings, cases: 4 } }, 'settings.cases was 3 and is 4'],
    ['a method\'s option', { ...header, settings: { ...header.settings, methods: header.settings.methods.map((m, i) => (i === 4 ? { ...m, parallelComp: { keepChunks: 2, capacity: 9 } } : m)) } }, 'settings.methods.4.parallelComp.capacity was 450 and is 9'],
    ['the weights', { ...header, model: { ...header.model, files: [{ path: 'config.json', bytes: 535, sha256: 'ef' }] } }, `model.files.0.sha256 was "${'ab'.repeat(32)}" and is "ef"`],
    ['the device', { ...header, run: { ...header.run, device: 'other' } }, 'run.device was "No device" and is "other"'],
    ['the commit', { ...header, run: { ...header.run, commit: 'abc' } }, 'run.commit was absent and is "abc"'],
  ])('another run there is refused, and the difference named: %s', (_, head, difference) => {
    const [begun, finished] = [fresh(), fresh()];
    write(begun, cases.slice(0, 2));
    write(finished, cases).finish(order, 'then');
    for (const [out, where] of [[begun, journalPath(begun)], [finished, finished]] as const) {
      expect(() => openJournal(out, head)).toThrow(expect.objectContaining({ code: 'R605', message: `${where}: a run with other settings is there: ${difference}; name another file with --out, or add --replace` }));
    }
  });

  test('another run there is replaced where that is asked for: finished results stay until the new ones are whole', () => {
    const out = fresh();
    write(out, cases).finish(order, 'then');
    const other = { ...header, settings: { ...header.settings, seed: 2 } };
    const before = readFileSync(out, 'utf8');
    openJournal(out, other, true).append(cases[0]!);
    expect(readFileSync(out, 'utf8')).toBe(before);
    const again = openJournal(out, other, true);
    expect([again.finished, again.done]).toEqual([false, [cases[0]]]);
    expect(openJournal(out, { ...other, settings: { ...other.settings, seed: 3 } }, true).done).toEqual([]);
    openJournal(out, other, true).finish(order, 'later');
    expect(parseResults(readFileSync(out, 'utf8'), out).settings.seed).toBe(2);
  });

  test('the command line and the time may differ', () => {
    const out = fresh();
    write(out, cases.slice(0, 2));
    expect(openJournal(out, { ...header, run: { ...header.run, command: 'other', started: 'now' } }).done.length).toBe(2);
  });

  test('a damaged line is named', () => {
    const out = fresh();
    write(out, cases.slice(0, 1));
    appendFileSync(journalPath(out), 'damaged\n');
    expect(() => openJournal(out, header)).toThrow(expect.objectContaining({ code: 'R605', where: `${journalPath(out)}:3` }));
    writeFileSync(journalPath(out), '');
    expect(openJournal(out, header).done).toEqual([]);
  });
});
