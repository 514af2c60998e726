import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { targets } from '../../codegen/compile.js';
import { type Explanation, explanationOf } from '../../codegen/explain.js';
import { readKernels } from '../../codegen/frontend/project.js';
import { originsOf } from '../../codegen/provenance.js';
import { folder, root, warpfold } from '../commands/command.js';
import { noBrowser, openBrowser, openFile, overflow } from './browser.js';

const source = 'examples/attention.ts';

function explained(target: 'cpu' | 'sm_80'): Explanation {
  const [kernel] = readKernels([source]);
  if (kernel === undefined) throw new Error(`${source} has no kernel`);
  return explanationOf(kernel, targets[target]);
}

/** Numbers of the lines of a pane that are lit, of those that are shown. */
const lit = (page: Page, pane: string): Promise<readonly number[]> =>
  page.locator(`.pane.${pane} .ln.chosen:visible`).evaluateAll((lines: readonly { readonly dataset: { readonly n?: string } }[]) => lines.map((l) => Number(l.dataset.n)));

describe('warpfold explain --html', () => {
  test('one kernel is one file, several are a folder with an index, and one file for several is refused', () => {
    const cwd = folder({ 'my.ts': "import { type In, kernel, map, type Out, sum } from 'warpfold/dsl';\nexport const doubled = kernel('doubled', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => 2 * x));\nexport const total = kernel('total', { q: 'dynamic', k: 'dynamic' }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => sum(x, 'k'));\n" });
    expect(warpfold(['explain', 'my.ts', '--html', 'pages'], cwd)).toEqual({ code: 0, stdout: 'pages/doubled.html\npages/total.html\npages/index.html\n', stderr: '' });
    expect(readdirSync(join(cwd, 'pages')).sort()).toEqual(['doubled.html', 'index.html', 'total.html']);
    expect(warpfold(['explain', 'my.ts', '--kernel', 'total', '--html', 'total.html', '--target', 'cpu'], cwd)).toMatchObject({ code: 0, stdout: 'total.html\n' });
    expect(readFileSync(join(cwd, 'total.html'), 'utf8')).not.toContain('sm_80');
    expect(warpfold(['explain', 'my.ts', '--html', 'all.html'], cwd)).toEqual({ code: 1, stdout: '', stderr: 'error: my.ts has 2 kernels, and all.html is one page; choose one with --kernel (doubled, total) or give a folder\n' });
    expect(existsSync(join(cwd, 'all.html'))).toBe(false);
  });
});

/** A report as `warpfold bench --json` writes it: of one variant, on a processor. */
const benched = JSON.stringify({
  version: 1, date: '2026-11-27T12:00:00.000Z', device: 'Some processor', rates: { whole: 1e11, halves: 1e11, memory: 1e10 },
  rows: [{ kernel: 'grouped', variant: 'f32_d64', sizes: { q: 512, k: 512, g: 8, r: 8 }, seconds: { median: 0.02, p10: 0.019, p90: 0.023, mad: 0.001, samples: 20 }, work: { halves: 0, products: 8e8, elements: 2e8, bytes: 1e7 }, bound: { kind: 'f32 arithmetic', seconds: 0.01 } }],
});

describe('warpfold explain --html --bench', () => {
  const explain = (file: string, cwd: string, ...more: readonly string[]) => warpfold(['explain', join(root, source), '--target', 'cpu,sm_80', '--bench', file, ...more], cwd);

  test('puts what was measured below the roofs of its own variant and target', () => {
    const cwd = folder({ 'bench.json': benched });
    expect(explain('bench.json', cwd, '--html', 'grouped.html').code).toBe(0);
    const { document } = parseHTML(readFileSync(join(cwd, 'grouped.html'), 'utf8'));
    const views: readonly { readonly variant: string; readonly target: string }[] = JSON.parse(document.getElementById('data')?.textContent ?? '{}').views;
    const measured = [...document.querySelectorAll('#roofline [data-view]')].filter((part) => part.textContent.includes('Measured on Some processor'));
    expect(measured.map((part) => views[Number(part.getAttribute('data-view'))])).toEqual([expect.objectContaining({ variant: 'f32_d64', target: 'cpu' })]);
    expect(measured[0]?.textContent).toMatch(/q 512, k 512, g 8, r 8\s*20 ms\s*19 ms – 23 ms\s*50 Gflop\/s\s*100\s*f32 arithmetic\s*50 %/);
  });

  test('refuses what is no report, what is of other kernels, and to go without a page', () => {
    const cwd = folder({ 'bench.json': benched.replace('"grouped"', '"other"'), 'text.json': 'no', 'old.json': benched.replace('"version":1', '"version":0') });
    const errors = ['bench.json', 'text.json', 'old.json'].map((file) => explain(file, cwd, '--html', 'x.html').stderr);
    expect(errors).toEqual([
      'error: --bench bench.json has measurements of other, not of grouped\n',
      'error: --bench text.json is no JSON; `warpfold bench FILE --json text.json` writes what is needed\n',
      expect.stringMatching(/^error: --bench old\.json is no report of `warpfold bench --json`: version: /),
    ]);
    expect(explain('bench.json', cwd)).toMatchObject({ code: 1, stderr: 'error: --bench puts measurements on a page; add --html\n' });
    expect(existsSync(join(cwd, 'x.html'))).toBe(false);
  });
});

