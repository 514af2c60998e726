// swiglu, cpu. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (a, b), certificate 963d
// Blocks: e 256, q 128, f 128.
namespace swiglu_f32_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const float* gate, const float* up, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideF = wide<BF>(validF);
  TILE float a[BQ][BF];
  TILE float b[BQ][BF];
  TILE float xTile[BQ][BE];
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* gateTile = gate + Index(f0) * nE + e0;
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma(matrix(a), matrix(xTile), {gateTile, 1, nE}, validQ, validF, validE, accumulate);
    const float* upTile = up + Index(f0) * nE + e0;
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma(matrix(b), matrix(xTile), {upTile, 1, nE}, validQ, validF, validE, accumulate);
  }
  for (int iq = 0; iq < validQ; iq++) {
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) a[iq][if2] = a[iq][if2] / (1.0f + math::exp(-a[iq][if2])) * b[iq][if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace swiglu_f32_block

KERNEL void swiglu_f32(void* const* args) {
  using namespace swiglu_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* gate = tensor<const float>(args[1]);
  const float* up = tensor<const float>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nF = size(args[6]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gate, up, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 256, q 128, f 128.
namespace swiglu_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const bf16* x, const bf16* gate, const bf16* up, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideF = wide<BF>(validF);
  TILE float a[BQ][BF];
  TILE float b[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float gateTile[BE][BF];
  TILE float upTile[BE][BF];
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(gateTile, gate + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma(matrix(a), matrix(xTile), matrix(gateTile), validQ, validF, validE, accumulate);
    load(upTile, up + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma(matrix(b), matrix(xTile), matrix(upTile), validQ, validF, validE, accumulate);
  }
  for (int iq = 0; iq < validQ; iq++) {
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) a[iq][if2] = a[iq][if2] / (1.0f + math::exp(-a[iq][if2])) * b[iq][if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace swiglu_bf16_block

KERNEL void swiglu_bf16(void* const* args) {
  using namespace swiglu_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const bf16* gate = tensor<const bf16>(args[1]);
  const bf16* up = tensor<const bf16>(args[2]);
  bf16* out = tensor<bf16>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nF = size(args[6]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gate, up, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
