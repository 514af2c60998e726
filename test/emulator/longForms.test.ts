import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe } from 'vitest';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import { buildEmulator } from '../../codegen/emulator.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { openEmulator } from '../../runtime/emulator.js';
import { causalAttention } from '../../runtime/kernels/causalAttention.js';
import { chunkAttention } from '../../runtime/kernels/chunkAttention.js';
import { queryAttention } from '../../runtime/kernels/queryAttention.js';
import { agrees } from '../kit/agrees.js';
import { type Sizes, valuesOf } from './cases.js';

// Hopper's kernels for more rows than an emulator computes in good time, made to run on few: every warpgroup of a block has
// full windows, parts of one, and none, and all of them must meet where they wait for each other.

const root = fileURLToPath(new URL('../..', import.meta.url));
const longOnly = (entry: KernelEntry): KernelEntry => ({ ...entry, variants: entry.variants.filter((v) => v.target === 'sm_90a' && v.serves === undefined) });
const long: Manifest = { kernels: Object.fromEntries(Object.entries(manifest.kernels as Manifest['kernels']).map(([name, entry]) => [name, longOnly(entry)])) };
// Compiled whole, as for the tests of all kernels: their libraries are the same files.
const built = { generated: join(root, 'kernels-generated'), out: join(root, 'build/kernels'), target: 'sm_90a' } as const;
await buildEmulator({ ...built, manifest });
const device = openEmulator({ manifest: long, kernelsDir: built.out, target: built.target });
afterAll(() => device[Symbol.asyncDispose]());

/** Rows that fill a block or begin in it, and keys that are as many or a few more: of one sequence, or of parts of a ragged one. */
const lengths = fc.tuple(fc.integer({ min: 1, max: 210 }), fc.integer({ min: 0, max: 60 })).map(([q, more]) => [q, q + more] as const);
const sizesOf = (isRagged: boolean): fc.Arbitrary<Sizes> => fc.tuple(fc.array(lengths, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 2 })).map(([parts, r]) => {
  const [q, k] = [parts.map(([q]) => q), parts.map(([, k]) => k)];
  return { q: isRagged ? q : q[0] ?? 1, k: isRagged ? k : k[0] ?? 1, g: 1, r, d: 64 };
});

describe.each([causalAttention, chunkAttention, queryAttention].map((kernel) => ({ kernel, name: kernel.kernelName })))('$name for many rows', ({ kernel, name }) => {
  const entry = long.kernels[name];
  if (entry === undefined) throw new Error(`no kernel '${name}'`);
  test.prop([sizesOf(entry.sizes.q?.kind === 'ragged'), fc.nat(1e6)], { numRuns: 6 })('means what its source says on few', async (sizes, seed) => {
    await agrees(kernel, { manifest: long, devices: [device], sizes, seed, dtypes: { E: 'bf16' }, values: valuesOf(entry, sizes, seed) });
  });
});
