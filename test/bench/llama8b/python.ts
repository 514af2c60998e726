import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../gpu/open.js';

/** What peers.py printed, an object a line, or why it printed nothing. */
export type Said = { readonly kind: 'said'; readonly lines: readonly Readonly<Record<string, unknown>>[] } | { readonly kind: 'failed'; readonly why: string };

/** Runs a job of peers.py. What it has to say beside its results goes to stderr as it comes. */
export function python({ python: command }: { readonly python: string }, job: string, settings: Readonly<Record<string, unknown>>, files: Readonly<Record<string, Uint8Array>> = {}): Said {
  const folder = mkdtempSync(join(tmpdir(), 'warpfold-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const { status, stdout, error } = spawnSync(command, [join(root, 'test/bench/llama8b/peers.py'), job, JSON.stringify({ ...settings, folder })], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
    // peers.py prints JSON alone.
    const lines = (stdout ?? '').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    return status === 0 || lines.length > 0 ? { kind: 'said', lines } : { kind: 'failed', why: error?.message ?? `${command} ended with ${status}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a job printed that prints one line. Throws where it did not. */
export function onlyLine(said: Said): Readonly<Record<string, unknown>> {
  const [line] = said.kind === 'said' ? said.lines : [];
  if (line === undefined) throw new Error(said.kind === 'failed' ? said.why : 'peers.py printed nothing');
  return line;
}
