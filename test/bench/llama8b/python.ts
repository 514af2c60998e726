import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../gpu/open.js';

/** An object that peers.py printed. */
export type Line = Readonly<Record<string, unknown>>;
/** What peers.py printed, an object a line, and how it ended unless well; or why it printed nothing. */
export type Said = { readonly kind: 'said'; readonly lines: readonly Line[]; readonly ended: string | undefined } | { readonly kind: 'failed'; readonly why: string };

/** Runs a job of peers.py, telling `each` of a line as it comes. What it has to say beside its results goes to stderr. */
export async function python({ python: command }: { readonly python: string }, job: string, settings: Readonly<Record<string, unknown>>, files: Readonly<Record<string, Uint8Array>> = {}, each: (line: Line) => void = () => {}): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const child = spawn(command, [join(root, 'test/bench/llama8b/peers.py'), job, JSON.stringify({ ...settings, folder })], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<string | undefined>((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (status) => resolve(status === 0 ? undefined : `${command} ended with ${status}`));
    });
    const lines: Line[] = [];
    for await (const text of createInterface(child.stdout)) {
      // peers.py prints JSON alone.
      if (!text.startsWith('{')) continue;
      const line = JSON.parse(text) as Line;
      lines.push(line);
      each(line);
    }
    const why = await ended;
    return why === undefined || lines.length > 0 ? { kind: 'said', lines, ended: why } : { kind: 'failed', why };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a job printed that prints one line. Throws where it did not. */
export function onlyLine(said: Said): Line {
  const [line] = said.kind === 'said' ? said.lines : [];
  if (line === undefined) throw new Error(said.kind === 'failed' ? said.why : 'peers.py printed nothing');
  return line;
}
