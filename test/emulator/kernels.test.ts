import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import type { Kernel } from '../../dsl/index.js';
import type { KernelEntry, Manifest, Variant } from '../../dsl/manifest.js';
import { manifest } from '../../kernels-generated/manifest.js';
import { agrees } from '../kit/agrees.js';
import { kernelEmulator } from '../kit/emulator.js';
import { casesOf, copiesBoxes, lined, valuesOf, needsManyRows } from './cases.js';

// Every kernel of the runtime as CUDA text, that for every GPU and that for Hopper, run lane by lane, against its own
// TypeScript: at tile edges, ragged lengths, every dtype and every variant's fixed sizes, under all policies.

const root = fileURLToPath(new URL('../..', import.meta.url));
const kernels: Manifest['kernels'] = manifest.kernels;
const sources = readdirSync(join(root, 'runtime/kernels')).filter((f) => f.endsWith('.ts'));
const modules = await Promise.all(sources.map((f) => import(join(root, 'runtime/kernels', f)) as Promise<Readonly<Record<string, Kernel<never>>>>));
const byName = new Map(modules.flatMap((m) => Object.values(m)).map((k) => [k.kernelName, k]));
const built = { manifest, generated: join(root, 'kernels-generated'), out: join(root, 'build/kernels') };
// An axis that blocks share is split for as many processors as there are: into parts of few steps, or not at all.
const [split, whole] = [await kernelEmulator(built), await kernelEmulator({ ...built, processors: 1 })];
const hopper = { ...built, target: 'sm_90a' } as const;
const [hopperSplit, hopperWhole] = [await kernelEmulator(hopper), await kernelEmulator({ ...hopper, processors: 1 })];
afterAll(async () => { for (const device of [split, whole, hopperSplit, hopperWhole]) await device[Symbol.asyncDispose](); });

/** One for each choice of dtypes and fixed sizes that is compiled for CUDA; for Hopper those whose boxes are copied. */
interface Specialisation { readonly name: string; readonly entry: KernelEntry; readonly variant: Variant; readonly title: string }
const specialisations = Object.entries(kernels).flatMap(([name, entry]): readonly Specialisation[] => {
  const all = entry.variants.filter((v) => v.target === 'sm_80' || copiesBoxes(v)).map((variant) => ({ name, entry, variant, title: [name, variant.target, ...Object.values(variant.dtypes), ...Object.entries(variant.fixed).map(([a, n]) => `${a} ${n}`)].join(' ') }));
  return [...new Map(all.map((s) => [s.title, s])).values()];
});

test('every kernel of the manifest has its source', () => { expect(Object.keys(kernels).filter((name) => !byName.has(name))).toEqual([]); });

test('some kernels are Hopper\'s own', () => { expect(specialisations.filter((s) => copiesBoxes(s.variant)).length).toBeGreaterThan(10); });

describe.each(specialisations)('$title', ({ name, entry, variant: { target, dtypes, fixed, launches } }) => {
  const kernel = byName.get(name);
  test.prop([casesOf(name, entry, fixed), fc.nat(1e6)], { numRuns: target === 'sm_80' && !needsManyRows(entry) ? 8 : 3 })('means what its source says', async (drawn, seed) => {
    if (kernel === undefined) throw new Error(`no source has '${name}'`);
    const sizes = lined(drawn, launches);
    const devices = target === 'sm_80' ? [seed % 2 === 0 ? split : whole] : [seed % 2 === 0 ? hopperSplit : hopperWhole];
    await agrees(kernel, { manifest, devices, sizes, seed, dtypes, values: valuesOf(entry, sizes, seed), outside: [seed % 3, seed % 4] });
  });
});
