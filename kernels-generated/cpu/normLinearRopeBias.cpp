// normLinearRopeBias, cpu. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 256, q 128, h 1, d 32.
namespace normLinearRopeBias_f32_d32_block {
constexpr int BQ = 128, P = 2, D = 32, BE = 256;

static void block(const float* x, const float* gain, float eps, const float* w, const float* bias, std::int32_t turning, const float* cos, const float* sin, float* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float squares[BQ];
  TILE float y[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value3[BQ];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value5[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:55  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(y, 0.0f);
  // linearRope.ts:56  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:55  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * gainTile[ie];
    }
    const float* wTile = w + (Index(h0) * P * D + d0) * nE + e0;
    mma({&y[0][0][0], Index(P) * D, 1}, matrix(value), {wTile, 1, nE}, validQ, P * D, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = y[iq][ip][id] * value3Row + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value5[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value5[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? y[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = h0 < turningValue ? y[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id] : y[iq][ip][id];
    }
  }
  // linearRope.ts:56  out = cast(w.dtype, turnedFirst(map(y, bias, (y, bias) => y + bias), turning, cos, si…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, y, {validQ, P, D});
}
}  // namespace normLinearRopeBias_f32_d32_block

KERNEL void normLinearRopeBias_f32_d32(void* const* args) {
  using namespace normLinearRopeBias_f32_d32_block;
  const float* x = tensor<const float>(args[0]);
  const float* gain = tensor<const float>(args[1]);
  const float eps = scalar<float>(args[2]);
  const float* w = tensor<const float>(args[3]);
  const float* bias = tensor<const float>(args[4]);
  const std::int32_t turning = scalar<std::int32_t>(args[5]);
  const float* cos = tensor<const float>(args[6]);
  const float* sin = tensor<const float>(args[7]);
  float* out = tensor<float>(args[8]);
  const int nQ = size(args[9]);
  const int nE = size(args[10]);
  const int nH = size(args[11]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, gain, eps, w, bias, turning, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 256, q 128, h 1, d 64.
namespace normLinearRopeBias_f32_d64_block {
constexpr int BQ = 128, P = 2, D = 64, BE = 256;

static void block(const float* x, const float* gain, float eps, const float* w, const float* bias, std::int32_t turning, const float* cos, const float* sin, float* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float squares[BQ];
  TILE float y[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value3[BQ];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value5[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:55  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(y, 0.0f);
  // linearRope.ts:56  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:55  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value[iq][ie] = xTile[iq][ie] * gainTile[ie];
    }
    const float* wTile = w + (Index(h0) * P * D + d0) * nE + e0;
    mma({&y[0][0][0], Index(P) * D, 1}, matrix(value), {wTile, 1, nE}, validQ, P * D, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = y[iq][ip][id] * value3Row + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value5[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value5[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? y[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = h0 < turningValue ? y[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id] : y[iq][ip][id];
    }
  }
  // linearRope.ts:56  out = cast(w.dtype, turnedFirst(map(y, bias, (y, bias) => y + bias), turning, cos, si…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, y, {validQ, P, D});
}
}  // namespace normLinearRopeBias_f32_d64_block

KERNEL void normLinearRopeBias_f32_d64(void* const* args) {
  using namespace normLinearRopeBias_f32_d64_block;
  const float* x = tensor<const float>(args[0]);
  const float* gain = tensor<const float>(args[1]);
  const float eps = scalar<float>(args[2]);
  const float* w = tensor<const float>(args[3]);
  const float* bias = tensor<const float>(args[4]);
  const std::int32_t turning = scalar<std::int32_t>(args[5]);
  const float* cos = tensor<const float>(args[6]);
  const float* sin = tensor<const float>(args[7]);
  float* out = tensor<float>(args[8]);
  const int nQ = size(args[9]);
  const int nE = size(args[10]);
  const int nH = size(args[11]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, gain, eps, w, bias, turning, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 256, q 128, h 1, d 32.
namespace normLinearRopeBias_bf16_d32_block {
constexpr int BQ = 128, P = 2, D = 32, BE = 256;

static void block(const float* x, const bf16* gain, float eps, const bf16* w, const bf16* bias, std::int32_t turning, const float* cos, const float* sin, bf16* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float squares[BQ];
  TILE float y[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value2[BQ][BE];
  TILE float wTile[BE][P][D];
  TILE float value3[BQ];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value5[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:55  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(y, 0.0f);
  // linearRope.ts:56  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:55  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value2[iq][ie] = rounded<bf16>(xTile[iq][ie] * gainTile[ie]);
    }
    load(wTile, w + (Index(h0) * P * D + d0) * nE + e0, {1, Index(D) * nE, nE}, {validE, P, D});
    mma({&y[0][0][0], Index(P) * D, 1}, matrix(value2), {&wTile[0][0][0], Index(P) * D, 1}, validQ, P * D, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = y[iq][ip][id] * value3Row + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value5[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value5[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? y[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = h0 < turningValue ? y[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id] : y[iq][ip][id];
    }
  }
  // linearRope.ts:56  out = cast(w.dtype, turnedFirst(map(y, bias, (y, bias) => y + bias), turning, cos, si…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, y, {validQ, P, D});
}
}  // namespace normLinearRopeBias_bf16_d32_block

KERNEL void normLinearRopeBias_bf16_d32(void* const* args) {
  using namespace normLinearRopeBias_bf16_d32_block;
  const float* x = tensor<const float>(args[0]);
  const bf16* gain = tensor<const bf16>(args[1]);
  const float eps = scalar<float>(args[2]);
  const bf16* w = tensor<const bf16>(args[3]);
  const bf16* bias = tensor<const bf16>(args[4]);
  const std::int32_t turning = scalar<std::int32_t>(args[5]);
  const float* cos = tensor<const float>(args[6]);
  const float* sin = tensor<const float>(args[7]);
  bf16* out = tensor<bf16>(args[8]);
  const int nQ = size(args[9]);
  const int nE = size(args[10]);
  const int nH = size(args[11]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, gain, eps, w, bias, turning, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 256, q 128, h 1, d 64.
namespace normLinearRopeBias_bf16_d64_block {
constexpr int BQ = 128, P = 2, D = 64, BE = 256;

static void block(const float* x, const bf16* gain, float eps, const bf16* w, const bf16* bias, std::int32_t turning, const float* cos, const float* sin, bf16* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float squares[BQ];
  TILE float y[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float value[BQ][BE];
  TILE float gainTile[BE];
  TILE float value2[BQ][BE];
  TILE float wTile[BE][P][D];
  TILE float value3[BQ];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value5[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:55  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(y, 0.0f);
  // linearRope.ts:56  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:55  cast(w.dtype, normed(x, gain, eps))
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) value2[iq][ie] = rounded<bf16>(xTile[iq][ie] * gainTile[ie]);
    }
    load(wTile, w + (Index(h0) * P * D + d0) * nE + e0, {1, Index(D) * nE, nE}, {validE, P, D});
    mma({&y[0][0][0], Index(P) * D, 1}, matrix(value2), {&wTile[0][0][0], Index(P) * D, 1}, validQ, P * D, validE, accumulate);
  }
  const float epsValue = float(eps);
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) value3[iq] = 1.0f / std::sqrt(squares[iq] / float(maximum(nE, 1)) + epsValue);
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = y[iq][ip][id] * value3Row + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value5[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value5[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? y[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) y[iq][ip][id] = h0 < turningValue ? y[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id] : y[iq][ip][id];
    }
  }
  // linearRope.ts:56  out = cast(w.dtype, turnedFirst(map(y, bias, (y, bias) => y + bias), turning, cos, si…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, y, {validQ, P, D});
}
}  // namespace normLinearRopeBias_bf16_d64_block

KERNEL void normLinearRopeBias_bf16_d64(void* const* args) {
  using namespace normLinearRopeBias_bf16_d64_block;
  const float* x = tensor<const float>(args[0]);
  const bf16* gain = tensor<const bf16>(args[1]);
  const float eps = scalar<float>(args[2]);
  const bf16* w = tensor<const bf16>(args[3]);
  const bf16* bias = tensor<const bf16>(args[4]);
  const std::int32_t turning = scalar<std::int32_t>(args[5]);
  const float* cos = tensor<const float>(args[6]);
  const float* sin = tensor<const float>(args[7]);
  bf16* out = tensor<bf16>(args[8]);
  const int nQ = size(args[9]);
  const int nE = size(args[10]);
  const int nH = size(args[11]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, gain, eps, w, bias, turning, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}
