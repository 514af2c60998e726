import { html } from 'hono/html';
import type { Html } from './highlight.js';
import { innerOffset, metrics, type PlacedDag, type PlacedEdge, type PlacedNode, type Point } from './layout.js';

/** A graph as a picture; nodes light up with their source line. */
export function dagSvg(placed: PlacedDag, label: string): Html {
  const [w, h] = [Math.ceil(placed.width) + 8, Math.ceil(placed.height) + 8];
  return html`<svg class="dag" role="img" aria-label="${label}" width="${w}" height="${h}" viewBox="-4 -4 ${w} ${h}">${contents(placed)}</svg>`;
}

const contents = ({ nodes, edges }: PlacedDag): Html => html`${nodes.filter((p) => p.inner !== undefined).map(nodeSvg)}${edges.map(edgeSvg)}${nodes.filter((p) => p.inner === undefined).map(nodeSvg)}`;

function nodeSvg(p: PlacedNode): Html {
  const { node, inner } = p;
  const offset = innerOffset(p);
  const key = node.key === undefined ? '' : html` data-k="${node.key}"`;
  const round = node.kind === 'node' || node.kind === 'loop' ? 5 : p.height / 2;
  return html`<g class="${node.kind}"${key} transform="translate(${fixed(p.x)} ${fixed(p.y)})"><title>${node.tip}</title><rect width="${fixed(p.width)}" height="${fixed(p.height)}" rx="${Math.min(round, 12)}"/>${inner === undefined ? texts(p) : html`<text class="head" x="12" y="${17}">${node.lines[0] ?? ''}</text><g transform="translate(${fixed(offset[0])} ${fixed(offset[1])})">${contents(inner)}</g>`}</g>`;
}

const texts = (p: PlacedNode): readonly Html[] => p.node.lines.map((line, i) => {
  const role = p.node.lines.length > 1 && i === p.node.lines.length - 1 ? 'type' : i === 0 ? 'head' : 'op';
  return html`<text class="${role}" x="${fixed(p.width / 2)}" y="${metrics.padY + metrics.line * i + 11}">${line.length > metrics.widest ? `${line.slice(0, metrics.widest - 1)}…` : line}</text>`;
});

function edgeSvg({ points }: PlacedEdge): Html {
  const [first, ...rest] = points;
  if (first === undefined) return html``;
  const curve = (to: Point, i: number): string => {
    const [x, y] = points[i] ?? to;
    const half = (y + to[1]) / 2;
    return x === to[0] ? `L${fixed(to[0])} ${fixed(to[1])}` : `C${fixed(x)} ${fixed(half)} ${fixed(to[0])} ${fixed(half)} ${fixed(to[0])} ${fixed(to[1])}`;
  };
  const end = points.at(-1) ?? first;
  return html`<path class="edge" d="M${fixed(first[0])} ${fixed(first[1])}${rest.map(curve).join('')}"/><path class="tip" d="M${fixed(end[0])} ${fixed(end[1])}l-3 -5.5h6z"/>`;
}

const fixed = (x: number): string => String(Math.round(x * 10) / 10);
