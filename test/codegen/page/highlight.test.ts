import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { highlighted, type Language } from '../../../codegen/page/highlight.js';
import { parseHTML } from 'linkedom';

const languages: readonly Language[] = ['typescript', 'cpp', 'graph'];
const html = (line: string, language: Language): string => String(highlighted(line, language));
const shown = (markup: string): string | null | undefined => parseHTML(`<!doctype html><body><pre id="x">${markup}</pre></body>`).document.getElementById('x')?.textContent;

describe('highlighted', () => {
  test.prop([fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '`', '/', '*', '\\', ' ', 'a', '1', '.', '−', '∞', '(', 'const', '</i>', '&amp;') }), fc.constantFrom(...languages)])('shows every character as it stands', (line, language) => {
    expect(shown(html(line, language))).toBe(line);
  });

  test.each([
    ['typescript', "const s = map(x, 'k'); // why", "<i class=\"k\">const</i> s = <i class=\"f\">map</i>(x, <i class=\"s\">&#39;k&#39;</i>); <i class=\"c\">// why</i>"],
    ['cpp', 'for (int k0 = 0; k0 < nK; k0 += BK) {', '<i class="k">for</i> (<i class="k">int</i> k0 = <i class="n">0</i>; k0 &lt; nK; k0 += BK) {'],
    ['graph', 'm: f32[q] = max(x, -2^100)', 'm: <i class="t">f32</i>[q] = <i class="f">max</i>(x, <i class="n">-2</i>^<i class="n">100</i>)'],
  ] as const)('tells the parts of %s apart', (language, line, markup) => {
    expect(html(line, language)).toBe(markup);
  });
});
