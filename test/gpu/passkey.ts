// Passkeys in novels, on one device: `node build/ts/test/gpu/passkey.js --device cuda --dtype bf16 --out passkey.json`.
// A script of its own, so that two devices can be compared case by case.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examplePath, hideAmong } from '../../examples/haystack.js';
import { loadModel } from '../../runtime/load.js';
import type { Model } from '../../runtime/model.js';
import { uniform } from '../kit/values.js';
import { open, root, shipped } from './open.js';
import { type ScriptOptions, scriptOptions } from './options.js';
import { checked, type Verdict } from './report.js';

/** One text with a key in it: where in which novel it begins, how deep the key lies. */
export interface PasskeyCase { readonly novel: string; readonly from: number; readonly depth: number; readonly key: string }
/** What came of it. */
export interface PasskeyResult extends PasskeyCase { readonly answer: string; readonly right: boolean }
/** All cases of a device: what the file holds. */
export interface PasskeyReport { readonly command: string; readonly device: string; readonly dtype: string; readonly tokens: number; readonly right: number; readonly of: number; readonly cases: readonly PasskeyResult[] }

const novels = ['pride-and-prejudice', 'sherlock-holmes'] as const;

/** Case i out of its number alone: the novels in turn, a place in them, a depth, five digits. `spare`: tokens a novel has beyond a text's length. */
export function passkeyCase(i: number, spare: (novel: string) => number): PasskeyCase {
  const novel = novels[i % novels.length] ?? novels[0];
  return { novel, from: Math.floor(uniform(101, i) * spare(novel)), depth: 0.02 + 0.96 * uniform(102, i), key: String(10_000 + Math.floor(uniform(103, i) * 90_000)) };
}

/** Asks `count` texts of `tokens` tokens for their keys, one after the other. */
export async function passkeys(model: Model, tokens: number, count: number, onCase: (r: PasskeyResult, seconds: number) => void): Promise<readonly PasskeyResult[]> {
  const ids = new Map(novels.map((n) => [n as string, model.tokenizer.encode(readFileSync(examplePath(`texts/${n}.txt`), 'utf8'))]));
  const idsOf = (novel: string): readonly number[] => ids.get(novel) ?? [];
  const results: PasskeyResult[] = [];
  for (let i = 0; i < count; i++) {
    const c = passkeyCase(i, (novel) => Math.max(0, idsOf(novel).length - tokens));
    const start = performance.now();
    const answer = await ask(model, idsOf(c.novel).slice(c.from, c.from + tokens), c);
    const result = { ...c, answer, right: answer.trim().startsWith(c.key) };
    onCase(result, (performance.now() - start) / 1000);
    results.push(result);
  }
  return results;
}

async function ask(model: Model, ids: readonly number[], { depth, key }: PasskeyCase): Promise<string> {
  const { text: document, question } = hideAmong(model.tokenizer, ids, depth, key);
  const events = model.generate({ document, question, method: 'parallelcomp', maxTokens: 8, parallelComp: { chunkTokens: 900, chunkCut: 'fixed', keepChunks: 2, capacity: 450 } });
  for await (const event of events) if (event.type === 'done') return event.text;
  throw new Error('the answer ended without its account');
}

/** The whole measurement. */
export async function passkeyReport(options: ScriptOptions, log: (line: string) => void): Promise<PasskeyReport> {
  const [tokens, count] = options.quick ? [3_600, 2] : [57_600, 100];
  await using device = open(options.device, shipped, options);
  await using model = await loadModel(examplePath('bookworm'), { device, dtype: options.dtype });
  const cases = await passkeys(model, tokens, count, (r, seconds) => log(`${r.right ? 'right' : 'wrong'} ${r.key} ${JSON.stringify(r.answer)} ${seconds.toFixed(1)} s`));
  const command = `node build/ts/test/gpu/passkey.js --device ${options.device} --dtype ${options.dtype}${options.quick ? ' --quick' : ''}`;
  return { command, device: device.description, dtype: options.dtype, tokens, right: cases.filter((c) => c.right).length, of: count, cases };
}

/** How far the accuracy may lie from the processor's on the same cases, in keys of a hundred. */
const allowedDistance = 6;

/** Accuracy in bf16 against the processor's in f32, which lies beside the benchmarks' results. */
export async function passkeyVerdicts(options: ScriptOptions, log: (line: string) => void): Promise<readonly Verdict[]> {
  const report = await passkeyReport({ ...options, dtype: 'bf16' }, () => {});
  log(`passkey: ${report.right} of ${report.of} keys found in ${report.tokens} tokens, ${report.dtype} on ${report.device}`);
  const name = `passkey accuracy within ${allowedDistance} of the processor's`;
  if (options.quick) return [{ name, kind: 'skipped', why: 'a quick run asks other texts' }];
  // Written by this script.
  const processor = JSON.parse(readFileSync(join(root, 'test/bench/results/passkey-cpu.json'), 'utf8')) as PasskeyReport;
  const equal = report.cases.filter((c, i) => c.right === processor.cases[i]?.right).length;
  log(`passkey: the processor found ${processor.right} of ${processor.of}, and ${equal} cases end alike`);
  return [checked(name, Math.abs(report.right - processor.right) <= allowedDistance, `${report.right} here, ${processor.right} there`)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = scriptOptions();
  const report = await passkeyReport(options, (line) => console.error(line));
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, undefined, 1)}\n`);
  console.log(`${report.right} of ${report.of} keys found in ${report.tokens} tokens, ${report.dtype} on ${report.device}`);
}
