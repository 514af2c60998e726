// logits, sm_80. From runtime/kernels/logits.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (out), certificate a03a
// Blocks: e 32, q 64, t 64; 128 threads; shared 32 KiB.
namespace logits_f32_block {
constexpr int BQ = 64, BT = 64, BE = 32;

__device__ static void block(const float* h, const float* w, float* out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  auto& outTile = tileAt<float[BQ][BT]>(0);
  auto& hTile = tileAt<float[BQ][BE]>(16384);
  auto& wTile = tileAt<float[BE][BT]>(24576);
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
    blockBarrier();
    mma(matrix(outTile), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
  }
  blockBarrier();
  store(out + Index(q0) * nT + t0, {nT, 1}, outTile, {validQ, validT});
}
}  // namespace logits_f32_block

KERNEL(128) logits_f32(const float* h, const float* w, float* out, int nQ, int nE, int nT) {
  using namespace logits_f32_block;
  const int i = blockIdx.x;
  block(h, w, out, nQ, nE, nT, i / blocks(nT, BT) * BQ, i % blocks(nT, BT) * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 32, q 64, t 64; 128 threads; shared 32 KiB.
namespace logits_bf16_block {
constexpr int BQ = 64, BT = 64, BE = 32;

__device__ static void block(const bf16* h, const bf16* w, float* out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  auto& outTile = tileAt<float[BQ][BT]>(0);
  auto& hTile = tileAt<float[BQ][BE]>(16384);
  auto& wTile = tileAt<float[BE][BT]>(24576);
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
    blockBarrier();
    mma(matrix(outTile), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
  }
  blockBarrier();
  store(out + Index(q0) * nT + t0, {nT, 1}, outTile, {validQ, validT});
}
}  // namespace logits_bf16_block

KERNEL(128) logits_bf16(const bf16* h, const bf16* w, float* out, int nQ, int nE, int nT) {
  using namespace logits_bf16_block;
  const int i = blockIdx.x;
  block(h, w, out, nQ, nE, nT, i / blocks(nT, BT) * BQ, i % blocks(nT, BT) * BT);
}
