// The pictures of the page on ParallelComp, from runs of bookworm: `npm run docs:pictures`.
import { writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { type DoneEvent, loadModel, type Method, type Tokenizer } from 'warpfold/runtime';
import { examplePath, type Haystack, hideFact } from '../haystack.js';
import { colours, svgText } from './svg.js';

const options = { chunkTokens: 900, keepChunks: 2, capacity: 450 };
const hayOf = (tokenizer: Tokenizer, tokens: number): Haystack => hideFact(tokenizer, 'pride-and-prejudice', tokens, 0.62, '14177');

/** On a model of its own, so that the memory it reports is its own. */
async function answer(tokens: number, method: Method): Promise<DoneEvent> {
  await using model = await loadModel(examplePath('bookworm'));
  const { text, question } = hayOf(model.tokenizer, tokens);
  for await (const event of model.generate({ document: text, question, method, maxTokens: 8, parallelComp: options })) if (event.type === 'done') return event;
  throw new Error('the answer ended without its account');
}

function chunksPicture({ eviction }: DoneEvent): string {
  const rows = (eviction?.chunks ?? []).map(({ index, nll, kept }) => ({ chunk: index, nll, what: kept ? 'kept' : 'dropped' }));
  return svgText({
    width: 720, height: 260, marginLeft: 50, marginBottom: 40,
    x: { label: 'chunk of the document', tickSize: 0, type: 'band' }, y: { label: '↑ NLL of the question, nats per token', grid: true, zero: true },
    marks: [
      Plot.barY(rows, { x: 'chunk', y: 'nll', fill: (r) => (r.what === 'kept' ? colours.kept : colours.dropped) }),
      Plot.text(rows.filter((r) => r.what === 'kept'), { x: 'chunk', y: 'nll', text: () => 'kept', dy: -8, fill: 'currentColor' }),
      Plot.ruleY([0]),
    ],
  });
}

function tokensPicture({ eviction }: DoneEvent): string {
  const best = [...(eviction?.chunks ?? [])].sort((a, b) => a.nll - b.nll)[0]?.index;
  const rows = (eviction?.layers ?? []).flatMap((parts, layer) => parts.filter((p) => p.chunk === best).flatMap((p) => p.columns.flatMap((columns, g) => columns.map((column) => ({ column, head: `layer ${layer}, head ${g}` })))));
  return svgText({
    width: 720, height: 320, marginLeft: 110, marginBottom: 40,
    x: { label: `position in chunk ${best} →`, domain: [0, options.chunkTokens] }, y: { label: null, type: 'band' },
    marks: [Plot.tickX(rows, { x: 'column', y: 'head', stroke: colours.kept, strokeWidth: 0.7, strokeOpacity: 0.85 })],
  });
}

interface Cost { readonly tokens: number; readonly seconds: number; readonly mebibytes: number; readonly how: string }

async function costs(): Promise<readonly Cost[]> {
  const found: Cost[] = [];
  for (const tokens of [900, 1_800, 3_600, 7_200, 14_400]) {
    for (const [method, how] of [['full', 'plain attention'], ['parallelcomp', 'ParallelComp']] as const) {
      const { timings, peakBytes, usage } = await answer(tokens, method);
      found.push({ tokens: usage.contextTokens, seconds: timings.prefill, mebibytes: peakBytes / 2 ** 20, how });
    }
  }
  return found;
}

function costPicture(rows: readonly Cost[]): string {
  const colour = (r: Cost): string => (r.how === 'ParallelComp' ? colours.kept : colours.plain);
  const ends = rows.filter((r) => r.tokens > 14_000);
  return svgText({
    width: 720, height: 320, marginLeft: 55, marginBottom: 40, marginRight: 110,
    x: { label: 'tokens of the document →' }, y: { label: '↑ seconds to the first token, two cores', grid: true },
    marks: [
      Plot.ruleY([0]), Plot.ruleX([1024], { stroke: 'currentColor', strokeDasharray: '3,3' }),
      Plot.text(['window'], { x: 1024, frameAnchor: 'top', dx: 4, textAnchor: 'start', fill: 'currentColor' }),
      Plot.lineY(rows, { x: 'tokens', y: 'seconds', z: 'how', stroke: (r: Cost) => colour(r), strokeWidth: 2 }),
      Plot.dot(rows, { x: 'tokens', y: 'seconds', fill: (r: Cost) => colour(r) }),
      Plot.text(ends, { x: 'tokens', y: 'seconds', text: (r: Cost) => `${r.how}\n${Math.round(r.mebibytes)} MiB`, dx: 8, textAnchor: 'start', fill: (r: Cost) => colour(r) }),
    ],
  });
}

const one = await answer(14_400, 'parallelcomp');
const pictures = { chunks: chunksPicture(one), tokens: tokensPicture(one), cost: costPicture(await costs()) };
for (const [name, svg] of Object.entries(pictures)) {
  writeFileSync(examplePath(`docs/public/${name}.svg`), svg);
  console.log(`examples/docs/public/${name}.svg`);
}
