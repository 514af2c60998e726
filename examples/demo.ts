// `npm run demo`: a fact hidden in a novel, a model trained on 1,024 tokens at a time, plain attention against ParallelComp.
import { type DoneEvent, loadModel, type Method, type Model } from 'warpfold/runtime';
import { examplePath, type Haystack, hideFact } from './haystack.js';

const began = performance.now();
await using model = await loadModel(examplePath('bookworm'));
const hay = hideFact(model.tokenizer, 'pride-and-prejudice', 14_400, 0.62, '14177');
const { window } = model.config;

console.log(`
bookworm has 5.5 million parameters and was trained on ${count(window)} tokens at a time.
The document: ${count(hay.tokens)} tokens of Pride and Prejudice, ${Math.round(hay.tokens / window)} times that. Hidden in it:
  “…${hay.fact.trim()}”
Asked: What is the pass key?     On: ${model.device.description}
`);

const plain = await answer(hay, 'full');
report('plain attention', plain, hay);
const compressed = await answer(hay, 'parallelcomp');
report('ParallelComp', compressed, hay);

console.log(`
ParallelComp read the document in ${compressed.usage.chunks} chunks, each alone with the question. A chunk's bar is how much the
question surprised the model after it (NLL, nats per token); the two least surprising were kept, and of each
the 450 tokens per layer and head that the question looks at most.
`);
console.log(picture(compressed, factChunk(compressed, hay, model)).join('\n'));
console.log(`
${seconds((performance.now() - began) / 1000)} in all, ${megabytes(process.resourceUsage().maxRSS * 1024)} of memory at most. Every operation was compiled from a kernel in runtime/kernels/.
Ask your own: npx warpfold ask --model examples/bookworm --document FILE --question TEXT`);

/** On a model of its own, so that the memory it reports is its own. */
async function answer({ text, question }: Haystack, method: Method): Promise<DoneEvent> {
  await using own = await loadModel(examplePath('bookworm'));
  const events = own.generate({ document: text, question, method, maxTokens: 8, parallelComp: { chunkTokens: 900, keepChunks: 2, capacity: 450 } });
  for await (const event of events) if (event.type === 'done') return event;
  throw new Error('the answer ended without its account');
}

function report(name: string, { text, timings, peakBytes }: DoneEvent, { answer: expected }: Haystack): void {
  const right = text.trim().startsWith(expected);
  console.log(`  ${name.padEnd(16)} ${right ? '✓' : '✗'} ${JSON.stringify(text.trim().slice(0, 32)).padEnd(36)} read in ${seconds(timings.prefill)}, device memory ${megabytes(peakBytes)}`);
}

/** One bar per chunk, longer for a higher NLL, marked where it was kept and where the fact is. */
function picture({ eviction }: DoneEvent, fact: number): readonly string[] {
  const chunks = eviction?.chunks ?? [];
  const most = Math.max(...chunks.map((c) => c.nll));
  return chunks.map(({ index, nll, kept }) => {
    const bar = (kept ? '█' : '░').repeat(Math.max(1, Math.round((nll / most) * 48)));
    return `  ${String(index).padStart(3)} ${bar.padEnd(49)}${nll.toFixed(2)}${kept ? '  kept' : ''}${index === fact ? '  ← the fact is here' : ''}`;
  });
}

/** Which chunk holds the fact, by its place in the tokens. */
function factChunk({ eviction }: DoneEvent, { text, fact }: Haystack, { tokenizer }: Model): number {
  const at = tokenizer.encode(text.slice(0, text.indexOf(fact))).length;
  return eviction?.chunks.find((c) => at >= c.start && at < c.start + c.tokens)?.index ?? -1;
}

function count(n: number): string { return n.toLocaleString('en-US'); }
function seconds(s: number): string { return `${s.toFixed(1)} s`; }
function megabytes(bytes: number): string { return `${Math.round(bytes / 2 ** 20)} MiB`; }
