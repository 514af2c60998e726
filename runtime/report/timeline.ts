import { html } from 'hono/html';
import type { Timings } from '../events.js';

/** A piece of HTML that is escaped already. */
export type Html = ReturnType<typeof html>;
/** A step of a run: when it began and how long it took, in seconds, and what was done in it. */
export interface Step { readonly name: string; readonly from: number; readonly seconds: number; readonly note: string }

/** Seconds as people read them: `840 ms`, `3.2 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(seconds < 10 ? 2 : 3))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** What a run consists of, in order. */
export function stepsOf(load: number, timings: Timings, counts: { readonly tokens: number; readonly chunks: number; readonly query: number; readonly answer: number }): readonly Step[] {
  const { phases, queue, prefill, decode, tokensPerSecond } = timings;
  const rate = (tokens: number, seconds: number): string => (seconds > 0 ? `, ${count(Math.round(tokens / seconds))} tokens/s` : '');
  const reading = phases === undefined
    ? [{ name: 'read the prompt', seconds: prefill, note: `${count(counts.tokens + counts.query)} tokens${rate(counts.tokens + counts.query, prefill)}` }]
    : [
      { name: 'read the chunks', seconds: phases.chunks, note: `${count(counts.chunks)} chunks${rate(counts.tokens + counts.chunks * counts.query, phases.chunks)}, the question behind each` },
      { name: 'rank and merge', seconds: phases.merge, note: 'what survives becomes one cache' },
      { name: 'ask over it', seconds: phases.query, note: `${count(counts.query)} tokens of question` },
    ];
  const steps = [
    { name: 'load the model', seconds: load, note: '' },
    ...(queue > 0.001 ? [{ name: 'wait', seconds: queue, note: 'for earlier requests' }] : []),
    ...reading,
    { name: 'answer', seconds: decode, note: `${count(counts.answer)} tokens${tokensPerSecond > 0 ? `, ${Number(tokensPerSecond.toPrecision(3))} tokens/s` : ''}` },
  ];
  let from = 0;
  return steps.map((s) => {
    const step = { ...s, from };
    from += s.seconds;
    return step;
  });
}

/** Numbers as people read them: `14,400`. */
export const count = (n: number): string => n.toLocaleString('en-US');

const [width, left, right, row] = [900, 130, 400, 26] as const;

/** The steps below each other on one axis of time. */
export function timelineSvg(steps: readonly Step[]): Html {
  const total = Math.max(1e-9, ...steps.map((s) => s.from + s.seconds));
  const x = (t: number): number => Math.round((left + (t / total) * (width - left - right)) * 10) / 10;
  const height = steps.length * row + 24;
  return html`<svg class="timeline" role="img" aria-label="${steps.map((s) => `${s.name}: ${duration(s.seconds)}`).join(', ')}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${[0, 0.5, 1].map((part) => html`<line x1="${x(part * total)}" x2="${x(part * total)}" y1="0" y2="${height - 20}"/><text class="axis" x="${x(part * total)}" y="${height - 5}">${part === 0 ? '0' : duration(part * total)}</text>`)}
${steps.map((s, i) => html`<text class="name" x="${left - 12}" y="${i * row + 17}">${s.name}</text><rect x="${x(s.from)}" y="${i * row + 5}" width="${Math.max(2, x(s.from + s.seconds) - x(s.from))}" height="${row - 10}" rx="2"><title>${s.name}: ${duration(s.seconds)}</title></rect><text x="${width - right + 16}" y="${i * row + 17}"><tspan class="time">${duration(s.seconds)}</tspan><tspan class="note" dx="8">${s.note}</tspan></text>`)}
</svg>`;
}
