// linear, sm_80. From runtime/kernels/linear.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (out), certificate 068a
// Blocks: e 32, q 64, f 64; 128 threads; shared 32 KiB.
namespace linear_f32_block {
constexpr int BQ = 64, BF = 64, BE = 32;

__device__ static void block(const float* x, const float* w, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  auto& outTile = tileAt<float[BQ][BF]>(0);
  auto& xTile = tileAt<float[BQ][BE]>(16384);
  auto& wTile = tileAt<float[BE][BF]>(24576);
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    mma(matrix(outTile), matrix(xTile), matrix(wTile), validQ, validF, validE, accumulate);
  }
  blockBarrier();
  store(out + Index(q0) * nF + f0, {nF, 1}, outTile, {validQ, validF});
}
}  // namespace linear_f32_block

KERNEL(128) linear_f32(const float* x, const float* w, float* out, int nQ, int nE, int nF) {
  using namespace linear_f32_block;
  const int i = blockIdx.x;
  block(x, w, out, nQ, nE, nF, i / blocks(nF, BF) * BQ, i % blocks(nF, BF) * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 32, q 64, f 64; 128 threads; shared 32 KiB.
namespace linear_bf16_block {
constexpr int BQ = 64, BF = 64, BE = 32;

__device__ static void block(const bf16* x, const bf16* w, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  auto& outTile = tileAt<float[BQ][BF]>(0);
  auto& xTile = tileAt<float[BQ][BE]>(16384);
  auto& wTile = tileAt<float[BE][BF]>(24576);
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    mma(matrix(outTile), matrix(xTile), matrix(wTile), validQ, validF, validE, accumulate);
  }
  blockBarrier();
  store(out + Index(q0) * nF + f0, {nF, 1}, outTile, {validQ, validF});
}
}  // namespace linear_bf16_block

KERNEL(128) linear_bf16(const bf16* x, const bf16* w, bf16* out, int nQ, int nE, int nF) {
  using namespace linear_bf16_block;
  const int i = blockIdx.x;
  block(x, w, out, nQ, nE, nF, i / blocks(nF, BF) * BQ, i % blocks(nF, BF) * BF);
}
