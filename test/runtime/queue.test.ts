import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { lifetime } from '../../runtime/lifetime.js';
import { queue } from '../../runtime/queue.js';

const tick = async (): Promise<void> => { await new Promise((resolve) => setImmediate(resolve)); };

describe('a queue', () => {
  // What each caller does: stay for its turn, or leave before it.
  test.prop([fc.array(fc.boolean(), { maxLength: 12 })])('lets callers in one at a time, in the order in which they came, without those who left', async (leaves) => {
    const turns = queue();
    const first = await turns.enter();
    const served: number[] = [];
    let inside = 0;
    const controllers = leaves.map(() => new AbortController());
    const callers = leaves.map(async (_, i) => {
      using _turn = await turns.enter(controllers[i]?.signal);
      inside++;
      expect(inside).toBe(1);
      await tick();
      served.push(i);
      inside--;
    });
    expect(turns.waiting).toBe(leaves.length);
    leaves.forEach((isLeaving, i) => { if (isLeaving) controllers[i]?.abort(new Error(`caller ${i} left`)); });
    first[Symbol.dispose]();
    const outcomes = await Promise.allSettled(callers);
    expect(outcomes.map((o) => (o.status === 'rejected' ? String(o.reason) : undefined))).toEqual(leaves.map((isLeaving, i) => (isLeaving ? `Error: caller ${i} left` : undefined)));
    expect(served).toEqual([...leaves.keys()].filter((i) => leaves[i] === false));
    expect(turns.waiting).toBe(0);
    using _last = await turns.enter();
  });

  example('a turn given back twice lets one in', async () => {
    const turns = queue();
    const first = await turns.enter();
    const [second, third] = [turns.enter(), turns.enter()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await second;
    expect(turns.waiting).toBe(1);
    (await second)[Symbol.dispose]();
    await third;
  });
});

describe('a lifetime', () => {
  async function* numbers(freed: string[]): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      freed.push('freed');
    }
  }

  example('ends events that nobody asks for, and whoever asks then hears why', async () => {
    const freed: string[] = [];
    const life = lifetime('the thing was disposed', 'make another');
    const events = life.events(numbers(freed));
    await events.next();
    await life.end();
    expect(freed).toEqual(['freed']);
    await expect(events.next()).rejects.toMatchObject({ code: 'R408', message: 'the thing was disposed; make another' });
    await expect(life.events(numbers(freed)).next()).rejects.toMatchObject({ code: 'R408' });
    expect(() => life.check()).toThrow('the thing was disposed');
  });

  example('within another one ends with it, for its reason', async () => {
    const freed: string[] = [];
    const outer = lifetime('the model was disposed', 'load it again');
    const inner = lifetime('the document was disposed', 'prefill it again', outer);
    const events = inner.events(numbers(freed));
    await events.next();
    using linked = inner.linked();
    await outer.end();
    expect(linked.signal.reason).toMatchObject({ message: 'the model was disposed; load it again' });
    await expect(events.next()).rejects.toThrow('the model was disposed');
    expect(freed).toEqual(['freed']);
  });

  example('takes any number of requests under one signal without a warning, and forgets them', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => { warnings.push(warning); };
    process.on('warning', onWarning);
    const life = lifetime('the thing was disposed', 'make another');
    const { signal } = new AbortController();
    const linked = Array.from({ length: 30 }, () => life.linked(signal));
    for (const link of linked) link[Symbol.dispose]();
    await tick();
    await tick();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    await life.end();
    expect(linked.map((link) => link.signal.aborted)).toEqual(linked.map(() => false));
  });

  example('waits for what runs, and forgets what is over', async () => {
    const life = lifetime('the thing was disposed', 'make another');
    let finish: () => void = () => {};
    const work = life.during(new Promise<void>((resolve) => { finish = resolve; }));
    let hasEnded = false;
    const ended = life.end().then(() => { hasEnded = true; });
    await tick();
    expect(hasEnded).toBe(false);
    finish();
    await Promise.all([work, ended]);
  });
});
