// `node build/ts/test/bench/questions.js [runs]`: what ten questions about one document cost beside one, on the clock and in
// processor seconds, which neighbours disturb less. bookworm on the processor, a novel of 14,400 tokens with ten facts in it.
import { readFileSync } from 'node:fs';
import { examplePath } from '../../examples/haystack.js';
import { type DoneEvent, type Document, loadModel, type Model, type QuestionRequest } from '../../runtime/index.js';

const names = ['Ursula', 'Thomas', 'Laura', 'Arthur', 'Victor', 'Nora', 'Simon', 'Rachel', 'Daniel'];
const facts = [
  { fact: 'The pass key is 14177. Remember it. 14177 is the pass key.', question: '\nQuestion: What is the pass key?\nAnswer: The pass key is', answer: '14177' },
  ...names.map((name, i) => ({ fact: `The secret number of ${name} is ${20_482 + 6_173 * i}.`, question: `\nQuestion: What is the secret number of ${name}?\nAnswer: The secret number of ${name} is`, answer: String(20_482 + 6_173 * i) })),
];
const asking: QuestionRequest = { method: 'parallelcomp', maxTokens: 8, parallelComp: { keepChunks: 2, capacity: 450 } };
const chunkTokens = 900;
const tokens = 14_400;

await using model = await loadModel(examplePath('bookworm'), { device: 'cpu' });
const text = planted(model);
const questions = facts.map(({ question }) => question);

// Kernels load and memory is taken on first use.
await separately(model, questions.slice(0, 1));
const rows = [];
for (let run = 0; run < Number(process.argv[2] ?? 3); run++) {
  const one = await timed(async () => await ofOneDocument(model, questions.slice(0, 1)));
  const ten = await timed(async () => await ofOneDocument(model, questions));
  rows.push({ 'one question, s': round(one.seconds), 'ten questions, s': round(ten.seconds), ratio: round(ten.seconds / one.seconds), 'one, processor s': round(one.processor), 'ten, processor s': round(ten.processor), 'ratio of these': round(ten.processor / one.processor), answers: ten.result });
}
const alone = await timed(async () => await separately(model, questions));
const same = rows.every(({ answers }) => answers.every((ids, i) => ids.join() === alone.result[i]?.join()));
const right = alone.result.filter((ids, i) => model.tokenizer.decode(ids).trim().startsWith(facts[i]?.answer ?? '?')).length;

console.log(`${model.device.description}; ${tokens} tokens in chunks of ${chunkTokens}, 2 kept, capacity 450, 8 tokens of answer`);
console.table(rows.map(({ answers: _, ...row }) => row));
console.log(`ten separate runs: ${round(alone.seconds)} s; ${right} of 10 right; answers of the document ${same ? 'are the same' : 'DIFFER'}`);
if (!same) process.exitCode = 1;

/** A novel with the facts between its sentences, spread evenly. */
function planted({ tokenizer }: Model): string {
  const novel = tokenizer.decode(tokenizer.encode(readFileSync(examplePath('texts/pride-and-prejudice.txt'), 'utf8')).slice(0, tokens));
  return facts.reduceRight((text, { fact }, i) => {
    const place = text.indexOf('. ', Math.floor((novel.length * (i + 0.5)) / facts.length)) + 1;
    return `${text.slice(0, place)} ${fact}${text.slice(place)}`;
  }, novel);
}

/** Ids of the answers to questions about a document that is read once. */
async function ofOneDocument(model: Model, questions: readonly string[]): Promise<readonly (readonly number[])[]> {
  await using document = await model.prefill({ contexts: text, chunkTokens });
  const answers: (readonly number[])[] = [];
  for (const question of questions) answers.push((await last(document.generate({ ...asking, question }))).ids);
  return answers;
}

/** Ids of the answers where everything is read for every question. */
async function separately(model: Model, questions: readonly string[]): Promise<readonly (readonly number[])[]> {
  const answers: (readonly number[])[] = [];
  for (const question of questions) answers.push((await last(model.generate({ ...asking, document: text, question, parallelComp: { ...asking.parallelComp, chunkTokens } }))).ids);
  return answers;
}

async function last(events: ReturnType<Document['generate']>): Promise<DoneEvent> {
  for await (const event of events) if (event.type === 'done') return event;
  throw new Error('the answer ended without its account');
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number; readonly processor: number }> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  return { result, seconds: (performance.now() - began) / 1000, processor: (user + system) / 1e6 };
}

function round(x: number): number { return Math.round(x * 100) / 100; }
