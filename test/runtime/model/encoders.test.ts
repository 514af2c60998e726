import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, expect, test } from 'vitest';
import { encodeLong, encodeSoon } from '../../../runtime/model/encodeLong.js';
import { encoders } from '../../../runtime/model/encoders.js';
import { readTokenizer } from '../../../runtime/model/tokenizer.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bookworm = join(root, 'examples/bookworm');
const novel = readFileSync(join(root, 'examples/texts/sherlock-holmes.txt'), 'utf8');
const tokenizer = await readTokenizer(bookworm);
const threads = encoders(bookworm, 2);
afterAll(() => threads[Symbol.asyncDispose]());

property.prop([fc.nat(novel.length), fc.nat(60_000), fc.integer({ min: 200, max: 5000 })], { numRuns: 8 })('a text that is cut into pieces for other threads has the ids of the whole', async (from, length, size) => {
  const text = `${novel.slice(from, from + length)} naïve “cafés” 🙂 1812`;
  expect(await encodeLong({ ...tokenizer, encodeApart: threads.encode }, text, undefined, size)).toEqual(tokenizer.encode(text));
});

test('a signal is heard between pieces', async () => {
  const controller = new AbortController();
  let pieces = 0;
  const encodeApart = async (text: string): Promise<Int32Array> => {
    if (++pieces === 3) controller.abort(new Error('enough'));
    return await threads.encode(text);
  };
  await expect(encodeLong({ ...tokenizer, encodeApart }, novel.slice(0, 50_000), controller.signal, 4000)).rejects.toThrow('enough');
});

test('where threads fail or are ended, the caller encodes', async () => {
  const broken = encoders(join(bookworm, 'absent'), 2);
  const text = novel.slice(0, 20_000);
  expect(await encodeLong({ ...tokenizer, encodeApart: broken.encode }, text, undefined, 4000)).toEqual(tokenizer.encode(text));
  await expect(broken.encode('any')).rejects.toThrow();
  await broken[Symbol.asyncDispose]();
  const ended = encoders(bookworm, 1);
  const waiting = expect(ended.encode('any')).rejects.toThrow('were ended');
  await ended[Symbol.asyncDispose]();
  await waiting;
});

test('while threads start, the caller encodes what waits for them', async () => {
  const cold = encoders(bookworm, 1);
  const here: string[] = [];
  const encode = (text: string): readonly number[] => { here.push(text); return tokenizer.encode(text); };
  expect(cold.help(encode)).toBe(false);
  const pieces = [novel.slice(0, 3000), novel.slice(3000, 6000)];
  const all = pieces.map((text) => cold.encode(text));
  expect([cold.help(encode), cold.help(encode), cold.help(encode)]).toEqual([true, true, false]);
  expect(here).toEqual(pieces.toReversed());
  expect((await Promise.all(all)).map((ids) => [...ids])).toEqual(pieces.map((text) => tokenizer.encode(text)));
  // Now that it is there, the thread takes them itself.
  await expect.poll(async () => { const ids = cold.encode(pieces[0] ?? ''); const helped = cold.help(encode); await ids; return helped; }).toBe(false);
  const text = novel.slice(0, 40_000);
  const fresh = encoders(bookworm, 1);
  expect(await encodeLong({ ...tokenizer, encodeApart: fresh.encode, encodeWaiting: () => fresh.help(tokenizer.encode) }, text, undefined, 4000)).toEqual(tokenizer.encode(text));
  await cold[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

test('threads that were started ahead encode alike, whatever their tokenizer has fewer of than they try', async () => {
  const ahead = encoders(bookworm, 1);
  ahead.start();
  const text = novel.slice(0, 5000);
  expect([...await ahead.encode(text)]).toEqual(tokenizer.encode(text));
  await ahead[Symbol.asyncDispose]();
});

test('idle threads keep no process alive, working ones do', () => {
  const script = `import { encoders } from ${JSON.stringify(join(root, 'build/ts/runtime/model/encoders.js'))};
    const e = encoders(${JSON.stringify(bookworm)}, 2);
    console.log((await e.encode('It was a fine day.')).length);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 30_000 });
  expect([status, stdout, stderr]).toEqual([0, `${tokenizer.encode('It was a fine day.').length}\n`, '']);
});

property.prop([fc.nat(100_000), fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 200, max: 5000 })], { numRuns: 8 })('texts told of before are cut before they are asked for, each piece once', async (from, length, size) => {
  const text = novel.slice(from, from + length);
  const asked: string[] = [];
  const encodeApart = encodeSoon(tokenizer, async (piece) => { asked.push(piece); return await threads.encode(piece); }, [text, text], size);
  const before = asked.length;
  expect(asked.join('')).toBe(length > size ? text : '');
  expect(await encodeLong({ ...tokenizer, encodeApart }, text, undefined, size)).toEqual(tokenizer.encode(text));
  expect(asked.length).toBe(before);
});

test('a failure ahead of time is heard by whoever asks, and by nobody else', async () => {
  const broken = encoders(join(bookworm, 'absent'), 1);
  const encodeApart = encodeSoon(tokenizer, broken.encode, [novel.slice(0, 20_000)], 4000);
  await expect(broken.encode('any')).rejects.toThrow();
  expect(await encodeLong({ ...tokenizer, encodeApart }, novel.slice(0, 20_000), undefined, 4000)).toEqual(tokenizer.encode(novel.slice(0, 20_000)));
  await broken[Symbol.asyncDispose]();
});
