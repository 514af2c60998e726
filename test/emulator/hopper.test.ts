import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { compileFiles } from '../../codegen/compile.js';
import type { Kernel } from '../../dsl/index.js';
import * as chunkAttention from '../../runtime/kernels/chunkAttention.js';
import * as linear from '../../runtime/kernels/linear.js';
import { agrees } from '../kit/agrees.js';
import { kernelEmulator } from '../kit/emulator.js';
import { casesOf, lined, valuesOf } from './cases.js';

// What Hopper's own text means: kernels that send boxes and multiply by warpgroups, run lane by lane against their own
// TypeScript, at the edges of tiles, under all policies.

const root = fileURLToPath(new URL('../..', import.meta.url));
const kernels: Readonly<Record<string, Kernel<never>>> = { ...linear, ...chunkAttention };
const generated = join(root, 'build/test/hopper');
const { texts, manifest } = compileFiles(['linear', 'chunkAttention'].map((f) => join(root, 'runtime/kernels', `${f}.ts`)), ['sm_90a']);
for (const [path, text] of texts) {
  mkdirSync(dirname(join(generated, path)), { recursive: true });
  writeFileSync(join(generated, path), text);
}
const device = await kernelEmulator({ manifest, generated, out: join(generated, 'kernels'), target: 'sm_90a' });
afterAll(() => device[Symbol.asyncDispose]());

const specialisations = Object.entries(manifest.kernels).flatMap(([name, entry]) =>
  entry.variants.filter((v) => v.launches.some((l) => l.args.some((a) => a.kind === 'map'))).map((variant) => ({ name, entry, variant, title: `${name} ${variant.variant}` })));

test('some kernels copy boxes', () => { expect(new Set(specialisations.map((s) => s.name))).toEqual(new Set(['linear', 'chunkAttention'])); });

describe.each(specialisations)('$title', ({ name, entry, variant }) => {
  const kernel = kernels[name];
  test.prop([casesOf(name, entry, variant.fixed), fc.nat(1e6)], { numRuns: 8 })('means what its source says', async (drawn, seed) => {
    if (kernel === undefined) throw new Error(`no source has '${name}'`);
    const sizes = lined(drawn, variant);
    await agrees(kernel, { manifest, devices: [device], sizes, seed, dtypes: variant.dtypes, values: valuesOf(entry, sizes, seed), outside: [seed % 3, seed % 4] });
  });
});
