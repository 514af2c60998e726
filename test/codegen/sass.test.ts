import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test as prop } from '@fast-check/vitest';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { buildCuda, hasNvcc } from '../../codegen/buildCuda.js';
import { checkSass, hasCuobjdump, parseSass, sassFaults } from '../../codegen/sass.js';
import type { ArgRef, KernelEntry, LaunchSpec } from '../../dsl/manifest.js';

const folder = mkdtempSync(join(tmpdir(), 'warpfold-sass-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => { vi.unstubAllEnvs(); });

/** What cuobjdump 13.0 prints, shortened. */
const printed = `
Fatbin elf code:
================
arch = sm_90a

	code for sm_90a
		Function : first
	.headerflags	@"EF_CUDA_ACCELERATORS EF_CUDA_SM90"
        /*0000*/                   LDC R1, c[0x0][0x28] ;                                 /* 0x00000a00ff017b82 */
                                                                                          /* 0x000ff00000000800 */
        /*0010*/              @!UP0 UTMALDG.2D [UR4], [UR8] ;                             /* 0x00000004080075b4 */
        /*0020*/                   HGMMA.64x64x16.F32.BF16 R24, gdesc[UR4], RZ, !UPT ;    /* 0x00e00000041879f0 */
        /*0030*/                   HGMMA.64x64x16.F32.BF16 R24, gdesc[UR4], R24, gsb0 ;   /* 0x00e00000041879f0 */
		Function : second
        /*0000*/               @P0 LDL.64 R2, [R1+0x8] ;                                  /* 0x000fe20000000a00 */
        /*12340*/             @!PT STL [R1], R2 ;                                         /* 0x000fe20000000a00 */
`;

test('instructions are counted by function, whatever modifies and guards them', () => {
  expect(parseSass(printed)).toEqual([
    { symbol: 'first', counts: new Map([['LDC', 1], ['UTMALDG', 1], ['HGMMA', 2]]) }, { symbol: 'second', counts: new Map([['LDL', 1], ['STL', 1]]) },
  ]);
});

const launch = (args: readonly ArgRef[], symbol = 'first'): LaunchSpec => ({ symbol, file: 'cuda/k.sm_90a.cu', line: 1, args, grid: [], threads: 128, sharedBytes: 0 });
const entry = (...launches: readonly LaunchSpec[]): KernelEntry => ({
  source: 'k.ts', sizes: {}, params: [{ name: 'x', dtype: 'bf16', order: ['k', 'd'] }], results: [{ name: 'out', dtype: 'bf16', order: ['k', 'd'] }],
  variants: [{ variant: '', target: 'sm_90a', dtypes: {}, fixed: {}, scratch: [], certificates: [], launches }],
});
const mapOf = (name: string): ArgRef => ({ kind: 'map', name, order: ['k', 'd'], box: [64, 64] });

/** The text of a launch: so many calls for each instruction. */
const textOf = ({ reads = 0, writes = 0, groups = 0, warps = 0 }): string => [
  'namespace other_block {\n  beginProduct<overwrite>(s, q, k);\n}  // namespace other_block\nnamespace first_block {',
  ...Array(reads).fill('  send(q.at(rings.qs.stage), qMap, rings.qs.full(), 0, q0);'), ...Array(writes).fill('  storePanels<2, 1, 0>(lines, out, outMap, d0, q0);'),
  ...Array(groups).fill('  beginProduct<accumulate>(out, p, v.at(rings.vs.stage));'), ...Array(warps).fill('  mma<accumulate>(out, p, v.at(rings.vs.stage));'), '}  // namespace first_block',
].join('\n');

const calls = fc.record({ reads: fc.nat(3), writes: fc.nat(2), groups: fc.nat(2), warps: fc.nat(2) });
const counted = fc.record({ UTMALDG: fc.nat(4), UTMASTG: fc.nat(3), HGMMA: fc.nat(3), HMMA: fc.nat(3), LDL: fc.nat(1), STL: fc.nat(1) });
prop.prop([fc.boolean(), fc.boolean(), calls, counted])('a launch has an instruction for every place that copies or multiplies, what its maps are for, and nothing in local memory', (reads, writes, asked, there) => {
  const faults = sassFaults(entry(), launch([...(reads ? [mapOf('x')] : []), ...(writes ? [mapOf('out')] : [])]), textOf(asked), [{ symbol: 'first', counts: new Map(Object.entries(there)) }]);
  const expected = [
    there.UTMALDG < Math.max(asked.reads, reads ? 1 : 0) && /reads boxes/, there.UTMASTG < Math.max(asked.writes, writes ? 1 : 0) && /writes boxes/,
    asked.groups > there.HGMMA && /multiplies by warpgroups/, asked.groups === 0 && reads && there.HGMMA + there.HMMA < Math.max(1, asked.warps) && /multiplies what it copies/,
    there.LDL + there.STL > 0 && /local memory/,
  ].filter((x) => x !== false);
  expect(faults).toEqual(expected.map((what) => expect.stringMatching(new RegExp(`^first .*${what.source}`))));
});

test('a text whose products became those of warps is told of, and one of two products that is not there', () => {
  const of = (groups: number, there: Readonly<Record<string, number>>) => sassFaults(entry(), launch([mapOf('x')]), textOf({ reads: 1, groups }), [{ symbol: 'first', counts: new Map(Object.entries({ UTMALDG: 1, ...there })) }]);
  expect(of(2, { HMMA: 64 })).toEqual(['first multiplies by warpgroups in 2 places and has 0 instructions for it (HGMMA)']);
  expect(of(2, { HGMMA: 1 })).toEqual(['first multiplies by warpgroups in 2 places and has 1 instruction for it (HGMMA)']);
  expect(of(2, { HGMMA: 8 })).toEqual([]);
});

test('a launch that is not in its file is told of, and a file that is not there', async () => {
  expect(sassFaults(entry(), launch([], 'third'), '', parseSass(printed))).toEqual(['third is not in its file']);
  await expect(checkSass({ kernels: { k: entry(launch([])) } }, { generated: folder, out: '/nowhere' })).rejects.toThrow('/nowhere/cuda/k.sm_90a.fatbin is missing: put nvcc on the PATH and run `warpfold build`');
});

test('kernels are looked at by cuobjdump, those with code for Hopper alone', async () => {
  const bin = join(folder, 'bin');
  const places = { generated: folder, out: folder };
  for (const made of [bin, join(folder, 'cuda')]) mkdirSync(made);
  writeFileSync(join(folder, 'cuda', 'k.sm_90a.cu'), textOf({ reads: 1, groups: 2 }));
  writeFileSync(join(folder, 'cuda', 'k.sm_90a.fatbin'), printed);
  const plain = { ...entry(launch([])), variants: [{ ...entry(launch([])).variants[0]!, target: 'sm_80' as const }] };
  const kernels = { k: entry(launch([mapOf('x')]), launch([], 'second')), plain };
  vi.stubEnv('PATH', bin);
  expect(await hasCuobjdump()).toBe(false);
  await expect(checkSass({ kernels }, places)).rejects.toThrow('cuobjdump was not found; it shows machine code. It comes with the CUDA toolkit: put it on the PATH');
  writeFileSync(join(bin, 'cuobjdump'), '#!/bin/sh\nwhile read -r line; do printf "%s\\n" "$line"; done < "$2"\n');
  chmodSync(join(bin, 'cuobjdump'), 0o755);
  expect(await checkSass({ kernels }, places)).toEqual([{ kernel: 'k', launches: 2, faults: ['second reads local memory 1 times and writes it 1 times (LDL, STL)'] }]);
});

test('what nvcc makes of a copy of boxes and a product of warpgroups is found in its machine code', async ({ skip }) => {
  if (!(await hasNvcc()) || !(await hasCuobjdump())) return skip('nvcc or cuobjdump is not here');
  const generated = join(folder, 'generated');
  mkdirSync(join(generated, 'cuda'), { recursive: true });
  writeFileSync(join(generated, 'cuda', 'k.sm_90a.cu'), `#include "hopper.cuh"
extern "C" __global__ void __launch_bounds__(128) first(TENSOR_MAP xMap, float* out) {
  const Panels<bf16, 64, 64> x{sharedAt<bf16>(0)};
  const Shared<Barrier> barrier = sharedAt<Barrier>(8192);
  if (threadIdx.x == 0) { initBarrier(barrier, 1); fenceBarriers(); }
  __syncthreads();
  if (threadIdx.x == 0) { arriveExpecting(barrier, 8192); send(x, xMap, barrier, 0, 0); }
  awaitPhase(barrier, 0);
  float d[32] = {};
  fenceProducts();
  for (int k = 0; k < 64; k += 16) Wgmma<64>::shared<bf16, true, false, false>(d, matrixDetail::alongRows(x, 0, k), matrixDetail::alongRows(x, 0, k));
  commitProducts();
  awaitProducts<0>();
  holdAccumulators(d);
  for (int i = 0; i < 32; i++) out[threadIdx.x * 32 + i] = d[i];
}
extern "C" __global__ void second(const int* in, float* out) {
  float a[64];
  for (int i = 0; i < 64; i++) a[in[i]] = out[i];
  out[0] = a[in[64]];
}
`);
  await buildCuda({ generated, out: folder });
  const [checked] = await checkSass({ kernels: { k: entry(launch([mapOf('x')]), launch([mapOf('out')], 'second')) } }, { generated, out: folder });
  expect(checked?.faults).toEqual(['second writes boxes of the tensors that it takes maps of in 1 place and has 0 instructions for it (UTMASTG)', expect.stringMatching(/^second reads local memory [1-9]\d* times and writes it [1-9]/)]);
}, 60_000);
