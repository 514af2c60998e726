import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { brokenModel, root, warpfold } from './command.js';

interface Started { readonly process: ChildProcess; readonly line: string; readonly url: string; readonly stderr: Promise<string> }

/** The built command serving bookworm at a free port, stopped when the test ends. */
async function started(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'build/ts/codegen/cli.js'), 'serve', '--model', join(root, 'examples/bookworm'), '--device', 'cpu', '--port', '0', ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => { child.kill('SIGKILL'); });
  const stderr = text(child.stderr);
  const [first] = await once(createInterface(child.stdout), 'line');
  const line = String(first);
  return { process: child, line, url: / at (http:\S+)\/v1$/.exec(line)?.[1] ?? '', stderr };
}

const complete = (url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${url}/v1/completions`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

describe('warpfold serve', () => {
  test('says where it is, answers, tells of every answer, and ends when it is interrupted', async () => {
    const { process: child, line, url, stderr } = await started();
    expect(line).toMatch(/^serving bookworm at http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(await (await complete(url, { prompt: 'The road', max_tokens: 2 })).json()).toMatchObject({ model: 'bookworm', usage: { prompt_tokens: 2, completion_tokens: 2 } });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const lines = (await stderr).trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^running on .*, as asked for$/),
      expect.stringMatching(/^POST \/v1\/completions 200 \d+\.\d\d s {2}2 tokens read \(0 cached\), 2 written, full$/),
      'stopping; running requests have 30 s, interrupt again to end them now',
    ]);
  });

  test('takes its key from the environment and its defaults from options', async () => {
    const { url } = await started(['--name', 'worm', '--max-tokens', '3'], { WARPFOLD_API_KEY: 'sesame' });
    expect((await complete(url, { prompt: 'The road' })).status).toBe(401);
    const key = { Authorization: 'Bearer sesame' };
    expect(await (await complete(url, { model: 'worm', prompt: 'The road', max_tokens: 4 }, key)).json()).toMatchObject({ error: { message: 'max_tokens is 4, this server gives at most 3' } });
    expect(await (await complete(url, { model: 'worm', prompt: 'The road' }, key)).json()).toMatchObject({ usage: { completion_tokens: 3 } });
  });

  test('a second interrupt ends what still runs', async () => {
    const { process: child, url } = await started();
    const response = await complete(url, { prompt: 'The road', max_tokens: 500, stream: true, ignore_eos: true });
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    expect(await response.text()).toMatch(/data: \{"error":\{"message":"the server is shutting down"/);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['no model', [], 2, /required option '--model <dir>' not specified/],
    ['an impossible port', ['--model', '.', '--port', '70000'], 2, /It must be a port from 0 to 65535\./],
    ['an empty key', ['--model', '.', '--api-key', ''], 2, /It must not be empty\./],
    ['an unknown device', ['--model', '.', '--device', 'gpu'], 2, /It must be auto, cpu, cuda, or the number of a GPU\./],
    ['an impossible temperature', ['--model', '.', '--temperature', '3'], 2, /It must be a number from 0 to 2\./],
    ['a model that is not there', ['--model', 'nowhere'], 1, /^error R301: /],
    ['an address of another machine', ['--model', 'examples/bookworm', '--device', 'cpu', '--host', '192.0.2.1'], 1, /error R501: 192\.0\.2\.1:8080: the server cannot listen \(EADDRNOTAVAIL\); choose another --host/],
  ])('%s is refused', (_, args, code, message) => {
    const ended = warpfold(['serve', ...args]);
    expect(ended.stderr).toMatch(message);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  });

  test('a generation_config.json out of range is named', () => {
    const { code, stderr } = warpfold(['serve', '--model', brokenModel({ 'generation_config.json': '{"do_sample": true, "temperature": -1}' })]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error R302: .*generation_config\.json: temperature: /);
  });
});
