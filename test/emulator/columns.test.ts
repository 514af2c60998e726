import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import { build } from '../../codegen/build.js';
import { nativeIsa } from '../../codegen/commands/build.js';
import { compileFiles } from '../../codegen/compile.js';
import type { Kernel } from '../../dsl/index.js';
import type { KernelEntry } from '../../dsl/manifest.js';
import { openCpu } from '../../runtime/cpu.js';
import type { Device } from '../../runtime/device.js';
import * as windowed from '../codegen/stream/kernels/windowed.js';
import { fixture } from '../codegen/stream/programs.js';
import { agrees } from '../kit/agrees.js';
import { type Call, type Case, onDevice, prepare } from '../kit/call.js';
import { kernelEmulator } from '../kit/emulator.js';
import { mismatches } from '../kit/tolerance.js';

// Sums per key over one row, eight rows and any number, compiled for processor and CUDA: scores kept by the walk in the
// first two and in launches of few rows, multiplied again in all others, with keys shared among blocks and not.

const generated = fileURLToPath(new URL('../../build/test/columns', import.meta.url));
const { texts, manifest } = compileFiles([fixture('windowed')], ['cpu', 'sm_80']);
for (const [path, text] of texts) {
  mkdirSync(dirname(join(generated, path)), { recursive: true });
  writeFileSync(join(generated, path), text);
}
const out = join(generated, 'kernels');
await build({ generated, out, isas: await nativeIsa() });
const built = { manifest, generated, out };
const devices: readonly Device[] = [openCpu({ manifest, kernelsDir: out }), await kernelEmulator(built), await kernelEmulator({ ...built, processors: 1 })];
afterAll(async () => { for (const device of devices) await device[Symbol.asyncDispose](); });

const kernels: Readonly<Record<string, Kernel<never>>> = windowed;
const entryOf = (name: string): KernelEntry => {
  const entry = manifest.kernels[name];
  if (!entry) throw new Error(`no kernel '${name}'`);
  return entry;
};

interface Drawn { readonly w: number; readonly r: number; readonly k: number; readonly back: number; readonly ahead: number; readonly seed: number; readonly dtype: 'f32' | 'bf16' }
const drawn = fc.record<Drawn>({ w: fc.integer({ min: 1, max: 40 }), r: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 1, max: 200 }), back: fc.integer({ min: -2, max: 40 }), ahead: fc.integer({ min: -3, max: 220 }), seed: fc.nat(1e6), dtype: fc.constantFrom('f32', 'bf16') });
const d = 32;
const caseOf = ({ w, r, k, back, ahead, seed, dtype }: Drawn): Case => ({ sizes: { w, r, k, d }, seed, dtypes: { E: dtype }, values: { q: { min: -1, max: 1 }, k: { min: -1, max: 1 }, v: { min: -1, max: 1 }, back: { min: back, max: back }, ahead: { min: ahead, max: ahead } } });

/** Scores of up to d / 4 after d products, in f32, are off by that many roundings; so is an exponent, and a row's log-sum-exp. */
const share = 2 * (d + 4) * 2 ** -24 * (d / 4 + 1);

describe.each([['windowedOne', 1], ['windowedEight', 8], ['windowedAll', undefined]] as const)('%s', (name, rows) => {
  test.prop([drawn], { numRuns: 12 })('means what its source says', async (c) => {
    const kernel = kernels[name];
    if (!kernel) throw new Error(`no source has '${name}'`);
    await agrees(kernel, { manifest, devices, ...caseOf({ ...c, w: rows ?? c.w }) });
  });
});

describe.each([['windowedOne', 1], ['windowedEight', 8]] as const)('%s', (name, w) => {
  test.prop([drawn], { numRuns: 12 })('agrees with any number of rows, on every device and however keys are shared', async (c) => {
    const given = caseOf({ ...c, w });
    const runs: Readonly<Record<string, Float64Array>>[] = [];
    for (const device of devices) for (const kernel of [name, 'windowedAll']) runs.push(await onDevice(device, kernel, entryOf(kernel), prepare(entryOf(kernel), given)));
    const [first] = runs;
    for (const run of runs) {
      expect(mismatches(run.column ?? [], first?.column ?? [], w * share)).toEqual([]);
      expect(mismatches(run.lse ?? [], first?.lse ?? [], share)).toEqual([]);
    }
  });
});

/** What row `w` of head `r` pays to each key by its log-sum-exp, in float64; nothing where no key is seen. */
function sharesFromLse({ inputs }: Call, c: Drawn, lse: Float64Array, w: number, r: number): readonly number[] {
  const at = (x: string, i: number): number => inputs[x]?.[i] ?? Number.NaN;
  return Array.from({ length: c.k }, (_, k) => {
    if (k < w - c.back || k > w + c.ahead) return 0;
    const s = Array.from({ length: d }, (_x, i) => at('q', (w * c.r + r) * d + i) * at('k', k * d + i)).reduce((a, b) => a + b, 0);
    return Math.exp(s / 4 - (lse[w * c.r + r] ?? Number.NaN));
  });
}

describe.each([['windowedEight', 8], ['windowedAll', undefined]] as const)('the sums of %s', (name, rows) => {
  test.prop([drawn], { numRuns: 8 })('add up to the number of rows that see a key, and follow from the log-sum-exps', async (drawnCase) => {
    const c = { ...drawnCase, w: rows ?? drawnCase.w };
    const call = prepare(entryOf(name), caseOf(c));
    const seen = Array.from({ length: c.w }, (_, w) => w).filter((w) => Math.min(c.k - 1, w + c.ahead) >= Math.max(0, w - c.back));
    for (const device of devices) {
      const { column = new Float64Array(), lse = new Float64Array() } = await onDevice(device, name, entryOf(name), call);
      for (let r = 0; r < c.r; r++) {
        const sums = column.subarray(r * c.k, (r + 1) * c.k);
        const expected = seen.map((w) => sharesFromLse(call, c, lse, w, r)).reduce((a, b) => a.map((x, k) => x + (b[k] ?? 0)), new Array<number>(c.k).fill(0));
        expect(mismatches(sums, expected, c.w * share)).toEqual([]);
        expect(Math.abs(sums.reduce((a, b) => a + b, 0) - seen.length)).toBeLessThanOrEqual(c.w * share);
      }
    }
  });
});
