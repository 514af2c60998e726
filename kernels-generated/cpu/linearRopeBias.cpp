// linearRopeBias, cpu. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 128, h 1, d 32.
namespace linearRopeBias_f32_d32_block {
constexpr int BQ = 128, P = 2, D = 32, BE = 256;

static void block(const float* x, const float* w, const float* bias, const float* cos, const float* sin, float* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  TILE float acc[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value2[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  // linearRope.ts:32  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* wTile = w + (Index(h0) * P * D + d0) * nE + e0;
    mma({&acc[0][0][0], Index(P) * D, 1}, matrix(xTile), {wTile, 1, nE}, validQ, P * D, validE, accumulate);
  }
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value2[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value2[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? acc[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id];
    }
  }
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, acc, {validQ, P, D});
}
}  // namespace linearRopeBias_f32_d32_block

KERNEL void linearRopeBias_f32_d32(void* const* args) {
  using namespace linearRopeBias_f32_d32_block;
  const float* x = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  const float* bias = tensor<const float>(args[2]);
  const float* cos = tensor<const float>(args[3]);
  const float* sin = tensor<const float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nH = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 128, h 1, d 64.
namespace linearRopeBias_f32_d64_block {
constexpr int BQ = 128, P = 2, D = 64, BE = 256;

static void block(const float* x, const float* w, const float* bias, const float* cos, const float* sin, float* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  TILE float acc[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value2[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  // linearRope.ts:32  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    const float* wTile = w + (Index(h0) * P * D + d0) * nE + e0;
    mma({&acc[0][0][0], Index(P) * D, 1}, matrix(xTile), {wTile, 1, nE}, validQ, P * D, validE, accumulate);
  }
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value2[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value2[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? acc[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id];
    }
  }
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, acc, {validQ, P, D});
}
}  // namespace linearRopeBias_f32_d64_block

KERNEL void linearRopeBias_f32_d64(void* const* args) {
  using namespace linearRopeBias_f32_d64_block;
  const float* x = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  const float* bias = tensor<const float>(args[2]);
  const float* cos = tensor<const float>(args[3]);
  const float* sin = tensor<const float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nH = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 128, h 1, d 32.
namespace linearRopeBias_bf16_d32_block {
constexpr int BQ = 128, P = 2, D = 32, BE = 256;

static void block(const bf16* x, const bf16* w, const bf16* bias, const float* cos, const float* sin, bf16* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  TILE float acc[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float wTile[BE][P][D];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value2[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  // linearRope.ts:32  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + (Index(h0) * P * D + d0) * nE + e0, {1, Index(D) * nE, nE}, {validE, P, D});
    mma({&acc[0][0][0], Index(P) * D, 1}, matrix(xTile), {&wTile[0][0][0], Index(P) * D, 1}, validQ, P * D, validE, accumulate);
  }
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value2[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value2[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? acc[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id];
    }
  }
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, acc, {validQ, P, D});
}
}  // namespace linearRopeBias_bf16_d32_block

KERNEL void linearRopeBias_bf16_d32(void* const* args) {
  using namespace linearRopeBias_bf16_d32_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  const bf16* bias = tensor<const bf16>(args[2]);
  const float* cos = tensor<const float>(args[3]);
  const float* sin = tensor<const float>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nH = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 128, h 1, d 64.
namespace linearRopeBias_bf16_d64_block {
constexpr int BQ = 128, P = 2, D = 64, BE = 256;

static void block(const bf16* x, const bf16* w, const bf16* bias, const float* cos, const float* sin, bf16* out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  TILE float acc[BQ][P][D];
  TILE float xTile[BQ][BE];
  TILE float wTile[BE][P][D];
  TILE float biasTile[P][D];
  TILE float cosTile[BQ][D];
  TILE int value2[P];
  TILE float other[BQ][P][D];
  TILE float sinTile[BQ][D];
  // linearRope.ts:32  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    load(wTile, w + (Index(h0) * P * D + d0) * nE + e0, {1, Index(D) * nE, nE}, {validE, P, D});
    mma({&acc[0][0][0], Index(P) * D, 1}, matrix(xTile), {&wTile[0][0][0], Index(P) * D, 1}, validQ, P * D, validE, accumulate);
  }
  load(biasTile, bias + Index(h0) * P * D + d0, {D, 1}, {P, D});
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] + biasTile[ip][id];
    }
  }
  load(cosTile, cos + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:13  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value2[ip] = 1 - ip;
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value2[ip];
      for (int id = 0; id < D; id++) other[iq][ip][id] = inside(place, P) ? acc[iq][place][id] : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * D + d0, {D, 1}, {validQ, D});
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < D; id++) acc[iq][ip][id] = acc[iq][ip][id] * cosTile[iq][id] + (ip == 0 ? -other[iq][ip][id] : other[iq][ip][id]) * sinTile[iq][id];
    }
  }
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(out + ((Index(q0) * nH + h0) * P) * D + d0, {Index(nH) * P * D, D, 1}, acc, {validQ, P, D});
}
}  // namespace linearRopeBias_bf16_d64_block

KERNEL void linearRopeBias_bf16_d64(void* const* args) {
  using namespace linearRopeBias_bf16_d64_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  const bf16* bias = tensor<const bf16>(args[2]);
  const float* cos = tensor<const float>(args[3]);
  const float* sin = tensor<const float>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int nQ = size(args[6]);
  const int nE = size(args[7]);
  const int nH = size(args[8]);
  const int qBlocks = blocks(nQ, BQ), dBlocks = blocks(D, D);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * nH * dBlocks > 1)
  for (int i = 0; i < qBlocks * nH * dBlocks; i++) block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * dBlocks) * BQ, i / dBlocks % nH, i % dBlocks * D);
}
