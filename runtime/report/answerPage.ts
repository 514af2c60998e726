import { html, raw } from 'hono/html';
import { pageText } from '../../dsl/page.js';
import type { DoneEvent } from '../events.js';
import type { ChunkReport, EvictionReport } from '../parallelComp/report.js';
import { evidenceOf } from './evidence.js';
import { script } from './script.js';
import { style } from './style.js';
import { count, duration, type Html, stepsOf, timelineSvg } from './timeline.js';

/** An answer and what it was asked of. `document`: its name; `load`: seconds until the model was there; `heads`: query and KV heads of a layer. */
export interface AnsweredQuestion {
  readonly document: string;
  readonly question: string;
  readonly model: string;
  readonly device: string;
  readonly dtype: string;
  readonly heads: { readonly query: number; readonly kv: number };
  readonly load: number;
  readonly done: DoneEvent;
}

/**
 * A picture of one answer, a page that stands alone: the document with its chunks shaded by NLL, of the kept ones which
 * tokens survived in which layers and KV heads and which were excluded, and how the time was spent. The request must have
 * asked for `detail`; an answer that was not read in chunks has no document in its picture.
 */
export async function answerPage(asked: AnsweredQuestion): Promise<string> {
  const { done, document, question } = asked;
  const { eviction } = done;
  const body = html`<main>
<h1>${document}</h1>
<dl class="qa"><dt>Asked</dt><dd>${question.trim()}</dd><dt>Answered</dt><dd class="answer">${done.text.trim() === '' ? html`<span class="muted">(nothing)</span>` : done.text.trim()}</dd></dl>
${facts(asked)}
<h2>How the time was spent</h2>
<figure><div class="wide">${timelineSvg(stepsOf(asked.load, done.timings, { tokens: done.usage.contextTokens, chunks: done.usage.chunks, query: done.usage.queryTokens, answer: done.usage.answerTokens }))}</div></figure>
${eviction === undefined ? html`<p class="muted">${done.method === 'full' ? 'The prompt was read as a whole: nothing was left out of it.' : html`The prompt was read with the method <code>${done.method}</code>, which ranks no chunks.`} There is no picture of the document.</p>` : reading(eviction)}
</main>`;
  const group = Math.max(1, asked.heads.query / asked.heads.kv);
  return pageText({
    title: `${document}: ${done.text.trim().slice(0, 60)}`, style, body: String(await body),
    ...(eviction === undefined ? { script: '' } : { script, data: evidenceOf(eviction, group) }),
  });
}

