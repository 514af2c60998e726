import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FileIdentity } from './results.js';

/** What a file is: its name, size and the hash of all of it. */
export async function fileIdentity(path: string, signal?: AbortSignal): Promise<FileIdentity> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, signal === undefined ? {} : { signal });
  return { path: basename(path), bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** The files of a model directory that its answers follow from, by name. */
export async function modelFiles(dir: string, signal?: AbortSignal): Promise<FileIdentity[]> {
  const names = (await readdir(dir)).filter((name) => /^(config|tokenizer|tokenizer_config)\.json$|\.safetensors(\.index\.json)?$/.test(name)).sort();
  const files: FileIdentity[] = [];
  for (const name of names) files.push(await fileIdentity(join(dir, name), signal));
  return files;
}

/** The hash of a text. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');
