import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DoneEvent, loadModel } from '../../runtime/index.js';
import { open } from '../gpu/open.js';
import type { DeviceKind } from '../gpu/options.js';
import { passFlops } from './flops.js';

/** One question over a document: its length in tokens, seconds, useful arithmetic, and the most memory the process held. */
export interface AskRow { readonly tokens: number; readonly chunks: number; readonly seconds: number; readonly decode: number; readonly flops: number; readonly residentBytes: number; readonly deviceBytes: number; readonly answer: string }

/** Where and in what a model runs: the processor and f32 unless said. */
export interface AskOn { readonly device?: DeviceKind; readonly dtype?: 'f32' | 'bf16' }

/** Measured in a process of its own, so that its memory is its own. */
export function measureAsk(root: string, tokens: number, { device = 'cpu', dtype = 'f32' }: AskOn = {}): AskRow {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), root, String(tokens), device, dtype], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`asking over ${tokens} tokens failed: ${stderr}`);
  return JSON.parse(stdout) as AskRow;
}

async function ask(root: string, tokens: number, kind: DeviceKind, dtype: 'f32' | 'bf16'): Promise<AskRow> {
  await using device = open(kind);
  await using model = await loadModel(`${root}/examples/bookworm`, { device, dtype });
  const novel = ['pride-and-prejudice', 'sherlock-holmes'].map((name) => readFileSync(`${root}/examples/texts/${name}.txt`, 'utf8')).join('\n');
  const once = model.tokenizer.encode(novel);
  const text = model.tokenizer.decode(Array.from({ length: Math.ceil(tokens / once.length) }, () => once).flat().slice(0, tokens));
  const place = text.indexOf('. ', text.length * 0.4) + 1;
  const document = `${text.slice(0, place)} The pass key is 14177. Remember it. 14177 is the pass key.${text.slice(place)}`;
  const question = '\nQuestion: What is the pass key?\nAnswer: The pass key is';
  const events = model.generate({ document, question, method: 'parallelcomp', maxTokens: 8, parallelComp: { chunkTokens: 900, chunkCut: 'fixed', keepChunks: 2, capacity: 450 } });
  let done: DoneEvent | undefined;
  for await (const event of events) if (event.type === 'done') done = event;
  if (done === undefined) throw new Error('the answer ended without its account');
  const { usage, timings, eviction, peakBytes, text: answer } = done;
  const flops = (eviction?.chunks ?? []).reduce((sum, c) => sum + passFlops(model.config, 1 + c.tokens + usage.queryTokens, usage.queryTokens), 0);
  return { tokens: usage.contextTokens, chunks: usage.chunks, seconds: timings.prefill, decode: timings.tokensPerSecond, flops, residentBytes: process.resourceUsage().maxRSS * 1024, deviceBytes: peakBytes, answer };
}

const [, script, root, tokens, device, dtype] = process.argv;
if (script === fileURLToPath(import.meta.url) && root !== undefined) process.stdout.write(JSON.stringify(await ask(root, Number(tokens), device === 'cuda' ? 'cuda' : 'cpu', dtype === 'bf16' ? 'bf16' : 'f32')));
