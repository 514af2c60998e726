import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { listenFake, until } from './listening.js';

describe('many requests', () => {
  test('wait in order; those beyond the limit are told when to come again', async () => {
    const { post, model: fake, server, waiting } = await listenFake({ queue: 2 }, { tokenMs: 500, answer: () => ['yes'] });
    const sent = [post('/v1/completions', { prompt: 'a' })];
    await until(() => fake.busy === 1, 'the first works');
    for (const [i, prompt] of ['b', 'c'].entries()) {
      sent.push(post('/v1/completions', { prompt }));
      await waiting(i + 1);
    }
    sent.push(post('/v1/completions', { prompt: 'd' }));
    const responses = await Promise.all(sent);
    expect(responses.map((r) => r.status)).toEqual([200, 200, 200, 429]);
    expect(responses[3]?.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(await responses[3]?.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'queue_full' } });
    expect(fake.calls.map((c) => c.kind === 'generate' && c.request.question)).toEqual(['a', 'b', 'c']);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

/** Bytes of the heap that something still holds. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

describe('a request that is over', () => {
  // Each brings 10,000 characters; what a list or a listener would keep of one shows, what the client and the engine settle does not.
  test('leaves nothing of its text behind, however it ended', async () => {
    const { post, model: fake, log } = await listenFake();
    const pad = 'x'.repeat(10_000);
    const kinds = [{ prompt: pad }, { prompt: pad, stream: true }, { prompt: pad, n: 2 }, { prompt: 'key?', parallelcomp: { contexts: pad.replaceAll('xx', 'x ') } }];
    const round = async (): Promise<void> => {
      for (let i = 0; i < 300; i += 50) await Promise.all(Array.from({ length: 50 }, async (_, k) => (await post('/v1/completions', { user: `${i + k}`, ...kinds[k % kinds.length] })).text()));
      fake.calls.length = 0;
      log.length = 0;
    };
    await round();
    const before = await heldBytes();
    await round();
    await round();
    expect((await heldBytes() - before) / 600).toBeLessThan(4096);
  });
});

describe('a server that stops', () => {
  test('lets what runs come to its end, turns away what waits and what comes', async () => {
    const { post, model: fake, server, waiting } = await listenFake({}, { tokenMs: 300 });
    const running = post('/v1/completions', { prompt: 'a', stream: true }).then((r) => r.text());
    await until(() => fake.busy === 1, 'the first works');
    const next = post('/v1/completions', { prompt: 'b' });
    await waiting(1);
    const closed = server.close(10_000);
    expect([(await next).status, await (await next).json()]).toMatchObject([503, { error: { code: 'shutting_down' } }]);
    expect(await running).toMatch(/data: \[DONE\]\n\n$/);
    await closed;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  test('ends what still runs when its time is over, with an error the client sees', async () => {
    const { post, model: fake, server } = await listenFake({}, { tokenMs: 20, answer: () => Array.from({ length: 32 }, () => ' on') });
    const running = post('/v1/completions', { prompt: 'a', stream: true, max_tokens: 32 }).then((r) => r.text());
    await until(() => fake.busy === 1, 'the first works');
    await server.close(60);
    expect(await running).toMatch(/data: \{"error":\{"message":"the server is shutting down"/);
    expect(fake.busy).toBe(0);
  });

  test('frees the documents it kept', async () => {
    const { post, model: fake, server } = await listenFake();
    await post('/v1/completions', { prompt: 'a', parallelcomp: { contexts: 'word '.repeat(100) } });
    expect(fake.openDocuments).toBe(1);
    await server.close();
    expect(fake.openDocuments).toBe(0);
  });
});
