import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { madeOf } from './made.js';

// The index of the gallery, examples/README.md: a row's last three cells say what the compiler makes of the row's kernels.
// `node build/ts/test/examples/gallery/index.js` writes them as they are now.

/** A row whose first cell links a file of the gallery: what is written by hand, and that file. */
const rowOfFile = /^(\| \[[^\]]+\]\(([\w/]+\.ts)\) \|[^|]*\|[^|]*\|).*$/;

/** The files that an index has rows for. */
export const indexedFiles = (index: string): readonly string[] => index.split('\n').flatMap((line) => rowOfFile.exec(line)?.[2] ?? []);

/** The index with what becomes of its kernels now. */
export function withFacts(index: string): string {
  const made = madeOf(indexedFiles(index).map((f) => `examples/${f}`));
  return index.split('\n').map((line) => {
    const [, byHand, file] = rowOfFile.exec(line) ?? [];
    if (byHand === undefined) return line;
    const kernels = made.get(`examples/${file}`) ?? [];
    const cells = [kernels.map((k) => k.walks), kernels.map((k) => k.plans), kernels.map((k) => k.launches)];
    return `${byHand} ${cells.map((c) => c.join('<br>')).join(' | ')} |`;
  }).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = 'examples/README.md';
  writeFileSync(path, withFacts(readFileSync(path, 'utf8')));
}
