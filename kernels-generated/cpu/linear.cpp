// linear, cpu. From runtime/kernels/linear.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (out), certificate 068a
// Blocks: e 256, q 128, f 128.
namespace linear_f32_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const float* w, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  TILE float outTile[BQ][BF];
  TILE float xTile[BQ][BE];
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* wTile = w + Index(f0) * nE + e0;
    mma(matrix(outTile), matrix(xTile), {wTile, 1, nE}, validQ, validF, validE, accumulate);
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, outTile, {validQ, validF});
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

// fold over e carrying (out), certificate 068a
// Blocks: e 256, q 128, f 128.
namespace linear_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const bf16* x, const bf16* w, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  TILE float outTile[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float wTile[BE][BF];
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    mma(matrix(outTile), matrix(xTile), matrix(wTile), validQ, validF, validE, accumulate);
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, outTile, {validQ, validF});
}
}  // namespace linear_bf16_block

KERNEL void linear_bf16(void* const* args) {
  using namespace linear_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  bf16* out = tensor<bf16>(args[2]);
  const int nQ = size(args[3]);
  const int nE = size(args[4]);
  const int nF = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, w, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
