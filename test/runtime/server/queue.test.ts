import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Turn } from '../../../runtime/queue.js';
import { createQueue } from '../../../runtime/server/queue.js';

const never = new AbortController().signal;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const action = fc.oneof(fc.constant({ kind: 'come' } as const), fc.constant({ kind: 'leave' } as const), fc.record({ kind: fc.constant('abort' as const), who: fc.nat(20) }));

describe('the queue', () => {
  test.prop([fc.array(action, { maxLength: 40 }), fc.integer({ min: 0, max: 5 })])('lets one in at a time, in order of arrival, and holds no more than its limit', async (actions, limit) => {
    const queue = createQueue(limit);
    const controllers: AbortController[] = [];
    const entered: number[] = [];
    const outcomes: string[] = [];
    let turn: Turn | undefined;
    /** What should be, by the simplest means. */
    let model: { running: number | undefined; waiting: number[] } = { running: undefined, waiting: [] };
    const expected: number[] = [];
    const start = (who: number): void => { model = { ...model, running: who }; expected.push(who); };
    for (const action of actions) {
      if (action.kind === 'come') {
        const who = controllers.length;
        const controller = new AbortController();
        controllers.push(controller);
        queue.enter(controller.signal).then((t) => { turn = t; entered.push(who); outcomes[who] = 'in'; }, (e: { readonly status?: number }) => { outcomes[who] = e.status === 429 ? 'full' : 'gone'; });
        if (model.running === undefined) start(who);
        else if (model.waiting.length < limit) model.waiting.push(who);
        else model = { ...model };
      } else if (action.kind === 'leave') {
        turn?.[Symbol.dispose]();
        turn = undefined;
        if (model.running !== undefined) {
          model = { ...model, running: undefined };
          const next = model.waiting.shift();
          if (next !== undefined) start(next);
        }
      } else {
        controllers[action.who]?.abort();
        model.waiting = model.waiting.filter((who) => who !== action.who);
      }
      await settled();
      expect({ entered, waiting: queue.waiting, running: queue.running }).toEqual({ entered: expected, waiting: model.waiting.length, running: model.running === undefined ? 0 : 1 });
    }
  });

  test('says how long to stay away, from how long turns took', async () => {
    let ms = 0;
    const queue = createQueue(1, () => ms);
    for (let i = 0; i < 30; i++) {
      const turn = await queue.enter(never);
      ms += 4000;
      turn[Symbol.dispose]();
    }
    await queue.enter(never);
    const second = queue.enter(never);
    await expect(queue.enter(never)).rejects.toMatchObject({ status: 429, code: 'queue_full', retryAfter: 8 });
    queue.close();
    await expect(second).rejects.toMatchObject({ status: 503, code: 'shutting_down' });
    await expect(queue.enter(never)).rejects.toMatchObject({ status: 503 });
  });

  test('a turn that is given back twice lets one in', async () => {
    const queue = createQueue(5);
    const first = await queue.enter(never);
    const others = [queue.enter(never), queue.enter(never)];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await settled();
    expect([queue.running, queue.waiting, others.length]).toEqual([1, 1, 2]);
  });
});
