import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';

/** What an example prints. Examples do their work when they are imported. */
async function printed(name: string): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: readonly unknown[]) => { lines.push(words.join(' ')); });
  await import(`../../examples/${name}.ts`);
  return lines.join('\n');
}
afterEach(() => vi.restoreAllMocks());

describe('every example runs and prints what it promises', () => {
  test('softmax', async () => expect(await printed('softmax')).toBe('axes q, k shape 2 × 3\n0.1667 0.3333 0.5000 0.3333 0.3333 0.3333'));
  test('matmul', async () => expect(await printed('matmul')).toBe('f32  0.7311 2.3104 -0.0335 2.8577 4.4506 -0.2689\nbf16 0.7305 2.3125 -0.0334 2.8594 4.4375 -0.2695'));
  test('attention', async () => expect(await printed('attention')).toBe('axes of o: q, g, r, d\nmeans of 0…q: 0.00 0.50 1.00 1.50\nlse − 8 = log(q + 1): 0.0000 0.6931 1.0986 1.3863'));
  test('scoreMod', async () => expect(await printed('scoreMod')).toBe('weight of key 2 in rows 0…5: 0.0000 0.0000 0.5714 0.2667 0.1333 0.0667'));
  test('eviction', async () => expect(await printed('eviction')).toBe('head 0 keeps 2 3 4 5 · head 1 keeps 0 1 6 7\naxes g, n, d · the rows kept for head 1 hold 0 1 6 7'));
  test('longContext', async () => expect(await printed('longContext')).toMatch(/^44\d\d tokens for a model with a window of 1024; the answer is 58203\nread 5 chunks\nkept chunks \d and \d; 44\d\d tokens of context\nanswered: 58203/), 120_000);
  test('demo', async () => {
    const said = await printed('demo');
    expect(said).toMatch(/plain attention +✗/);
    expect(said).toMatch(/ParallelComp +✓ "14177/);
    expect(said).toMatch(/kept {2}← the fact is here/);
  }, 300_000);
});

describe('an example is short', () => {
  test.each(['softmax', 'matmul', 'attention', 'scoreMod', 'eviction', 'longContext', 'demo'])('%s has at most 80 lines', (name) => {
    expect(readFileSync(new URL(`../../examples/${name}.ts`, import.meta.url), 'utf8').split('\n').length).toBeLessThanOrEqual(81);
  });
});
