/**
 * A page that stands alone: one file, no network, light or dark as its reader has it. `body` is HTML already; `script` runs
 * at the end of it, alone by the page's own policy. `data`: what the script reads, as `#data`.
 */
export interface Page { readonly title: string; readonly style: string; readonly body: string; readonly script: string; readonly data?: unknown }

/** The page's text. Nothing but this very script may run in it, and nothing may be fetched. */
export async function pageText({ title, style, body, script, data }: Page): Promise<string> {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${await sha256(script)}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${tokens}${style}</style>
</head>
<body>
${body}
${data === undefined ? '' : `<script type="application/json" id="data">${jsonInHtml(data)}</script>\n`}<script>${script}</script>
</body>
</html>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
/** No text in it can end the element that holds it. */
const jsonInHtml = (data: unknown): string => JSON.stringify(data).replaceAll('<', '\\u003c');

async function sha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/** Colours by their role, type and spacing; what every page has. */
const tokens = `
:root { --ground: #fff; --raised: #f6f7f9; --text: #1c2128; --muted: #5c6672; --line: #d8dee5; --accent: #0b62c4; --mark: #ffe9a8; --mark-soft: #fff6d9; --mark-edge: #c98a00; --good: #1a7f45; --bad: #b42318;
  --keyword: #8a3ffc; --type: #0b62c4; --string: #1a7f45; --number: #a3470a; --comment: #6b7682; --call: #22577a; --heat: 196 78 10;
  --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; --mono: ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", "DejaVu Sans Mono", Menlo, monospace; }
@media (prefers-color-scheme: dark) { :root { --ground: #0f1318; --raised: #171c23; --text: #e3e8ee; --muted: #98a3b0; --line: #2b333d; --accent: #6cb2ff; --mark: #59460c; --mark-soft: #352c12; --mark-edge: #e0ad3a; --good: #5fd08c; --bad: #ff8a80;
  --keyword: #c3a2ff; --type: #7cbcff; --string: #7fd6a1; --number: #f0a877; --comment: #8894a1; --call: #9fd0e8; --heat: 255 158 88; } }
*, ::before, ::after { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4.5rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 1680px; padding: 0 clamp(1rem, 2.5vw, 2.5rem) 4rem; background: var(--ground); color: var(--text); font: 15px/1.5 var(--sans); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1.6rem 0 .3rem; letter-spacing: -.01em; } h2 { font-size: 1.15rem; margin: 2.6rem 0 .7rem; } h3 { font-size: .95rem; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0; max-width: 76ch; } .muted { color: var(--muted); } code, .mono { font-family: var(--mono); font-size: .86em; }
a { color: var(--accent); text-underline-offset: .18em; } [hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
table { border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; vertical-align: baseline; padding: .3rem 1.1rem .3rem 0; border-bottom: 1px solid var(--line); } thead th { color: var(--muted); font-weight: 500; } td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } figure { margin: .6rem 0 1rem; } figcaption { color: var(--muted); font-size: .87rem; max-width: 76ch; margin-top: .4rem; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; align-items: center; gap: .5rem; min-width: 0; } legend { float: left; padding: 0; color: var(--muted); font-size: .85rem; }
.segments { display: flex; flex-wrap: wrap; border: 1px solid var(--line); border-radius: 6px; overflow: clip; } .segments label { font-size: .82rem; cursor: pointer; } .segments input { position: absolute; opacity: 0; pointer-events: none; }
.segments span { display: block; padding: .18rem .6rem; } .segments input:checked + span { background: var(--accent); color: var(--ground); } .segments input:disabled + span { color: var(--muted); opacity: .45; cursor: default; } .segments input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: -4px; }
select { font: inherit; font-size: .85rem; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: .15rem .4rem; }
`;
