import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that pages are tried in: `CHROMIUM`, or where systems put it. */
const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Why pages cannot be tried here; undefined where they can. Tests of pages say it in their title when they are left out. */
export const noBrowser: string | undefined = existsSync(browserPath) ? undefined : `no browser at ${browserPath}; set CHROMIUM to one`;

/** Starts the browser; close it when done. */
export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: browserPath, args: flags });

/** How a page is looked at. */
export interface Looking { readonly width?: number; readonly height?: number; readonly colorScheme?: 'light' | 'dark'; readonly hash?: string }
/** An open page, all it complained of, and every address it asked for beyond itself. Requests are refused. */
export interface Opened { readonly page: Page; readonly complaints: string[]; readonly requests: string[] }

/** Opens a file as its reader would, without a network. */
export async function openFile(browser: Browser, path: string, { width = 1280, height = 900, colorScheme = 'light', hash = '' }: Looking = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const address = pathToFileURL(path).href;
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  await page.route('**/*', (route) => {
    const url = route.request().url();
    if (url.split('#')[0] === address) return route.continue();
    requests.push(url);
    return route.abort();
  });
  await page.goto(address + hash);
  return { page, complaints, requests };
}

/** By how many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
