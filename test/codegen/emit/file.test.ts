import { expect, test } from 'vitest';
import { emitFile } from '../../../codegen/emit/file.js';
import { writer } from '../../../codegen/emit/writer.js';
import { cpu } from '../../../codegen/targets/cpu.js';
import { arg, binary } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import { cascade, dynamic, launch, matmul, param, result, tile } from './kernels.js';

test('a product with its loop reads like this', () => {
  expect(emitFile(cpu, 'linear', [matmul('linear_f32', ['f', 'e'], 64, 128, 256)]).text).toBe(`// linear, cpu. From test.ts by \`warpfold compile\`; do not edit.
#include "device.h"

// Blocks: q 64, f 128, e 256.
namespace linear_f32_block {
constexpr int BQ = 64, BE = 256, BF = 128;

static void block(const float* x, const float* w, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  TILE float xs[BQ][BE];
  TILE float acc[BQ][BF];
  // test.ts:3  const y = dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xs, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* ws = w + Index(f0) * nE + e0;
    mma(matrix(acc), matrix(xs), {ws, 1, nE}, validQ, validF, validE, accumulate);
  }
  // test.ts:4  return y
  store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});
}
}  // namespace linear_f32_block

KERNEL void linear_f32(void* const* args) {
  using namespace linear_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nQ = size(args[3]);
  const int nE = size(args[4]);
  const int nF = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, w, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
`);
});

test('a cascade copies only its first operand and masks only in its second loop', () => {
  const { text } = emitFile(cpu, 'cascade', [cascade('cascade', 64, 32, 64)]);
  const body = text.slice(text.indexOf('  for (int k0 = '), text.indexOf('  for (int k0 = minimum'));
  expect(body).toBe(`  for (int k0 = 0; k0 < minimum(floorDivide(q0, 32) * 32, nK); k0 += BK) {
    const float* ks = k + (Index(g0) * nK + k0) * D;
    mma(matrix(s), matrix(qs), {ks, 1, D}, validQ, BK, D, overwrite);
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * scales;
    }
    // test.ts:7  const p = map(s, max(s, 'k'), (s, m) => 2 ** (s - m))
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) mNew[iq] = m[iq];
    for (int iq = 0; iq < validQ; iq++) mNew[iq] = maximum(mNew[iq], maxOf(s[iq], BK));
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float mRow = m[iq];
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) p[iq][ik] = math::exp2(s[iq][ik] - mRow);
    }
    // test.ts:8  return map(dot(p, v, 'k'), sum(p, 'k'), (o, l) => o / l)
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
    for (int iq = 0; iq < validQ; iq++) l[iq] += sumOf(p[iq], BK);
    const float* vs = v + (Index(g0) * nK + k0) * D;
    for (int iq = 0; iq < validQ; iq++) {
      const float alphaRow = alpha[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) os[iq][id] = os[iq][id] * alphaRow;
    }
    mma(matrix(os), matrix(p), {vs, D, 1}, validQ, D, BK, accumulate);
  }
`);
});

test('statements that work row by row share the loop over the rows', () => {
  const [x, shift, out] = [param('x', ['q', 'k']), param('shift', ['q']), result('out', ['q'])];
  const [xs, t, s, r] = [tile('xs', { q: 8, k: 16 }), tile('t', { q: 8 }), tile('s', { q: 8, k: 16 }), tile('r', { q: 8 })];
  const span = nowhere;
  const kernel = launch({
    name: 'rows', params: [x, shift, out], sizes: { q: dynamic, k: 16 }, grid: { q: 8 }, tiles: [xs, t, s, r],
    body: [
      { kind: 'load', dst: xs, src: x, span }, { kind: 'load', dst: t, src: shift, span },
      { kind: 'map', dst: s, fn: binary('sub', arg(0), arg(1)), args: [xs, t], span },
      { kind: 'reduce', dst: t, op: 'max', axis: 'k', src: s, accumulate: false, span },
      { kind: 'map', dst: s, fn: binary('div', arg(0), arg(1)), args: [s, t], span },
      { kind: 'reduce', dst: r, op: 'sum', axis: 'k', src: s, accumulate: false, span },
      { kind: 'store', dst: out, src: r, span },
    ],
  });
  expect(emitFile(cpu, 'rows', [kernel]).text).toContain(`
  for (int iq = 0; iq < validQ; iq++) {
    const float tRow = t[iq];
    #pragma omp simd
    for (int ik = 0; ik < K; ik++) s[iq][ik] = xs[iq][ik] - tRow;
    t[iq] = maxOf(s[iq], K);
    const float tRow2 = t[iq];
    #pragma omp simd
    for (int ik = 0; ik < K; ik++) s[iq][ik] = s[iq][ik] / tRow2;
    r[iq] = sumOf(s[iq], K);
  }
`);
});

test('every line of a block knows the line it came from', () => {
  const { lines } = emitFile(cpu, 'linear', [matmul('linear_f32', ['f', 'e'], 64, 128, 256)]);
  const born = (line: number): readonly string[] => lines.filter((l) => l.span?.line === line).map((l) => l.text.trim());
  expect(born(3)).toContain('fill(acc, 0.0f);');
  expect(born(3).some((l) => l.startsWith('mma('))).toBe(true);
  expect(born(4)).toEqual(['// test.ts:4  return y', 'store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});']);
});

test('the same program prints the same text', () => {
  const once = (): string => emitFile(cpu, 'both', [matmul('a', ['e', 'f'], 8, 16, 16), cascade('b', 16, 16, 24)]).text;
  expect(once()).toBe(once());
});

test('a writer indents, leaves one gap and remembers spans', () => {
  const w = writer();
  w.gap();
  w.block('if (x)', () => w.from({ ...nowhere, line: 7 }, () => w.line('y();')), ';');
  w.gap();
  w.gap();
  w.append([{ text: 'z();', span: undefined }]);
  expect(w.lines().map((l) => [l.text, l.span?.line])).toEqual([['if (x) {', undefined], ['  y();', 7], ['};', undefined], ['', undefined], ['z();', undefined]]);
});
