import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A plot as the text of an SVG file, readable on light and on dark pages. */
export function svgText(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const plot = Plot.plot({ ...options, document, style: { background: 'transparent', fontFamily: 'system-ui, sans-serif', fontSize: '12px' } });
  const svg = plot.tagName.toLowerCase() === 'svg' ? plot : plot.querySelector('svg:last-of-type');
  if (svg === null) throw new Error('the plot has no picture');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // A picture in a page knows the reader's scheme, but not the page's colours.
  const style = document.createElement('style');
  style.textContent = 'svg{color:#3c3c43}@media (prefers-color-scheme:dark){svg{color:#dfdfd6}}';
  svg.prepend(style);
  return svg.outerHTML;
}

/** The two colours of every picture: what is kept, and what is not. */
export const colours = { kept: '#2563eb', dropped: '#9ca3af', plain: '#ea580c' } as const;
