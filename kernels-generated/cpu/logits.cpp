// logits, cpu. From runtime/kernels/logits.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (out), certificate a03a
// Blocks: e 256, q 128, t 128.
namespace logits_f32_block {
constexpr int BQ = 128, BT = 128, BE = 256;

static void block(const float* h, const float* w, float* out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  TILE float outTile[BQ][BT];
  TILE float hTile[BQ][BE];
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* wTile = w + Index(t0) * nE + e0;
    mma(matrix(outTile), matrix(hTile), {wTile, 1, nE}, validQ, validT, validE, accumulate);
  }
  store(out + Index(q0) * nT + t0, {nT, 1}, outTile, {validQ, validT});
}
}  // namespace logits_f32_block

KERNEL void logits_f32(void* const* args) {
  using namespace logits_f32_block;
  const float* h = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nQ = size(args[3]);
  const int nE = size(args[4]);
  const int nT = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), tBlocks = blocks(nT, BT);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * tBlocks > 1)
  for (int i = 0; i < qBlocks * tBlocks; i++) block(h, w, out, nQ, nE, nT, i / tBlocks * BQ, i % tBlocks * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 256, q 128, t 128.
namespace logits_bf16_block {
constexpr int BQ = 128, BT = 128, BE = 256;

static void block(const bf16* h, const bf16* w, float* out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  TILE float outTile[BQ][BT];
  TILE float hTile[BQ][BE];
  TILE float wTile[BE][BT];
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
    mma(matrix(outTile), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
  }
  store(out + Index(q0) * nT + t0, {nT, 1}, outTile, {validQ, validT});
}
}  // namespace logits_bf16_block

KERNEL void logits_bf16(void* const* args) {
  using namespace logits_bf16_block;
  const bf16* h = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nQ = size(args[3]);
  const int nE = size(args[4]);
  const int nT = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), tBlocks = blocks(nT, BT);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * tBlocks > 1)
  for (int i = 0; i < qBlocks * tBlocks; i++) block(h, w, out, nQ, nE, nT, i / tBlocks * BQ, i % tBlocks * BT);
}
