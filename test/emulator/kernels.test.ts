import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import type { DType } from '../../dsl/dtype.js';
import type { Kernel } from '../../dsl/index.js';
import type { KernelEntry, Manifest } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { agrees } from '../kit/agrees.js';
import { kernelEmulator } from '../kit/emulator.js';
import { casesOf, valuesOf } from './cases.js';

// Every kernel of the runtime as CUDA text, run lane by lane, against its own TypeScript: at tile edges, ragged lengths,
// every dtype and every variant's fixed sizes, under all copy policies.

const root = fileURLToPath(new URL('../..', import.meta.url));
const kernels: Manifest['kernels'] = manifest.kernels;
const sources = readdirSync(join(root, 'runtime/kernels')).filter((f) => f.endsWith('.ts'));
const modules = await Promise.all(sources.map((f) => import(join(root, 'runtime/kernels', f)) as Promise<Readonly<Record<string, Kernel<never>>>>));
const byName = new Map(modules.flatMap((m) => Object.values(m)).map((k) => [k.kernelName, k]));
const built = { manifest, generated: join(root, 'kernels-generated'), out: join(root, 'build/kernels') };
// An axis that blocks share is split for as many processors as there are: into parts of few steps, or not at all.
const [split, whole] = [await kernelEmulator(built), await kernelEmulator({ ...built, processors: 1 })];
afterAll(async () => {
  await split[Symbol.asyncDispose]();
  await whole[Symbol.asyncDispose]();
});

/** One for each choice of dtypes and fixed sizes that is compiled for CUDA. */
interface Specialisation { readonly name: string; readonly entry: KernelEntry; readonly dtypes: Readonly<Record<string, DType>>; readonly fixed: Readonly<Record<string, number>>; readonly title: string }
const specialisations = Object.entries(kernels).flatMap(([name, entry]): readonly Specialisation[] => {
  const all = entry.variants.filter((v) => v.target === 'sm_80').map(({ dtypes, fixed }) => ({ name, entry, dtypes, fixed, title: [name, ...Object.values(dtypes), ...Object.entries(fixed).map(([a, n]) => `${a} ${n}`)].join(' ') }));
  return [...new Map(all.map((s) => [s.title, s])).values()];
});

test('every kernel of the manifest has its source', () => { expect(Object.keys(kernels).filter((name) => !byName.has(name))).toEqual([]); });

describe.each(specialisations)('$title', ({ name, entry, dtypes, fixed }) => {
  const kernel = byName.get(name);
  test.prop([casesOf(name, entry, fixed), fc.nat(1e6)], { numRuns: 8 })('means what its source says', async (sizes, seed) => {
    if (kernel === undefined) throw new Error(`no source has '${name}'`);
    await agrees(kernel, { manifest, devices: [seed % 2 === 0 ? split : whole], sizes, seed, dtypes, values: valuesOf(entry, sizes, seed), outside: [seed % 3, seed % 4] });
  });
});
