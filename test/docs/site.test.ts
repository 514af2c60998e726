import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser, overflow } from '../pages/browser.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const site = join(root, 'build', 'docs', 'site');
let built: { readonly status: number | null; readonly said: string };

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['examples/docs/build.mjs'], { cwd: root, encoding: 'utf8' });
  built = { status, said: `${stdout}${stderr}` };
}, 300_000);

/** Every page of the site, by its path. */
const pages = (): readonly string[] => readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.html')).sort();

/** Addresses within the site that a page points at, without anchors. */
function targets(page: string): readonly string[] {
  const text = readFileSync(join(site, page), 'utf8');
  return [...text.matchAll(/(?:href|src)="([^"#?]+)[^"]*"/g)].map((m) => m[1] ?? '').filter((to) => !/^(?:[a-z]+:|\/\/)/.test(to));
}

const missing = (page: string): readonly string[] => targets(page)
  .map((to) => (to.startsWith('/') ? join(site, to) : join(site, dirname(page), to)))
  .map((path) => (path.endsWith('/') ? `${path}index.html` : path))
  .filter((path) => !existsSync(path) && !existsSync(`${path}.html`))
  .map((path) => `${page}: ${relative(site, path)}`);

describe('the documentation', () => {
  test('is built without a warning, to the last export', () => expect(built).toEqual({ status: 0, said: expect.not.stringMatching(/warn/i) }));

  test('points only at what it holds', () => expect(pages().flatMap(missing)).toEqual([]));

  test('shows no markup as words', () => expect(pages().filter((page) => /&lt;(?:a id=|br\b)/.test(readFileSync(join(site, page), 'utf8')))).toEqual([]));

  test('has a page for every entry point, command and diagnostic', () => {
    expect(pages()).toEqual(expect.arrayContaining(['index.html', 'commands.html', 'codes.html', 'gallery.html', 'api/dsl/index.html', 'api/codegen/index.html', 'api/runtime/index.html', 'api/test/index.html']));
  });
});

describe.skipIf(noBrowser !== undefined)(`the documentation in a browser${noBrowser === undefined ? '' : `, left out: ${noBrowser}`}`, () => {
  let browser: Browser;
  let server: ReturnType<typeof serve>;
  let address = '';
  beforeAll(async () => {
    browser = await openBrowser();
    const app = new Hono().use('*', serveStatic({ root: relative(process.cwd(), site) }));
    address = await new Promise((resolve) => { server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(`http://127.0.0.1:${port}/`)); });
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  test.each(['index', 'author/tutorial', 'author/language', 'author/derivation', 'author/extend', 'author/testing', 'models/answers', 'models/parallelcomp', 'models/serve', 'models/eval', 'gallery', 'commands', 'codes', 'api/dsl/functions/dot'])('%s complains of nothing, shows its pictures and fits a desk and a phone', async (name) => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') complaints.push(m.text()); });
    page.on('pageerror', (e) => complaints.push(String(e)));
    page.on('response', (r) => { if (r.status() >= 400) complaints.push(`${r.status()} ${r.url()}`); });
    const wide: number[] = [];
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${address}${name}.html`, { waitUntil: 'load' });
      wide.push(await overflow(page));
    }
    const blank = await page.evaluate('[...document.images].filter((i) => i.complete && i.naturalWidth === 0).map((i) => i.src)');
    await page.close();
    expect({ complaints, wide, blank }).toEqual({ complaints: [], wide: [0, 0], blank: [] });
  });

  test('its search finds a primitive', async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${address}index.html`);
    await page.click('.DocSearch-Button, #local-search button');
    await page.fill('.search-input', 'logSumExp');
    await page.waitForSelector('.results .result');
    expect(await page.textContent('.results')).toMatch(/logSumExp/);
    await page.close();
  });
});
