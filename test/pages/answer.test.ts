import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplePath, hideFact } from '../../examples/haystack.js';
import { type DoneEvent, loadModel } from '../../runtime/index.js';
import type { EvictionReport } from '../../runtime/parallelComp/report.js';
import { answerPage } from '../../runtime/report/answerPage.js';
import { folder, root, warpfold } from '../commands/command.js';
import { noBrowser, openBrowser, openFile, overflow } from './browser.js';

/** One answer about a passage with markup in it, and its page. */
async function answered(): Promise<{ readonly done: DoneEvent; readonly html: string }> {
  await using model = await loadModel(examplePath('bookworm'), { device: 'cpu' });
  const hay = hideFact(model.tokenizer, 'pride-and-prejudice', 2000, 0.62, '14177');
  const document = hay.text.replace('. ', '. <script>alert(1)</script> & </p>\r\n😀\r ');
  const calibration = [{ from: 0, to: 5, zone: 'sink' }, { from: 0, to: 5, zone: 'middle' }] as const;
  for await (const event of model.generate({ document, question: hay.question, method: 'parallelcomp', maxTokens: 8, detail: true, parallelComp: { chunkTokens: 500, keepChunks: 2, capacity: 200, calibration, threshold: 0.05, edge: 20 } })) {
    if (event.type === 'done') return { done: event, html: await answerPage({ document: 'novel.txt', question: hay.question, model: 'bookworm', device: 'a processor', dtype: 'f32', heads: { query: model.config.numHeads, kv: model.config.numKvHeads }, load: 0.4, done: event }) };
  }
  throw new Error('the answer ended without its account');
}

/** The share of layers and KV heads that keep each column of a chunk, as the report has it. */
function shares(report: EvictionReport, chunk: number, columns: number, layer?: number, head?: number): readonly number[] {
  const parts = report.layers.filter((_, l) => layer === undefined || l === layer).flatMap((l) => l.filter((p) => p.chunk === chunk));
  const heads = parts.flatMap((p) => p.columns.filter((_, g) => head === undefined || g === head).map((kept) => new Set(kept)));
  return Array.from({ length: columns }, (_, c) => Math.round((100 * heads.filter((kept) => kept.has(c)).length) / heads.length) / 100);
}

interface Shown { readonly text: string; readonly heat: number; readonly excluded: boolean }
const shown = (page: Page, chunk: number): Promise<readonly Shown[]> =>
  page.evaluate(`[...document.querySelectorAll('#chunk-${chunk} > p > span')].map((s) => ({ text: s.textContent, heat: Number(s.style.getPropertyValue('--h')), excluded: s.classList.contains('x') }))`);

