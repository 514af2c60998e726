import { changeOf } from '../../schedule/roofline.js';
import { inTable } from '../table.js';
import { bar, secondsText } from './bars.js';
import type { BenchReport, BenchRow } from './report.js';

const barWidth = 20;

/** What a share above the whole means. */
const beyond = '\n¹ beyond its bound: data hides work that the count cannot see hidden (set scalars with --set), or some of it is found in a cache\n';

/** Variants, one a row: time of a call with the tenth and the ninetieth of a hundred, rates, and how much of what the device could do that is; behind it the change since `before`. */
export function benchTable(rows: readonly BenchRow[], before?: BenchReport): string {
  const head = ['kernel', 'variant', 'sizes', 'median', 'p10 – p90', 'GFLOP/s', 'GB/s', 'bound by', 'of bound', '', ...(before ? ['against baseline'] : [])];
  const isBeyond = (r: BenchRow): boolean => r.bound.seconds > 1.05 * r.seconds.median;
  const table = inTable(head, rows.map((r) => {
    const { median, p10, p90 } = r.seconds;
    const share = r.bound.seconds / median;
    // Rates of kernels with products are told by their products, as everybody does.
    const flops = r.work.halves + r.work.products || r.work.elements;
    return [
      r.kernel, r.variant, Object.entries(r.sizes).map(([a, n]) => `${a} ${n}`).join(' '), secondsText(median), `${secondsText(p10)} – ${secondsText(p90)}`,
      rate(flops / median / 1e9), rate(r.work.bytes / median / 1e9), r.bound.kind, isBeyond(r) ? '> 100 %¹' : `${(100 * share).toFixed(0)} %`, bar(Math.min(1, share), barWidth).padEnd(barWidth, '·'), ...(before ? [changeText(r, before)] : []),
    ];
  }));
  return `${table}${rows.some(isBeyond) ? beyond : ''}`;
}

const rate = (x: number): string => (x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : x.toFixed(0));

/** The same kernel and variant at the same sizes in an earlier report. */
export const rowBefore = (r: BenchRow, before: BenchReport): BenchRow | undefined =>
  before.rows.find((b) => b.kernel === r.kernel && b.variant === r.variant && Object.keys(r.sizes).length === Object.keys(b.sizes).length && Object.entries(r.sizes).every(([a, n]) => b.sizes[a] === n));

function changeText(r: BenchRow, before: BenchReport): string {
  const old = rowBefore(r, before);
  if (old === undefined) return 'not in it';
  const { ratio, verdict } = changeOf(r.seconds, old.seconds);
  const text = `${ratio.toFixed(3)}× the time`;
  return verdict === 'same' ? `${text}, within noise` : `${text}: ${verdict.toUpperCase()}`;
}
