import { expect, test } from 'vitest';
import { compileFiles } from '../../../codegen/compile.js';

const { texts, manifest } = compileFiles(['runtime/kernels/causalAttention.ts'], ['sm_80', 'sm_90a']);
const hopper = texts.get('cuda/causalAttention.sm_90a.cu') ?? '';
const launches = (manifest.kernels['causalAttention']?.variants ?? []).flatMap((v) => v.launches);
const gridOf = (symbol: string): unknown => launches.find((l) => l.symbol === symbol)?.grid;
const kernelText = (symbol: string): string => new RegExp(`^KERNEL.*\\b${symbol}\\(.*\\n(?:.+\\n)*?}`, 'm').exec(hopper)?.[0] ?? '';

test('blocks that walk the same keys start together, as many walks as the cache holds', () => {
  // 512 bytes of a key and its value; heads that share them count as one walk.
  expect(kernelText('causalAttention_bf16_d128')).toContain('grouped(i, nG * nR, blocks(nQ, BQ), walksInCache(Index(512) * nK) * nR)');
});

test('parts of many rows are joined many rows to a block, those of few a row each', () => {
  const rows = (symbol: string): unknown => (gridOf(symbol) as readonly { readonly axis: string; readonly block: number }[]).find((g) => g.axis === 'q')?.block;
  expect([rows('causalAttention_bf16_d128_shared_join'), rows('causalAttention_bf16_d128_few_join')]).toEqual([16, 1]);
});
