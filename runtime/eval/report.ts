import { type Chart, charts } from './charts.js';
import { escaped, figureSvg } from './plot.js';
import type { Aggregate, EvalResults } from './results.js';
import { type ResultTable, resultTables } from './tables.js';
import { bytesText, lengthText, percentText, perplexityText, secondsText, taskTitle } from './words.js';

/** A picture of a run, as a file's name and text. */
export interface Picture { readonly name: string; readonly svg: string }

/** All pictures of a run, each as an SVG file. */
export async function pictures(results: EvalResults): Promise<readonly Picture[]> {
  const drawn: Picture[] = [];
  for (const { name, figure } of charts(results)) drawn.push({ name: `${name}.svg`, svg: await figureSvg(figure) });
  return drawn;
}

/** A run as one HTML page that needs no other file and no network: pictures, the table, and all that it takes to repeat it. */
export async function reportHtml(results: EvalResults): Promise<string> {
  const { model, run, settings } = results;
  const drawn = await Promise.all(charts(results).map(async ({ figure }: Chart) => `<figure>${await figureSvg(figure)}</figure>`));
  const title = `${model.id}: ${settings.tasks.map(taskTitle).join(', ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
:root{color-scheme:light dark;--back:#fff;--ink:#1f2328;--soft:#59636e;--line:#d1d9e0}
@media(prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#3d444d}}
body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;margin:2rem auto;max-width:760px;padding:0 1rem;background:var(--back);color:var(--ink)}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}summary{margin:1.5rem 0 .5rem;cursor:pointer}p,dd{color:var(--soft)}figure{margin:1.5rem 0}figure svg{max-width:100%;height:auto}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child,table:not(.small) :is(th,td):nth-child(2){text-align:left}
code,pre{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:.85em}pre{overflow-x:auto;padding:.8rem;border:1px solid var(--line);border-radius:6px}dt{font-weight:600}dd{margin:0 0 .5rem}
</style></head><body>
<h1>${escaped(title)}</h1>
<p>${escaped(`${run.device}, ${run.dtype}. Intervals are at 95 %: Wilson's for right answers, of the mean over cases for perplexity. Seconds are medians of reading and answering; memory is the most the device held.`)}</p>
${drawn.join('\n')}
<h2>Results</h2>
${resultTables(results).map(htmlTable).join('\n')}
<details><summary>All figures: intervals, time and memory</summary>
<div class="wide"><table><thead><tr><th>task</th><th>method</th><th>tokens</th><th>cases</th><th>result</th><th>95 %</th><th>time</th><th>memory</th></tr></thead><tbody>
${results.aggregates.map((a) => tableRow(a, results)).join('\n')}
</tbody></table></div></details>
<h2>How to repeat it</h2>
<pre>${escaped(run.command)}</pre>
<dl>${facts(results).map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
</body></html>
`;
}

const htmlTable = ({ title, head, rows }: ResultTable): string =>
  `<h3>${escaped(title)}</h3><div class="wide"><table class="small"><thead><tr>${head.map((cell) => `<th>${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`;

function tableRow(a: Aggregate, { settings }: EvalResults): string {
  const cells = [taskTitle(a.task), settings.methods.find((m) => m.id === a.method)?.title ?? a.method, a.length === undefined ? '–' : lengthText(a.length), a.failed === 0 ? String(a.cases) : `${a.cases}, ${a.failed} failed`, ...figures(a)];
  return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
}

function figures(a: Aggregate): readonly string[] {
  switch (a.kind) {
    case 'accuracy': return [percentText(a.score), `${percentText(a.low)} – ${percentText(a.high)}`, secondsText(a.seconds), bytesText(a.peakBytes)];
    case 'perplexity': return [perplexityText(a.perplexity), `${perplexityText(a.low)} – ${perplexityText(a.high)}`, secondsText(a.seconds), bytesText(a.peakBytes)];
    case 'failed': return [a.message, '–', '–', '–'];
    default: return a satisfies never;
  }
}

function facts({ run, model, settings }: EvalResults): readonly (readonly [string, string])[] {
  return [
    ['Program', `warpfold ${run.version}${run.commit === undefined ? '' : `, commit ${run.commit}`}, Node ${run.node}, ${run.platform}`],
    ['Model', `${model.id}, window ${model.window.toLocaleString('en-US')}; ${model.files.map((f) => `${f.path} ${f.sha256.slice(0, 16)}… (${bytesText(f.bytes)})`).join('; ')}`],
    ['Methods', settings.methods.map((m) => `${m.id}${Object.keys(m.parallelComp).length === 0 ? '' : ` ${JSON.stringify(m.parallelComp)}`}`).join('; ')],
    ['Haystack', `${settings.haystack.source}, sha256 ${settings.haystack.sha256.slice(0, 16)}…`],
    ...(settings.data.length === 0 ? [] : [['Data', settings.data.map((f) => `${f.path} ${f.sha256.slice(0, 16)}…`).join('; ')] as const]),
    ['Questions', settings.chat ? "worded by the model's chat template" : 'as plain text'],
    ['Seed', String(settings.seed)],
    ['Ran', `${run.started} to ${run.finished ?? 'not finished'}`],
  ];
}
