import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the kernel and the loop that the README shows are those of examples/attention.ts', () => {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('./readme.mjs', import.meta.url)), '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
