import type { Markish, PlotOptions } from '@observablehq/plot';

/** What a series is drawn with. */
export interface SeriesStyle { readonly color: string; readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star' | 'wye' }

/** Colours that stand out on white and on black, and symbols that tell them apart without colour. */
const styles: readonly SeriesStyle[] = [
  { color: '#3b82f6', symbol: 'circle' }, { color: '#e8710a', symbol: 'square' }, { color: '#a3762a', symbol: 'triangle' }, { color: '#12a37f', symbol: 'diamond' },
  { color: '#d6409f', symbol: 'star' }, { color: '#8b5cf6', symbol: 'cross' }, { color: '#64748b', symbol: 'wye' },
];

/** The look of series number `i`. */
export const seriesStyle = (i: number): SeriesStyle => styles[i % styles.length]!;

/** An entry of a legend: a line with its marks, or a filled area. */
export interface LegendEntry extends SeriesStyle { readonly name: string; readonly shape: 'line' | 'area' }

/** A picture with a heading. `panels`: side by side, as many in a row as fit; a single one takes the whole width. */
export interface Figure { readonly title: string; readonly subtitle: string; readonly legend: readonly LegendEntry[]; readonly panels: readonly Panel[] }

/** One plot. `caption` stands above it. `marks` get the library, which is loaded when a figure is drawn. */
export interface Panel { readonly caption: string; readonly height: number; readonly options: Omit<PlotOptions, 'marks' | 'document' | 'width' | 'height'>; readonly marks: (plot: PlotLibrary) => readonly Markish[] }
export type PlotLibrary = typeof import('@observablehq/plot');

/** Width of a figure in pixels: what a README shows without scaling. */
export const figureWidth = 700;
const margin = 14;

/** A figure as an SVG file: text, frame and background follow the reader's light or dark scheme. The plotting library is loaded here. */
export async function figureSvg({ title, subtitle, legend, panels }: Figure): Promise<string> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<html><body></body></html>');
  const rows = legendRows(legend);
  const top = 52 + rows.length * 20;
  const perRow = panels.length === 1 ? 1 : 3;
  const width = Math.floor((figureWidth - 2 * margin) / perRow);
  const drawn = panels.map((panel, i) => {
    const element = plot.plot({ ...panel.options, marks: [...panel.marks(plot)], width, height: panel.height, document: document as never });
    const above = Math.floor(i / perRow) * (panel.height + captionHeight(panels)) + top;
    return `<g transform="translate(${margin + (i % perRow) * width},${above})">${captioned(panel.caption)}${inner(element.outerHTML, captionHeight(panels))}</g>`;
  });
  const height = top + Math.ceil(panels.length / perRow) * ((panels[0]?.height ?? 0) + captionHeight(panels)) + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="warpfold-figure" role="img" aria-label="${escaped(title)}" width="${figureWidth}" height="${height}" viewBox="0 0 ${figureWidth} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="12">
<style>.warpfold-figure{--back:#ffffff;--ink:#1f2328;--soft:#59636e;color:var(--ink)}.warpfold-figure .back{fill:var(--back)}.warpfold-figure .soft{fill:var(--soft)}@media(prefers-color-scheme:dark){.warpfold-figure{--back:#0d1117;--ink:#e6edf3;--soft:#9198a1}}</style>
<rect class="back" width="${figureWidth}" height="${height}" rx="6"/>
<text x="${margin}" y="26" font-size="16" font-weight="600" fill="currentColor">${escaped(title)}</text>
<text class="soft" x="${margin}" y="44">${escaped(subtitle)}</text>
${rows.map((row, i) => row.map((entry) => legendEntry(entry, 62 + i * 20)).join('\n')).join('\n')}
${drawn.join('\n')}
</svg>
`;
}

const captionHeight = (panels: readonly Panel[]): number => 6 + 15 * Math.max(...panels.map(({ caption }) => captionLines(caption).length));
const captioned = (caption: string): string =>
  captionLines(caption).map((line, i) => `<text x="4" y="${16 + 15 * i}" font-weight="600" fill="currentColor">${escaped(line)}</text>`).join('');

/** A caption in lines that stand above a third of a figure. */
function captionLines(caption: string): readonly string[] {
  const lines: string[] = [];
  for (const word of caption.split(' ').filter((w) => w !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`) < 205) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A drawn plot, moved down, with sizes that no style of a page can change. */
const inner = (svg: string, y: number): string => svg.replace('<svg ', `<svg y="${y}" overflow="visible" `).replace(/font-family="[^"]*"/, '').replace(/font-size="10"/, 'font-size="12"');

/** About how wide a text is; letters are counted alike. */
const textWidth = (text: string): number => text.length * 6.6;

type Placed = LegendEntry & { readonly x: number };

/** Entries from left to right, in as many rows as it takes. */
function legendRows(legend: readonly LegendEntry[]): readonly (readonly Placed[])[] {
  const rows: Placed[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of legend) {
    const width = 34 + textWidth(entry.name);
    if (x + width > figureWidth - margin) {
      rows.push([]);
      x = margin;
    }
    rows.at(-1)?.push({ ...entry, x });
    x += width + 8;
  }
  return rows;
}

const legendEntry = ({ x, color, symbol, name, shape }: Placed, y: number): string =>
  `<g transform="translate(${x},${y})">${shape === 'area' ? `<rect x="2" y="-6" width="18" height="12" fill="${color}"/>` : `<path d="M0,0H22" stroke="${color}" stroke-width="2"/><path d="${symbolPaths[symbol]}" transform="translate(11,0)" fill="${color}"/>`}<text x="28" y="4" fill="currentColor">${escaped(name)}</text></g>`;

/** The symbols that plots use, at legend size. */
const symbolPaths: Readonly<Record<SeriesStyle['symbol'], string>> = {
  circle: 'M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0', square: 'M-3.6,-3.6H3.6V3.6H-3.6Z', triangle: 'M0,-4.8L4.4,3.2H-4.4Z', diamond: 'M0,-5.4L3.4,0L0,5.4L-3.4,0Z',
  cross: 'M-5,-1.7H-1.7V-5H1.7V-1.7H5V1.7H1.7V5H-1.7V1.7H-5Z', star: 'M0,-5.4L1.2,-1.7H5.1L2,0.7L3.2,4.4L0,2.1L-3.2,4.4L-2,0.7L-5.1,-1.7H-1.2Z', wye: 'M-1.6,1V5H1.6V1L5,-1.5L3.4,-4L0,-1.8L-3.4,-4L-5,-1.5Z',
};

/** Text as XML has it. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
