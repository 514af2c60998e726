// `npm run bench:cpu`: kernels and whole answers against the peak of these cores, measured in the same run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addon } from '../../runtime/addon.js';
import { openCpuDevice } from '../../runtime/load.js';
import { type AskRow, measureAsk } from './asking.js';
import { type KernelCase, kernelCases, timeKernel } from './kernels.js';
import { measurePeak } from './peak.js';

const root = fileURLToPath(new URL(import.meta.url.includes('/build/ts/') ? '../../../../' : '../../', import.meta.url));
const device = openCpuDevice();
const cpu = addon().processor();
if ('why' in cpu) throw new Error(cpu.why);
const threads = Number(/(\d+) threads?/.exec(device.description)?.[1] ?? 1);

// The peak is measured before, between and after, because clocks move and neighbours come and go; every row is judged by the best of them.
const peaks: number[] = [measurePeak(root, cpu.instructionSet, threads)];
const timed: (readonly [KernelCase, number])[] = [];
for (const c of kernelCases) {
  timed.push([c, await timeKernel(device, c)]);
  peaks.push(measurePeak(root, cpu.instructionSet, threads));
}
await device[Symbol.asyncDispose]();

const asked: AskRow[] = [];
for (const tokens of [14_400, 57_600, 230_400]) {
  const runs = Array.from({ length: tokens < 50_000 ? 3 : 1 }, () => measureAsk(root, tokens));
  asked.push(runs.reduce((best, r) => (r.seconds < best.seconds ? r : best)));
  peaks.push(measurePeak(root, cpu.instructionSet, threads));
}

const peak = Math.max(...peaks);
const date = new Date().toISOString().slice(0, 10);
const text = `# CPU, ${date}

${device.description}, Node ${process.version}. Peak of f32 multiply-adds, measured ${peaks.length} times in this run: ${Math.min(...peaks).toFixed(0)} to ${peak.toFixed(0)} GFLOP/s; shares are of the highest.

| kernel, f32 | time | GFLOP/s | of peak |
|---|---|---|---|
${timed.map(([c, seconds]) => kernelRow(c, seconds)).join('\n')}

bookworm (5.5M parameters), one question over a document, f32: chunks of 900 tokens, 2 kept, capacity 450.

| tokens | chunks | prefill | tokens/s | useful GFLOP/s | of peak | decode, tokens/s | most resident memory | of it on the device | answer (14177) |
|---|---|---|---|---|---|---|---|---|---|
${asked.map(askRow).join('\n')}
`;
mkdirSync(`${root}test/bench/results`, { recursive: true });
writeFileSync(`${root}test/bench/results/cpu-${date}.md`, text);
const kernels = timed.map(([{ name, flops }, seconds]) => ({ name, flops, seconds }));
writeFileSync(`${root}test/bench/results/cpu-${date}.json`, `${JSON.stringify({ date, device: device.description, node: process.version, peaks, kernels, asked }, undefined, 1)}\n`);
console.log(`${text}\nwritten to test/bench/results/cpu-${date}.md`);

function kernelRow({ name, flops }: KernelCase, seconds: number): string {
  const rate = flops / seconds / 1e9;
  const time = seconds < 1e-3 ? `${(seconds * 1e6).toFixed(0)} µs` : `${(seconds * 1e3).toFixed(2)} ms`;
  return `| ${name} | ${time} | ${rate.toFixed(1)} | ${(rate / peak).toFixed(2)} |`;
}

function askRow(r: AskRow): string {
  const rate = r.flops / r.seconds / 1e9;
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  return `| ${r.tokens} | ${r.chunks} | ${r.seconds.toFixed(1)} s | ${Math.round(r.tokens / r.seconds)} | ${rate.toFixed(1)} | ${(rate / peak).toFixed(2)} | ${Math.round(r.decode)} | ${mib(r.residentBytes)} | ${mib(r.deviceBytes)} | ${r.answer.trim()} |`;
}
