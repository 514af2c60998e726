import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictures, reportHtml } from '../../../runtime/eval/report.js';
import type { EvalResults } from '../../../runtime/eval/results.js';
import { resultTables } from '../../../runtime/eval/tables.js';
import { bytesText, lengthText, secondsText } from '../../../runtime/eval/words.js';
import { noBrowser, openBrowser, openFile, overflow } from '../../pages/browser.js';
import { fakeResults } from './fakeResults.js';

const results = fakeResults();
const names = ['accuracy-passkey', 'accuracy-number', 'perplexity', 'seconds', 'memory', 'depth-passkey'];

describe('pictures', () => {
  test('one per task, perplexity, time, memory and depth; the same each time, and without a number that is none', async () => {
    const [once, again] = [await pictures(results), await pictures(results)];
    expect(once.map((p) => p.name)).toEqual(names.map((n) => `${n}.svg`));
    expect(again).toEqual(once);
    for (const { svg } of once) {
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    }
  });

  test('every method is in the legend, names are escaped, and a run of one length or without window is drawn too', async () => {
    const odd: EvalResults = { ...fakeResults([4096], 2), model: { ...results.model, id: '<b>&"' } };
    for (const { svg } of await pictures(odd)) expect(svg).not.toContain('<b>&"');
    const [accuracy] = await pictures(odd);
    for (const { title } of odd.settings.methods) expect(accuracy?.svg).toContain(`>${title}</text>`);
    expect(accuracy?.svg).not.toMatch(/NaN|undefined|Infinity|trained window/);
  });

  test('a run of perplexity alone has its time and memory; one of files alone has no picture', async () => {
    const only = (keep: (task: string) => boolean): EvalResults => ({ ...results, aggregates: results.aggregates.filter((a) => keep(a.task)), cases: results.cases.filter((c) => keep(c.task)) });
    expect((await pictures(only((t) => t === 'ppl'))).map((p) => p.name)).toEqual(['perplexity.svg', 'seconds.svg', 'memory.svg']);
    const files: EvalResults = { ...results, cases: [], aggregates: [{ kind: 'accuracy', task: 'qasper', method: 'full', cases: 2, failed: 0, score: 0.5, low: 0.1, high: 0.9, tokens: 5, seconds: 1, peakBytes: 1 }] };
    expect(await pictures(files)).toEqual([]);
    expect(resultTables(files)).toEqual([{ title: 'Datasets', head: ['method', 'qasper'], rows: results.settings.methods.map((m) => [m.title, m.id === 'full' ? '50 %' : '–']) }]);
  });
});

describe('words', () => {
  test.each([[lengthText(131072), '128k'], [lengthText(1000), '1,000'], [lengthText(900), '900'], [secondsText(0.0042), '4.2 ms'], [secondsText(0.25), '250 ms'], [secondsText(12.34), '12 s'], [secondsText(4.21), '4.2 s'], [bytesText(43 * 2 ** 20), '43 MiB'], [bytesText(1.5 * 2 ** 30), '1.5 GiB'], [bytesText(12), '12 B']])('%s', (text, want) => expect(text).toBe(want));
});

describe.skipIf(noBrowser !== undefined)(`the report in a browser${noBrowser === undefined ? '' : ` (left out: ${noBrowser})`}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'warpfold-report-'));
  const path = join(dir, 'report.html');
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(path, await reportHtml(results));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test.each([['light', 760], ['dark', 760], ['light', 400]] as const)('%s, %d pixels wide: asks for nothing, complains of nothing, and is no wider than its window', async (colorScheme, width) => {
    const { page, complaints, requests } = await openFile(browser, path, { width, colorScheme });
    expect([complaints, requests, await overflow(page)]).toEqual([[], [], 0]);
    expect(await page.locator('figure svg.warpfold-figure').count()).toBe(names.length);
    expect(await page.locator('pre').textContent()).toBe(results.run.command);
  });

  test.each([['long', results], ['small', fakeResults([1024, 2048, 4096], 4)]])('no text of a picture lies on another or outside the frame: a %s run', async (name, run) => {
    const file = join(dir, `${name}.html`);
    writeFileSync(file, await reportHtml(run));
    const { page } = await openFile(browser, file, { width: 760 });
    expect(await crowded(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('text stands out from the background by 4.5 : 1 at least, %s', async (colorScheme) => {
    const { page } = await openFile(browser, path, { colorScheme });
    for (const [ink, back] of await inks(page)) expect(contrast(ink, back)).toBeGreaterThanOrEqual(4.5);
  });
});

/** Texts of figures that overlap by more than a pixel, or leave their figure. */
const crowded = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>(`[...document.querySelectorAll('figure')].flatMap((figure) => {
  const frame = figure.querySelector('svg').getBoundingClientRect();
  const texts = [...figure.querySelectorAll('text')].filter((t) => t.textContent !== '').map((t) => ({ text: t.textContent, box: t.getBoundingClientRect() }));
  const outside = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map((t) => t.text + ' is outside');
  const over = texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 1).map((b) => a.text + ' lies on ' + b.text));
  return [...outside, ...over];
})`);

type Rgb = readonly [number, number, number];

/** Colours of every kind of text in a figure, and what they stand on. */
const inks = (page: Page): Promise<readonly (readonly [Rgb, Rgb])[]> => page.evaluate<readonly (readonly [Rgb, Rgb])[]>(`[...document.querySelectorAll('figure svg.warpfold-figure')].flatMap((svg) => {
  const rgb = (element) => getComputedStyle(element).fill.match(/[0-9.]+/g).slice(0, 3).map(Number);
  return [...svg.querySelectorAll('text')].map((t) => [rgb(t), rgb(svg.querySelector('rect.back'))]);
})`);

/** The contrast ratio of WCAG 2. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (c: Rgb): number => c.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i]!, 0);
  const [high, low] = [Math.max(luminance(a), luminance(b)), Math.min(luminance(a), luminance(b))];
  return (high + 0.05) / (low + 0.05);
}
