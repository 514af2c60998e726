import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** How the built command ended and what it said. */
export interface Ended { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs the built command in `cwd`; its cache of compiled kernels is kept apart from the user's. */
export function warpfold(args: readonly string[], cwd: string = root): Ended {
  const env = { ...process.env, XDG_CACHE_HOME: join(root, 'build', 'cache'), FORCE_COLOR: '0' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'build', 'ts', 'codegen', 'cli.js'), ...args], { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** A folder with these files, removed when the test ends. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'warpfold-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, data] of Object.entries(files)) writeFileSync(join(path, name), data);
  return path;
}

/** bookworm with some files replaced, or taken away where the text is undefined. */
export function brokenModel(files: Readonly<Record<string, string | Uint8Array | undefined>>): string {
  const path = folder();
  const whole = join(root, 'examples', 'bookworm');
  for (const name of readdirSync(whole)) if (!(name in files)) symlinkSync(join(whole, name), join(path, name));
  for (const [name, data] of Object.entries(files)) if (data !== undefined) writeFileSync(join(path, name), data);
  return path;
}
