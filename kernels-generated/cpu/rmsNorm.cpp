// rmsNorm, cpu. From runtime/kernels/rmsNorm.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (squares), certificate a9b6
// Blocks: e 512, q 8.
namespace rmsNorm_f32_block {
constexpr int BQ = 8, BE = 512;

static void block(const float* x, const float* gain, float eps, float* out, int nQ, int nE, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float xTile[BQ][BE];
  TILE float squares[BQ];
  TILE float xTile2[BQ][BE];
  TILE float value[BQ][BE];
  TILE float scale[BQ];
  TILE float gainTile[BE];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile2, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    // normed.ts:5  map(x, (x) => x * x)
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile2[iq][ie] * xTile2[iq][ie];
      squares[iq] += sumOf(value[iq], validE);
    }
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) scale[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(gainTile, gain + e0, {1}, {validE});
    // normed.ts:8  map(x, scale, gain, (x, scale, gain) => x * scale * gain)
    for (int iq = 0; iq < validQ; iq++) {
      const float scaleRow = scale[iq];
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * scaleRow * gainTile[ie];
    }
    // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
    store(out + Index(q0) * nE + e0, {nE, 1}, value, {validQ, validE});
  }
}
}  // namespace rmsNorm_f32_block

KERNEL void rmsNorm_f32(void* const* args) {
  using namespace rmsNorm_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* gain = tensor<const float>(args[1]);
  const float eps = scalar<float>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int qBlocks = blocks(nQ, BQ);
  #pragma omp parallel for schedule(dynamic) if (qBlocks > 1)
  for (int i = 0; i < qBlocks; i++) block(x, gain, eps, out, nQ, nE, i * BQ);
}

// fold over e carrying (squares), certificate a9b6
// Blocks: e 512, q 8.
namespace rmsNorm_bf16_block {
constexpr int BQ = 8, BE = 512;

static void block(const float* x, const bf16* gain, float eps, bf16* out, int nQ, int nE, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float xTile[BQ][BE];
  TILE float squares[BQ];
  TILE float xTile2[BQ][BE];
  TILE float value[BQ][BE];
  TILE float scale[BQ];
  TILE float gainTile[BE];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile2, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    // normed.ts:5  map(x, (x) => x * x)
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile2[iq][ie] * xTile2[iq][ie];
      squares[iq] += sumOf(value[iq], validE);
    }
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) scale[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(gainTile, gain + e0, {1}, {validE});
    // normed.ts:8  map(x, scale, gain, (x, scale, gain) => x * scale * gain)
    for (int iq = 0; iq < validQ; iq++) {
      const float scaleRow = scale[iq];
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * scaleRow * gainTile[ie];
    }
    // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
    store(out + Index(q0) * nE + e0, {nE, 1}, value, {validQ, validE});
  }
}
}  // namespace rmsNorm_bf16_block

KERNEL void rmsNorm_bf16(void* const* args) {
  using namespace rmsNorm_bf16_block;
  const float* x = tensor<const float>(args[0]);
  const bf16* gain = tensor<const bf16>(args[1]);
  const float eps = scalar<float>(args[2]);
  bf16* out = tensor<bf16>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int qBlocks = blocks(nQ, BQ);
  #pragma omp parallel for schedule(dynamic) if (qBlocks > 1)
  for (int i = 0; i < qBlocks; i++) block(x, gain, eps, out, nQ, nE, i * BQ);
}
