import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, test as plain } from 'vitest';
import { build } from '../../codegen/build.js';
import { nativeIsa } from '../../codegen/commands/build.js';
import { compileFiles } from '../../codegen/compile.js';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
import { allColumns } from '../gpu/kernels/columns.js';
import { agrees } from '../kit/agrees.js';
import type { Case } from '../kit/call.js';
import { kernelEmulator } from '../kit/emulator.js';

// Sums per key over any number of causal rows: the second launch has a warpgroup's rows of keys and walks the queries.

const source = fileURLToPath(new URL('../gpu/kernels/columns.ts', import.meta.url));
const generated = fileURLToPath(new URL('../../build/test/columnsHopper', import.meta.url));
const { texts, manifest } = compileFiles([source], ['cpu', 'sm_80', 'sm_90a'], { only: ['allColumns'] });
for (const [path, text] of texts) {
  mkdirSync(dirname(join(generated, path)), { recursive: true });
  writeFileSync(join(generated, path), text);
}
const out = join(generated, 'kernels');
await build({ generated, out, isas: await nativeIsa() });
const built = { manifest, generated, out };
const devices: readonly Device[] = [openCpu({ manifest, kernelsDir: out }), await kernelEmulator(built), await kernelEmulator({ ...built, target: 'sm_90a' })];
afterAll(async () => { for (const device of devices) await device[Symbol.asyncDispose](); });

interface Drawn { readonly q: number; readonly k: number; readonly g: number; readonly r: number; readonly scale: number; readonly seed: number }
/** Rows that begin before the first key see nothing; more rows than 64 are long blocks' work. */
const drawn = fc.record<Drawn>({ q: fc.integer({ min: 65, max: 300 }), k: fc.integer({ min: 1, max: 420 }), g: fc.integer({ min: 1, max: 2 }), r: fc.integer({ min: 1, max: 2 }), scale: fc.constantFrom(0.125, -0.125, 0), seed: fc.nat(1e6) });
const caseOf = ({ q, k, g, r, scale, seed }: Drawn): Case => ({
  sizes: { b: 1, q, k, g, r, d: 64 }, seed, dtypes: { E: 'bf16' }, values: { q: { min: -1, max: 1 }, k: { min: -1, max: 1 }, v: { min: -1, max: 1 }, scale: { min: scale, max: scale } },
});

describe('allColumns', () => {
  plain('has products of warpgroups in both launches', () => {
    const launches = (manifest.kernels.allColumns?.variants ?? []).filter((v) => v.target === 'sm_90a' && v.serves === undefined).flatMap((v) => v.launches);
    expect(launches.map((l) => l.args.some((a) => a.kind === 'map'))).toEqual([true, true, true, true]);
  });
  test.prop([drawn], { numRuns: 6 })('means what its source says', async (c) => { await agrees(allColumns, { manifest, devices, ...caseOf(c) }); });
});
