import { type MadeTask, madeTasks } from './cases.js';

const titles: Readonly<Record<MadeTask, string>> = {
  passkey: 'Pass key', number: 'Number', niah_single: 'Needle', niah_multikey: 'Needle among others', niah_multivalue: 'Several values of one key', niah_multiquery: 'Several needles at once', kv: 'Key-value retrieval', ppl: 'Perplexity',
};
const isMade = (task: string): task is MadeTask => (madeTasks as readonly string[]).includes(task);

/** What readers call a task. */
export const taskTitle = (task: string): string => (isMade(task) ? titles[task] : task);

/** 2048 as 2k, 1000 as 1,000. */
export const lengthText = (n: number): string => (n >= 1024 && n % 1024 === 0 ? `${n / 1024}k` : n.toLocaleString('en-US'));

/** 0.875 as 88 %. */
export const percentText = (share: number): string => `${Math.round(100 * share)} %`;

/** With the digits that tell: 0.0123 s as 12 ms, 4.21 s as 4.2 s. */
export function secondsText(seconds: number): string {
  if (seconds < 0.0095) return `${digits(seconds * 1000)} ms`;
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 95 ? `${digits(seconds)} s` : `${Math.round(seconds).toLocaleString('en-US')} s`;
}

/** In binary units, with two digits or the whole part. */
export function bytesText(bytes: number): string {
  const unit = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${digits(bytes / 2 ** (10 * unit))} ${['B', 'KiB', 'MiB', 'GiB'][unit]!}`;
}

const digits = (n: number): string => (n < 9.95 ? Number(n.toFixed(1)) : Math.round(n)).toLocaleString('en-US');

/** Three digits that tell. */
export const perplexityText = (p: number): string => Number(p.toPrecision(3)).toLocaleString('en-US');
