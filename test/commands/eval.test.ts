import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseResults } from '../../runtime/eval/results.js';
import { folder, root, warpfold } from './command.js';

const bookworm = join(root, 'examples', 'bookworm');
const small = (more: readonly string[], cwd: string) =>
  warpfold(['eval', '--model', bookworm, '--task', 'passkey,ppl', '--lengths', '600', '--cases', '1', '--predict', '16', '--methods', 'full,parallelcomp:chunkTokens=400,keepChunks=1', '--device', 'cpu', '--out', 'run.json', ...more], cwd);

describe('warpfold eval', () => {
  test('judges a model, writes results, page and pictures, goes on where it stopped, and reads results again', () => {
    const cwd = folder();
    const first = small(['--report', 'run.html', '--svg', 'pictures'], cwd);
    expect(first.stderr).toMatch(/^running on .*\nfull, Pass key, 600: 100 % \(1 case, [\d.]+ m?s each\)\nfull, Perplexity, 600: .*\nparallelcomp:.*\nparallelcomp:.*\nwrote run\.html\nwrote pictures\/accuracy-passkey\.svg\n/);
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^Pass key\nmethod +600\nPlain attention +100 %\nParallelComp \(chunkTokens 400, keepChunks 1\) +100 %\n\nPerplexity\nmethod +600\nPlain attention +[\d.]+\nParallelComp .* +[\d.]+\n$/)]);
    const text = readFileSync(join(cwd, 'run.json'), 'utf8');
    const results = parseResults(text, 'run.json');
    expect(results.cases.map((c) => [c.method, c.task, c.kind === 'answer' ? c.tokens : c.kind === 'perplexity' ? c.tokens + 1 : 0])).toEqual([
      ['full', 'passkey', 600 - 1 - 8], ['full', 'ppl', 600], ['parallelcomp:chunkTokens=400,keepChunks=1', 'passkey', 600 - 1 - 8], ['parallelcomp:chunkTokens=400,keepChunks=1', 'ppl', 600],
    ]);
    expect(results.run.command).toBe(`warpfold eval --model ${bookworm} --task passkey,ppl --lengths 600 --cases 1 --predict 16 --methods full,parallelcomp:chunkTokens=400,keepChunks=1 --device cpu --out run.json --report run.html --svg pictures`);
    expect([existsSync(join(cwd, 'run.json.cases.jsonl')), readdirSync(join(cwd, 'pictures')).length]).toEqual([false, 5]);

    // As if the process had died in the middle of the third case's line.
    const { aggregates: _, cases, ...header } = results;
    writeFileSync(join(cwd, 'again.json.cases.jsonl'), `${[header, ...cases.slice(0, 2)].map((line) => JSON.stringify(line)).join('\n')}\n{"kind":"ans`);
    const again = small(['--out', 'again.json'], cwd);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('2 of 4 cases are done already, in again.json\n')]);
    // Times and memory differ; a model computes the same.
    const said = (t: string) => parseResults(t, '').cases.map((c) => [c.kind, c.kind === 'answer' ? c.answer : c.kind === 'perplexity' ? c.nll : c.message]);
    expect(said(readFileSync(join(cwd, 'again.json'), 'utf8'))).toEqual(said(text));

    const read = warpfold(['eval', '--from', 'run.json', '--report', 'second.html'], cwd);
    expect(read).toEqual({ code: 0, stdout: first.stdout, stderr: 'wrote second.html\n' });
    expect(readFileSync(join(cwd, 'second.html'), 'utf8')).toBe(readFileSync(join(cwd, 'run.html'), 'utf8'));

    const other = small(['--seed', '2'], cwd);
    expect([other.code, other.stderr.split('\n').at(-2)]).toEqual([1, 'error R605: run.json: a run with other settings is there: settings.seed was 1 and is 2; name another file with --out, or add --replace']);
  });

  test('--dry-run says how much there is to read, and writes nothing', () => {
    const cwd = folder();
    const { code, stdout, stderr } = small(['--dry-run'], cwd);
    expect([code, stderr, readdirSync(cwd)]).toEqual([0, '', []]);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual(['method', 'full', 'parallelcomp:chunkTokens=400,keepChunks=1', 'all', '']);
    expect(stdout).toMatch(/^full +600 +2 +1,200 +0\.0\d+$/m);
  });

  test('files of LongBench and InfiniteBench are judged by their own metrics', () => {
    const fact = 'It was a fine day. The pass key is 14177. Remember it. 14177 is the pass key. They walked on.';
    const cwd = folder({
      'passkey.jsonl': `${JSON.stringify({ id: 0, context: fact, input: 'What is the pass key?', answer: '14177' })}\n`,
      'mine.jsonl': `${JSON.stringify({ input: 'What is the pass key?', context: fact, answers: ['14177'], length: 20, dataset: 'hotpotqa', language: 'en', all_classes: null, _id: 'a' })}\n`,
      'words.json': JSON.stringify({ datasets: { hotpotqa: { before: '{context}', question: '\nQuestion: {input}\nAnswer: The pass key is', maxTokens: 6 } } }),
    });
    const { code, stdout } = warpfold(['eval', '--model', bookworm, '--data', 'passkey.jsonl', 'mine.jsonl', '--template', 'words.json', '--methods', 'full', '--device', 'cpu'], cwd);
    expect([code, stdout.split('\n')[1]]).toEqual([0, 'method           passkey  hotpotqa']);
    expect(parseResults(readFileSync(join(cwd, 'eval-results.json'), 'utf8'), '').cases).toMatchObject([{ task: 'passkey', expected: ['14177'] }, { task: 'hotpotqa', answer: expect.stringContaining('14177') as string, score: 1 }]);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['no model', [], 1, /^error: nothing to evaluate; name a model directory with --model, or a results file with --from\n$/],
    ['an unknown task', ['--model', bookworm, '--task', 'passkeys'], 1, /^error: there is no task 'passkeys'; there are passkey, number, niah_single, .*, kv, ppl, and files with --data\n$/],
    ['a length that is none', ['--model', bookworm, '--lengths', '4kb'], 2, /'4kb' is no length; write tokens, as in 900 or 4k\./],
    ['a length too short', ['--model', bookworm, '--task', 'passkey', '--lengths', '40'], 1, /^error R601: .* tokens of document do not hold what is to be hidden in it, \d+ tokens, and some text around it; choose a longer length\n$/],
    ['a chat with a model that has no template', ['--model', bookworm, '--task', 'passkey', '--chat'], 1, /^error R602: .*bookworm: the model has no chat template to word questions by; leave --chat out, or put a chat_template\.jinja into the directory\n$/],
    ['no case', ['--model', bookworm, '--cases', '0'], 1, /^error R606: cases is 0, it must be a whole number from 1; give 1 or more\n$/],
    ['an unknown method', ['--model', bookworm, '--methods', 'ful'], 1, /^error R604: ful: there is no method 'ful'; name some of full,/],
    ['a haystack that is not there', ['--model', bookworm, '--haystack', 'absent.txt'], 1, /^error R405: absent\.txt: the haystack cannot be read; give the path of a text file, 'novel' or 'noise'\n$/],
    ['results that are not there', ['--from', 'absent.json'], 1, /^error: ENOENT.*absent\.json/],
  ])('%s is refused in one sentence', (_, args, code, message) => {
    const ended = warpfold(['eval', ...args], folder());
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(message);
  });
});
