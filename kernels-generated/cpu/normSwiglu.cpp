// normSwiglu, cpu. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 256, q 128, f 128.
namespace normSwiglu_f32_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const float* gain, float eps, const float* gate, const float* up, float* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideQ = wide<BQ>(validQ);
  const int wideF = wide<BF>(validF);
  TILE float squares[BQ];
  TILE float a[BQ][BF];
  TILE float b[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float normal[BQ][BE];
  TILE float gainTile[BE];
  TILE float value2[BQ];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    // normed.ts:5  map(x, (x) => x * x)
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) normal[iq][ie] = xTile[iq][ie] * xTile[iq][ie];
      squares[iq] += sumOf(normal[iq], validE);
    }
    load(gainTile, gain + e0, {1}, {validE});
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) normal[iq][ie] = xTile[iq][ie] * gainTile[ie];
    }
    const float* gateTile = gate + Index(f0) * nE + e0;
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    mma(matrix(a), matrix(normal), {gateTile, 1, nE}, validQ, validF, validE, accumulate);
    const float* upTile = up + Index(f0) * nE + e0;
    // swiglu.ts:19  b = dot(normal, up, 'e')
    mma(matrix(b), matrix(normal), {upTile, 1, nE}, validQ, validF, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value2[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  for (int iq = 0; iq < validQ; iq++) {
    const float value2Row = value2[iq];
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) {
      const float value = a[iq][if2] * value2Row;
      a[iq][if2] = value / (1.0f + math::exp(-value)) * (b[iq][if2] * value2Row);
    }
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace normSwiglu_f32_block

KERNEL void normSwiglu_f32(void* const* args) {
  using namespace normSwiglu_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* gain = tensor<const float>(args[1]);
  const float eps = scalar<float>(args[2]);
  const float* gate = tensor<const float>(args[3]);
  const float* up = tensor<const float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nF = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gain, eps, gate, up, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 256, q 128, f 128.
namespace normSwiglu_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 256;

static void block(const float* x, const bf16* gain, float eps, const bf16* gate, const bf16* up, bf16* out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  const int wideQ = wide<BQ>(validQ);
  const int wideF = wide<BF>(validF);
  TILE float squares[BQ];
  TILE float a[BQ][BF];
  TILE float b[BQ][BF];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float normal[BQ][BE];
  TILE float gateTile[BE][BF];
  TILE float upTile[BE][BF];
  TILE float value2[BQ];
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:20  map(a, b, gated)
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
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) normal[iq][ie] = rounded<bf16>(xTile[iq][ie] * gainTile[ie]);
    }
    load(gateTile, gate + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    mma(matrix(a), matrix(normal), matrix(gateTile), validQ, validF, validE, accumulate);
    load(upTile, up + Index(f0) * nE + e0, {1, nE}, {validE, validF});
    // swiglu.ts:19  b = dot(normal, up, 'e')
    mma(matrix(b), matrix(normal), matrix(upTile), validQ, validF, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value2[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  for (int iq = 0; iq < validQ; iq++) {
    const float value2Row = value2[iq];
    #pragma omp simd
    for (int if2 = 0; if2 < wideF; if2++) {
      const float value3 = a[iq][if2] * value2Row;
      a[iq][if2] = value3 / (1.0f + math::exp(-value3)) * (b[iq][if2] * value2Row);
    }
  }
  store(out + Index(q0) * nF + f0, {nF, 1}, a, {validQ, validF});
}
}  // namespace normSwiglu_bf16_block

KERNEL void normSwiglu_bf16(void* const* args) {
  using namespace normSwiglu_bf16_block;
  const float* x = tensor<const float>(args[0]);
  const bf16* gain = tensor<const bf16>(args[1]);
  const float eps = scalar<float>(args[2]);
  const bf16* gate = tensor<const bf16>(args[3]);
  const bf16* up = tensor<const bf16>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nF = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), fBlocks = blocks(nF, BF);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * fBlocks > 1)
  for (int i = 0; i < qBlocks * fBlocks; i++) block(x, gain, eps, gate, up, out, nQ, nE, nF, i / fBlocks * BQ, i % fBlocks * BF);
}
