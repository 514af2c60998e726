// 6. A document longer than the model was trained for, answered through the runtime's API.
// Run it: `npm run setup && node build/ts/examples/longContext.js`.
import { loadModel } from 'warpfold/runtime';
import { examplePath, hideFact } from './haystack.js';

await using model = await loadModel(examplePath('bookworm'));
const { text, tokens, question, answer } = hideFact(model.tokenizer, 'sherlock-holmes', 4400, 0.3, '58203');
console.log(`${tokens} tokens for a model with a window of ${model.config.window}; the answer is ${answer}`);

// The document is read in chunks that fit the window, each with the question behind it. The two chunks that expect the
// question best are kept, and of those the 450 tokens per layer and head that the question looks at most.
const events = model.generate({
  document: text, question, maxTokens: 8, parallelComp: { chunkTokens: 900, keepChunks: 2, capacity: 450 },
  onProgress: (done, total) => { if (done === total) console.log(`read ${total} chunks`); },
});
let said = '';
for await (const event of events) {
  if (event.type === 'token') said += event.text;
  else console.log(`kept chunks ${event.eviction?.chunks.filter((c) => c.kept).map((c) => c.index).join(' and ')}; ${event.usage.contextTokens} tokens of context`);
}
console.log(`answered:${said}`);