describe.skipIf(noBrowser !== undefined)(`the picture of an answer${noBrowser === undefined ? '' : ` (left out: ${noBrowser})`}`, () => {
  let browser: Browser;
  let path: string;
  let report: EvictionReport;
  beforeAll(async () => {
    browser = await openBrowser();
    const { done, html } = await answered();
    if (done.eviction === undefined) throw new Error('the answer was not read in chunks');
    report = done.eviction;
    path = join(root, 'build', 'test', 'pages', 'answer.html');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, html);
  });
  afterAll(async () => browser?.close());
  const keptChunks = () => report.chunks.filter((c) => c.kept);

  test('holds the whole document, whatever stands in it', async () => {
    const { page, complaints } = await openFile(browser, path);
    const texts: readonly string[] = await page.evaluate(`[...document.querySelectorAll('.chunk > p')].map((p) => { p.querySelector('.bos')?.remove(); return p.textContent; })`);
    expect(texts.join('')).toBe(report.tokens?.join(''));
    expect(texts.join('')).toContain('<script>alert(1)</script> & </p>\r\n');
    expect(complaints).toEqual([]);
  });

  test('the heat of every token is the share that kept it, for all, for one layer and for one head', async () => {
    const { page } = await openFile(browser, path);
    for (const [layer, head] of [[undefined, undefined], [5, undefined], [undefined, 1], [3, 0]] as const) {
      await page.locator('#layer').selectOption(layer === undefined ? 'all' : String(layer));
      await page.locator('#head').selectOption(head === undefined ? 'all' : String(head));
      for (const { index, tokens } of keptChunks()) expect((await shown(page, index)).map((s) => s.heat)).toEqual(shares(report, index, tokens + (report.hasBos ? 1 : 0), layer, head));
    }
  });

  test('what calibration excluded is marked, for all query heads and for one', async () => {
    const { page } = await openFile(browser, path);
    const marked = async (): Promise<number> => (await Promise.all(keptChunks().map(({ index }) => shown(page, index)))).flat().filter((s) => s.excluded).length;
    const columns = (one?: number): number => keptChunks().reduce((n, { index }) => n + new Set(report.layers.flatMap((l) => l.filter((p) => p.chunk === index)).flatMap((p) => (p.excludedColumns ?? []).flatMap((queries) => queries.filter((_, r) => one === undefined || r === one).flat()))).size, 0);
    expect(columns()).toBeGreaterThan(0);
    expect(await marked()).toBe(columns());
    await page.locator('#query').selectOption('1');
    expect(await marked()).toBe(columns(1));
  });

  test('chunks stand by their NLL, the kept ones marked, and in the order asked for', async () => {
    const { page } = await openFile(browser, path);
    const rows = (): Promise<readonly string[]> => page.locator('.ranks .nll').allTextContents();
    expect(await rows()).toEqual(report.chunks.map((c) => c.nll.toFixed(2)));
    expect(await page.locator('.ranks .is-kept .no').allTextContents()).toEqual(keptChunks().map((c) => String(c.index)));
    await page.locator('#order').selectOption('nll');
    expect(await rows()).toEqual(report.chunks.map((c) => c.nll).sort((a, b) => a - b).map((n) => n.toFixed(2)));
    const other = report.chunks.find((c) => !c.kept);
    await page.locator(`.ranks a[href="#chunk-${other?.index}"]`).click();
    expect(await page.locator(`#chunk-${other?.index} > p`).isVisible()).toBe(true);
  });

  test('a token tells what kept it, and arrow keys go on', async () => {
    const { page } = await openFile(browser, path);
    const [first] = keptChunks();
    const at = page.locator(`#chunk-${first?.index} > p > span`);
    await at.nth(40).click();
    const kept = shares(report, first?.index ?? 0, (first?.tokens ?? 0) + 1);
    const pairs = report.layers.length * 2;
    expect(await page.locator('#inspector').textContent()).toContain(`kept by ${Math.round((kept[40] ?? 0) * pairs)} of ${pairs} pairs`);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.pinned').textContent()).toBe(await at.nth(41).textContent());
  });

  test.each([[1280, 'light'], [1440, 'dark'], [700, 'light']] as const)('at %i pixels, %s, it fits, fetches nothing and complains of nothing', async (width, colorScheme) => {
    const { page, complaints, requests } = await openFile(browser, path, { width, colorScheme });
    expect(await overflow(page)).toBe(0);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    expect(await page.locator('svg.timeline rect').count()).toBe(5);
  });
});

describe('warpfold ask --report', () => {
  const ask = (cwd: string, ...more: readonly string[]) => warpfold(['ask', '--model', join(root, 'examples', 'bookworm'), '--document', 'document.txt', '--question', ' The pass key is', '--device', 'cpu', '--max-tokens', '3', ...more], cwd);

  test('writes a page beside the answer, of a plain prompt too', () => {
    const cwd = folder({ 'document.txt': 'It was a fine day. The pass key is 14177.' });
    expect(ask(cwd, '--report', 'answer.html')).toEqual({ code: 0, stderr: '', stdout: ' 14\n' });
    const page = readFileSync(join(cwd, 'answer.html'), 'utf8');
    expect(page).toContain('<dd class="answer">14</dd>');
    expect(page).not.toContain('<details class="chunk');
  });

  test('a report that cannot be written is refused before anything is read', () => {
    const cwd = folder({ 'document.txt': 'It was a fine day.' });
    expect(ask(cwd, '--report', 'absent/answer.html')).toEqual({ code: 1, stdout: '', stderr: 'error: --report absent/answer.html: there is no folder absent; create it first\n' });
    expect(ask(cwd, '--report', '.')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: --report \. is a folder; name a file in it/) });
  });
});
