// normLinearBias, cpu. From runtime/kernels/normLinear.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (squares, acc), certificate cd7b
// Blocks: e 256, q 128, f 128.
namespace normLinearBias_f32_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const float* gain, float eps, const float* w, const float* bias, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideQ = wide<BQ>(validQ);
  const int wideF = wide<BF>(validF);
  TILE float squares[BQ];
  TILE float acc[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value3[BQ];
  TILE float biasTile[BF];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:18  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    // normed.ts:5  map(x, (x) => x * x)
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * xTile[iq][ie];
      squares[iq] += sumOf(value[iq], validE);
    }
    load(gainTile, gain + e0, {1}, {validE});
    // normLinear.ts:18  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * gainTile[ie];
    }
    const float* wTile = w + Index(f0) * nE + e0;
    mma(matrix(acc), matrix(value), {wTile, 1, nE}, validQ, validF, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + f0, {1}, {validF});
  for (int iq = 0; iq < validQ; iq++) {
    const float value3Row = value3[iq];
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) acc[iq][if2] = acc[iq][if2] * value3Row + biasTile[if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});
}
}  // namespace normLinearBias_f32_block

KERNEL void normLinearBias_f32(void* const* args) {
  using namespace normLinearBias_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* gain = tensor<const float>(args[1]);
  const float eps = scalar<float>(args[2]);
  const float* w = tensor<const float>(args[3]);
  const float* bias = tensor<const float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nF = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gain, eps, w, bias, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}

// fold over e carrying (squares, acc), certificate cd7b
// Blocks: e 256, q 128, f 128.
namespace normLinearBias_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const bf16* gain, float eps, const bf16* w, const bf16* bias, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideQ = wide<BQ>(validQ);
  const int wideF = wide<BF>(validF);
  TILE float squares[BQ];
  TILE float acc[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value2[BQ][BE];
  TILE float wTile[BE][BF];
  TILE float value3[BQ];
  TILE float biasTile[BF];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:18  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    // normed.ts:5  map(x, (x) => x * x)
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * xTile[iq][ie];
      squares[iq] += sumOf(value[iq], validE);
    }
    load(gainTile, gain + e0, {1}, {validE});
    // normLinear.ts:18  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value2[iq][ie] = rounded<bf16>(xTile[iq][ie] * gainTile[ie]);
    }
    load(wTile, w + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    mma(matrix(acc), matrix(value2), matrix(wTile), validQ, validF, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + f0, {1}, {validF});
  for (int iq = 0; iq < validQ; iq++) {
    const float value3Row = value3[iq];
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) acc[iq][if2] = acc[iq][if2] * value3Row + biasTile[if2];
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, acc, {validQ, validF});
}
}  // namespace normLinearBias_bf16_block

KERNEL void normLinearBias_bf16(void* const* args) {
  using namespace normLinearBias_bf16_block;
  const float* x = tensor<const float>(args[0]);
  const bf16* gain = tensor<const bf16>(args[1]);
  const float eps = scalar<float>(args[2]);
  const bf16* w = tensor<const bf16>(args[3]);
  const bf16* bias = tensor<const bf16>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nF = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gain, eps, w, bias, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