function facts({ done, model, device, dtype }: AnsweredQuestion): Html {
  const { usage, eviction, timings } = done;
  const kept = eviction?.chunks.filter((c) => c.kept).length ?? 0;
  const options = eviction?.options;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['Model', `${model}, ${dtype}`], ['On', device], ['Method', done.method],
    ['Document', `${count(usage.contextTokens)} tokens${usage.chunks > 0 ? `, ${count(usage.chunks)} chunks, ${kept} kept` : ''}`],
    ...(options === undefined ? [] : [
      ['Kept of a chunk', options.capacity === undefined ? 'every token' : `${count(options.capacity)} tokens per layer and KV head`] as const,
      ['Judged by', `last ${options.observationRows} rows, pooled over ${options.pool}`] as const,
      ['Calibration', options.calibration.length === 0 ? 'none' : `above ${options.threshold}, ${options.calibration.map((z) => `${z.zone} in ${z.from === z.to ? `layer ${z.from}` : `layers ${z.from}–${z.to}`}`).join(', ')}`] as const,
      ...(eviction?.excludedPerLayer === undefined ? [] : [['Excluded', `${count(eviction.excludedPerLayer.reduce((a, b) => a + b, 0))} pairs of query head and token`] as const]),
    ]),
    ['Device memory at most', `${count(Math.round(done.peakBytes / 2 ** 20))} MiB`],
    ['Answer', `${count(usage.answerTokens)} tokens in ${duration(timings.decode)}, ended by ${done.finishReason}`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The document by chunks, beside it their ranks. */
function reading(report: EvictionReport): Html {
  const { chunks } = report;
  const worst = Math.max(1e-9, ...chunks.map((c) => c.nll).filter(Number.isFinite));
  const best = Math.min(worst, ...chunks.map((c) => c.nll).filter(Number.isFinite));
  const low = (c: ChunkReport): number => (Number.isFinite(c.nll) ? Math.round(100 * (worst > best ? (worst - c.nll) / (worst - best) : 1)) / 100 : 0);
  return html`<h2>What was read, and what was kept of it</h2>
<p class="muted">Each chunk was read alone with the question behind it. Its NLL is how much the question surprised the model there, in nats per token: the lower, the better it explains the question. The least surprising were kept.</p>
<div class="reading"><div class="side">
<div class="head"><h3>NLL by chunk</h3><label class="muted"><select id="order" aria-label="order of the chunks"><option value="index">in document order</option><option value="nll">best first</option></select></label></div>
<ol class="ranks" id="ranks">${chunks.map((c) => rank(c, worst))}</ol>
<div class="inspector" id="inspector" role="status"><span class="gone">Point at a token of a kept chunk to see which layers and heads kept it; click to hold it, then arrow keys go on.</span></div>
</div><div>${controls(report)}${chunks.map((c) => chunkText(c, report, low(c)))}</div></div>`;
}

const rank = (c: ChunkReport, worst: number): Html =>
  html`<li data-index="${c.index}" data-nll="${c.nll}"><a href="#chunk-${c.index}"${c.kept ? html` class="is-kept"` : ''}><span class="no">${c.index}</span><span class="bar"><b style="width:${Number.isFinite(c.nll) ? Math.round((1000 * c.nll) / worst) / 10 : 100}%"></b></span><span class="nll">${c.nll.toFixed(2)}</span><span class="tag">${c.kept ? 'kept' : ''}</span></a></li>`;

function controls(report: EvictionReport): Html {
  const kvHeads = report.layers[0]?.[0]?.columns.length ?? 0;
  const group = report.layers.flat().find((p) => p.excludedColumns !== undefined)?.excludedColumns?.[0]?.length ?? 0;
  const select = (id: string, label: string, n: number): Html => html`<label>${label} <select id="${id}"><option value="all">all ${n}</option>${Array.from({ length: n }, (_, i) => html`<option value="${i}">${i}</option>`)}</select></label>`;
  return html`<div class="controls">${select('layer', 'Layer', report.layers.length)}${select('head', 'KV head', kvHeads)}${group > 0 ? select('query', 'query head of its group', group) : ''}<span class="scale">kept by none <b></b> all</span>${group > 0 ? html`<span class="x"><b>excluded</b> by calibration</span>` : ''}</div>`;
}

function chunkText(c: ChunkReport, { tokens = [] }: EvictionReport, low: number): Html {
  const text = tokens.slice(c.start, c.start + c.tokens).join('');
  const peek = text.trimStart().slice(0, 140).replace(/\s+/g, ' ');
  return html`<details class="chunk${c.kept ? ' is-kept' : ''}" id="chunk-${c.index}" data-chunk="${c.index}" style="--low:${low}"${c.kept ? html` open` : ''}><summary><b>Chunk ${c.index}</b><span>${count(c.tokens)} tokens</span><span>NLL ${c.nll.toFixed(2)}</span>${c.kept ? html`<span class="kept-mark">kept</span>` : ''}<span class="peek">${peek}</span></summary><p>${verbatim(text)}</p></details>`;
}

/** Text of which a parser of HTML keeps every UTF-16 unit: it would make one of CR LF and drop NUL. */
const verbatim = (text: string): readonly (string | Html)[] => text.replaceAll('\0', '\ufffd').split('\r').flatMap((line, i) => (i === 0 ? [line] : [raw('&#13;'), line]));