describe.skipIf(noBrowser !== undefined)(`a kernel's page${noBrowser === undefined ? '' : ` (left out: ${noBrowser})`}`, () => {
  let browser: Browser;
  let path: string;
  beforeAll(async () => {
    browser = await openBrowser();
    path = join(process.cwd(), 'build', 'test', 'pages', 'grouped.html');
    expect(warpfold(['explain', source, '--html', path]).code).toBe(0);
  });
  afterAll(async () => browser?.close());

  test.each(['cpu', 'sm_80'] as const)('every source line lights up the lines of %s that come from it', async (target) => {
    const { page } = await openFile(browser, path);
    if (target !== 'cpu') await page.getByText(target, { exact: true }).click();
    const origins = originsOf(explained(target).generated.lines).filter((o) => o.span.file === source);
    // A page holds the launches of one view; the text of a single variant has the same lines.
    expect(origins.length).toBeGreaterThan(3);
    for (const { span, lines } of origins) {
      await page.locator(`.pane.source .ln[data-n="${span.line}"]`).click();
      expect(await lit(page, 'generated')).toEqual(lines);
      expect(await lit(page, 'source')).toEqual([span.line]);
      expect((await lit(page, 'program')).length).toBeGreaterThan(0);
      await expect(page.locator('#status').textContent()).resolves.toContain(`${source}:${span.line} is `);
    }
  });

  test('a generated line leads back to its source line, by mouse, by keys and by address', async () => {
    const { page } = await openFile(browser, path, { hash: '#L0-12' });
    expect(await lit(page, 'source')).toEqual([12]);
    await page.keyboard.press('Escape');
    expect(await lit(page, 'source')).toEqual([]);
    await page.locator('.pane.generated .ln[data-k="0:13"]:visible').first().click();
    expect(await lit(page, 'source')).toEqual([13]);
    await page.locator('.pane.source .lines').focus();
    await page.keyboard.press('ArrowUp');
    expect(await lit(page, 'source')).toEqual([12]);
    expect(await page.locator('.pane.source .ln[aria-selected=true]').count()).toBe(1);
  });

  test('variants, targets and shapes change what is shown, and only to what there is', async () => {
    const { page } = await openFile(browser, path);
    expect(await page.locator('input[name=shapes]:disabled').count()).toBeGreaterThan(0);
    await page.getByText('sm_80', { exact: true }).click();
    expect(await page.locator('input[name=shapes]:disabled').count()).toBe(0);
    expect(await page.locator('.pane.generated .title code:visible').allTextContents()).toEqual(['cuda/grouped.sm_80.cu']);
    await page.getByText('bf16_d128', { exact: true }).click();
    expect(await page.locator('.pane.program .lines:visible').first().textContent()).toContain('grouped<bf16_d128>');
    await page.locator('#program').selectOption('tiles');
    expect(await page.locator('.pane.program .lines:visible').count()).toBe(1);
    expect(await page.locator('.pane.program .lines:visible').textContent()).toContain('mma');
  });

  test.each([[1280, 'light'], [1440, 'dark'], [700, 'light']] as const)('at %i pixels, %s, it fits, fetches nothing and complains of nothing', async (width, colorScheme) => {
    const { page, complaints, requests } = await openFile(browser, path, { width, colorScheme });
    expect(await overflow(page)).toBe(0);
    await page.locator('.pane.source .ln[data-n="12"]').click();
    expect(await overflow(page)).toBe(0);
    expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
    for (const part of ['math', 'svg.dag', '.roofline svg', 'table.schedule']) expect(await page.locator(`${part}:visible`).count(), part).toBeGreaterThan(0);
  });
});
