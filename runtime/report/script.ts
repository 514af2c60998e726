/**
 * What runs in the picture of an answer. `#data` is the `Evidence` of the kept chunks. Their columns become elements when a
 * chunk is opened first; the heat of one is the share of the chosen layers and KV heads that kept it.
 */
export const script = `
const data = JSON.parse(document.getElementById('data').textContent);
const { layers, kvHeads, group, bos, chunks } = data;
const field = (id) => document.getElementById(id);
const inspector = field('inspector');
const built = new Map();
let pinned;

function open(details) {
  const index = Number(details.dataset.chunk), chunk = chunks[index];
  if (chunk === undefined || built.has(index)) return;
  const p = details.querySelector('p'), text = p.textContent, tokens = chunk.lengths.length, bytes = Math.ceil(tokens / 8);
  const bits = Uint8Array.from(atob(chunk.kept), (c) => c.charCodeAt(0));
  const out = new Map();
  for (const [layer, head, list] of chunk.excluded) for (const t of list) { if (!out.has(t)) out.set(t, []); out.get(t).push([layer, head]); }
  const keeps = (layer, head, t) => (bits[(layer * kvHeads + head) * bytes + (t >> 3)] >> (t & 7) & 1) === 1;
  let at = 0;
  const spans = chunk.lengths.map((length, t) => {
    const span = document.createElement('span');
    const isBos = bos && t === 0;
    if (isBos) span.className = 'bos';
    span.textContent = isBos ? 'BOS' : text.slice(at, at + length);
    at += length;
    span.place = { index, t };
    return span;
  });
  p.replaceChildren(...spans);
  built.set(index, { spans, keeps, out, tokens });
  paint(index);
}
function choice() {
  const pick = (id) => { const v = field(id)?.value ?? 'all'; return v === 'all' ? undefined : Number(v); };
  return { layer: pick('layer'), head: pick('head'), query: pick('query') };
}
const range = (n, one) => (one === undefined ? [...Array(n).keys()] : [one]);
function paint(index) {
  const { spans, keeps, out } = built.get(index), { layer, head, query } = choice();
  const ls = range(layers, layer), hs = range(kvHeads, head), pairs = ls.length * hs.length;
  for (const [t, span] of spans.entries()) {
    let n = 0;
    for (const l of ls) for (const h of hs) if (keeps(l, h, t)) n++;
    span.style.setProperty('--h', String(Math.round(100 * n / pairs) / 100));
    const hit = (out.get(t) ?? []).some(([l, q]) => ls.includes(l) && hs.includes(Math.floor(q / group)) && (query === undefined || q % group === query));
    span.classList.toggle('x', hit);
  }
}
function element(name, text, kind) {
  const el = document.createElement(name);
  if (text !== undefined) el.textContent = text;
  if (kind !== undefined) el.className = kind;
  return el;
}
function inspect({ index, t }) {
  const { spans, keeps, out } = built.get(index), { layer, head } = choice();
  const gone = out.get(t) ?? [];
  const cells = element('div', undefined, 'cells');
  const wide = layers > kvHeads, columns = wide ? layers : kvHeads;
  cells.style.setProperty('--cell', Math.max(3, Math.min(12, Math.floor(280 / columns) - 2)) + 'px');
  cells.style.gridTemplateColumns = 'repeat(' + columns + ', auto)';
  let n = 0;
  const cell = (l, h) => {
    const on = keeps(l, h, t), mine = gone.filter(([gl, q]) => gl === l && Math.floor(q / group) === h);
    if (on) n++;
    const i = element('i', undefined, (on ? 'on' : '') + (mine.length > 0 ? ' out' : '') + ((layer !== undefined && layer !== l) || (head !== undefined && head !== h) ? ' dim' : ''));
    i.title = 'layer ' + l + ', KV head ' + h + (on ? ': kept' : ': evicted') + mine.map(([, q]) => '; excluded for query head ' + q).join('');
    return i;
  };
  if (wide) for (let h = 0; h < kvHeads; h++) for (let l = 0; l < layers; l++) cells.append(cell(l, h));
  else for (let l = 0; l < layers; l++) for (let h = 0; h < kvHeads; h++) cells.append(cell(l, h));
  const heads = [...new Set(gone.map(([l, q]) => 'layer ' + l + ' head ' + q))];
  inspector.replaceChildren(
    element('span', bos && t === 0 ? 'BOS' : JSON.stringify(spans[t].textContent), 'token'), element('span', (bos && t === 0 ? ' in front' : ' token ' + (t - (bos ? 1 : 0))) + ' of chunk ' + index, 'gone'),
    element('div', 'kept by ' + n + ' of ' + layers * kvHeads + (layers * kvHeads === 1 ? ' pair' : ' pairs') + ' of layer and KV head'),
    cells, element('div', wide ? 'layers from left to right, KV heads below each other' : 'layers from top to bottom, KV heads side by side', 'gone'),
    ...(heads.length === 0 ? [] : [element('div', 'excluded by calibration: ' + heads.slice(0, 12).join(', ') + (heads.length > 12 ? ' and ' + (heads.length - 12) + ' more' : ''))]),
  );
}
function pin(span) {
  pinned?.classList.remove('pinned');
  pinned = span;
  if (span === undefined) return;
  span.classList.add('pinned');
  span.scrollIntoView({ block: 'nearest' });
  inspect(span.place);
}
for (const details of document.querySelectorAll('details.chunk')) {
  if (details.open) open(details);
  details.addEventListener('toggle', () => { if (details.open) open(details); });
}
document.addEventListener('pointerover', (event) => { if (event.target.place !== undefined && pinned === undefined) inspect(event.target.place); });
document.addEventListener('click', (event) => {
  const row = event.target.closest('.ranks a');
  if (row !== null) document.querySelector(row.getAttribute('href')).open = true;
  else if (event.target.place !== undefined) pin(event.target === pinned ? undefined : event.target);
});
document.addEventListener('keydown', (event) => {
  if (pinned === undefined || event.target.closest('select')) return;
  if (event.key === 'Escape') pin(undefined);
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const next = by === 0 ? undefined : built.get(pinned.place.index).spans[pinned.place.t + by];
  if (next !== undefined) { event.preventDefault(); pin(next); }
});
for (const id of ['layer', 'head', 'query']) field(id)?.addEventListener('change', () => {
  for (const index of built.keys()) paint(index);
  if (pinned !== undefined) inspect(pinned.place);
});
field('order')?.addEventListener('change', (event) => {
  const list = field('ranks'), key = event.target.value === 'nll' ? 'nll' : 'index';
  list.replaceChildren(...[...list.children].sort((a, b) => Number(a.dataset[key]) - Number(b.dataset[key])));
});
`;
