// swiglu, sm_90a. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (a, b), certificate 963d
// Blocks: e 32, q 64, f 64; 128 threads; shared 56 KiB.
namespace swiglu_f32_block {
constexpr int BQ = 64, BF = 64, BE = 32;

__device__ static void block(const float* x, const float* gate, const float* up, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  auto& a = tileAt<float[BQ][BF]>(0);
  auto& b = tileAt<float[BQ][BF]>(16384);
  auto& xTile = tileAt<float[BQ][BE]>(32768);
  auto& gateTile = tileAt<float[BE][BF]>(40960);
  auto& upTile = tileAt<float[BE][BF]>(49152);
  // swiglu.ts:6  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:7  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  map(a, b, (a, b) => (a / (1 + Math.exp(-a))) * b)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(gateTile, gate + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    // swiglu.ts:6  a = dot(x, gate, 'e')
    mma(matrix(a), matrix(xTile), matrix(gateTile), validQ, validF, validE, accumulate);
    load(upTile, up + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    // swiglu.ts:7  b = dot(x, up, 'e')
    mma(matrix(b), matrix(xTile), matrix(upTile), validQ, validF, validE, accumulate);
  }
  blockBarrier();
  each<BQ, BF>([&](int iq, int if2) {
    a[iq][if2] = a[iq][if2] / (1.0f + math::exp(-a[iq][if2])) * b[iq][if2];
  });
  blockBarrier();
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace swiglu_f32_block

KERNEL(128) swiglu_f32(const float* x, const float* gate, const float* up, float* out, int nQ, int nE, int nF) {
  using namespace swiglu_f32_block;
  const int i = blockIdx.x;
  block(x, gate, up, out, nQ, nE, nF, i / blocks(nF, BF) * BQ, i % blocks(nF, BF) * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 32, q 64, f 64; 128 threads; shared 56 KiB.
namespace swiglu_bf16_block {
constexpr int BQ = 64, BF = 64, BE = 32;

__device__ static void block(const bf16* x, const bf16* gate, const bf16* up, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  auto& a = tileAt<float[BQ][BF]>(0);
  auto& b = tileAt<float[BQ][BF]>(16384);
  auto& xTile = tileAt<float[BQ][BE]>(32768);
  auto& gateTile = tileAt<float[BE][BF]>(40960);
  auto& upTile = tileAt<float[BE][BF]>(49152);
  // swiglu.ts:6  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:7  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  map(a, b, (a, b) => (a / (1 + Math.exp(-a))) * b)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    blockBarrier();
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(gateTile, gate + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    // swiglu.ts:6  a = dot(x, gate, 'e')
    mma(matrix(a), matrix(xTile), matrix(gateTile), validQ, validF, validE, accumulate);
    load(upTile, up + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    blockBarrier();
    // swiglu.ts:7  b = dot(x, up, 'e')
    mma(matrix(b), matrix(xTile), matrix(upTile), validQ, validF, validE, accumulate);
  }
  blockBarrier();
  each<BQ, BF>([&](int iq, int if2) {
    a[iq][if2] = a[iq][if2] / (1.0f + math::exp(-a[iq][if2])) * b[iq][if2];
  });
  blockBarrier();
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace swiglu_bf16_block

KERNEL(128) swiglu_bf16(const bf16* x, const bf16* gate, const bf16* up, bf16* out, int nQ, int nE, int nF) {
  using namespace swiglu_bf16_block;
  const int i = blockIdx.x;
  block(x, gate, up, out, nQ, nE, nF, i / blocks(nF, BF) * BQ, i % blocks(nF, BF) * BF);
}
