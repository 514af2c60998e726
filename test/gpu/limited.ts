import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How a command is run: for so many seconds at most, with all that it says going to `log`. */
export interface Limited { readonly seconds: number; readonly log: string; readonly cwd: string; readonly env: Readonly<Record<string, string>> }

/** The exit code of a command, 127 where there is none; undefined where its time was up. What it has started ends with it. */
export function runCommand([command = '', ...args]: readonly string[], { seconds, log, cwd, env }: Limited): Promise<number | undefined> {
  const file = openSync(log, 'w');
  return new Promise((resolve) => {
    // A group of its own: a signal to it reaches what the command has started.
    const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', file, file], env: { ...process.env, ...env } });
    let isUp = false;
    const timer = setTimeout(() => {
      isUp = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, 1000 * Math.max(0, seconds));
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      closeSync(file);
      resolve(code);
    };
    child.once('error', () => end(127));
    child.once('close', (code) => end(isUp ? undefined : code ?? 1));
  });
}
