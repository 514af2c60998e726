// linearAdd, cpu. From runtime/kernels/linearAdd.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (acc), certificate cd3f
// Blocks: e 256, q 128, f 128.
namespace linearAdd_f32_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const float* w, const float* residual, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideF = wide<BF>(validF);
  TILE float acc[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float residualTile[BQ][BF];
  // linearAdd.ts:6  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* wTile = w + Index(f0) * nE + e0;
    mma(matrix(acc), matrix(xTile), {wTile, 1, nE}, validQ, validF, validE, accumulate);
  }
  load(residualTile, residual + Index(q0) * nF + f0, {nF, 1}, {validQ, validF});
  for (int iq = 0; iq < validQ; iq++) {
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) acc[iq][if2] = residualTile[iq][if2] + acc[iq][if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});
}
}  // namespace linearAdd_f32_block

KERNEL void linearAdd_f32(void* const* args) {
  using namespace linearAdd_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  const float* residual = tensor<const float>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nF = size(args[6]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, w, residual, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}

// fold over e carrying (acc), certificate cd3f
// Blocks: e 256, q 128, f 128.
namespace linearAdd_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const bf16* x, const bf16* w, const float* residual, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideF = wide<BF>(validF);
  TILE float acc[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float wTile[BE][BF];
  TILE float residualTile[BQ][BF];
  // linearAdd.ts:6  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    mma(matrix(acc), matrix(xTile), matrix(wTile), validQ, validF, validE, accumulate);
  }
  load(residualTile, residual + Index(q0) * nF + f0, {nF, 1}, {validQ, validF});
  for (int iq = 0; iq < validQ; iq++) {
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) acc[iq][if2] = residualTile[iq][if2] + acc[iq][if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});
}
}  // namespace linearAdd_bf16_block

KERNEL void linearAdd_bf16(void* const* args) {
  using namespace linearAdd_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  const float* residual = tensor<const float>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nF = size(args[6]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, w, residual, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
