import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll } from 'vitest';
import { compileFiles } from '../../codegen/compile.js';
import * as chunkAttention from '../../runtime/kernels/chunkAttention.js';
import { agrees } from '../kit/agrees.js';
import { kernelEmulator } from '../kit/emulator.js';

// Parts of a packed axis lie behind each other in memory: boxes bring what follows a part with it, and it must not be told.

const root = fileURLToPath(new URL('../..', import.meta.url));
const generated = join(root, 'build/test/packedParts');
const { texts, manifest } = compileFiles([join(root, 'runtime/kernels/chunkAttention.ts')], ['sm_90a']);
for (const [path, text] of texts) {
  mkdirSync(dirname(join(generated, path)), { recursive: true });
  writeFileSync(join(generated, path), text);
}
const device = await kernelEmulator({ manifest, generated, out: join(generated, 'kernels'), target: 'sm_90a' });
afterAll(() => device[Symbol.asyncDispose]());

test.prop([fc.constantFrom(1, 17, 50, 129), fc.nat(1e6)], { numRuns: 4 })('what lies in memory behind a part never reaches its results, whatever it is', async (rows, seed) => {
  const behind = seed % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
  const numbers = (salt: number) => (at: Readonly<Record<string, number>>): number => ((at['k'] ?? 0) < rows ? Math.sin(salt + 3 * (at['k'] ?? 0) + (at['d'] ?? 0)) : behind);
  await agrees(chunkAttention.chunkAttention, { manifest, devices: [device], sizes: { q: [Math.min(rows, 9)], k: [rows], g: 1, r: 2, d: 64 }, seed, dtypes: { E: 'bf16' }, inputs: { k: numbers(0), v: numbers(1), scale: 0.125 }, outside: [0, 90] });
});
