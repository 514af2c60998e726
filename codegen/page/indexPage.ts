import { html } from 'hono/html';
import { pageText } from '../../dsl/page.js';
import { style } from './style.js';

/** A kernel's page in a folder of them. */
export interface IndexEntry { readonly kernel: string; readonly page: string; readonly line: number; readonly variants: readonly string[]; readonly targets: readonly string[]; readonly estimate: string }

/** The way to the pages of a file's kernels. */
export async function indexPage(file: string, entries: readonly IndexEntry[]): Promise<string> {
  const body = html`<main><h1>Kernels of ${file.split('/').at(-1) ?? file}</h1><p class="muted"><code>${file}</code></p>
<div class="wide"><table class="index"><thead><tr><th>Kernel</th><th class="num">Line</th><th>Variants</th><th>Targets</th><th>Estimated</th></tr></thead><tbody>${entries.map((e) => html`<tr><td><a href="${e.page}">${e.kernel}</a></td><td class="num">${e.line}</td><td>${e.variants.filter((v) => v !== '').join(', ') || 'one'}</td><td>${e.targets.join(', ')}</td><td>${e.estimate}</td></tr>`)}</tbody></table></div></main>`;
  return pageText({ title: `Kernels of ${file}`, style, body: String(await body), script: '' });
}
