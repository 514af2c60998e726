// tailScoreMax, cpu. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 128.
namespace tailScoreMax_f32_d64_block {
constexpr int BK = 128, D = 64, BW = 32, BR = 1;

static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float p[BK][BW];
  TILE float lseTile[BW];
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  const int firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    const int wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 31, 32) * 32, nW));
    const int wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < BW; iw++) p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], BW);
      }
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
  }
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_f32_d64_block

KERNEL void tailScoreMax_f32_d64(void* const* args) {
  using namespace tailScoreMax_f32_d64_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t first = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nW = size(args[6]);
  const int nG = size(args[7]);
  const int nR = size(args[8]);
  const int nK = size(args[9]);
  const int kBlocks = blocks(nK, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * kBlocks > 1)
  for (int i = 0; i < nG * kBlocks; i++) block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / kBlocks, i % kBlocks * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 128.
namespace tailScoreMax_f32_d128_block {
constexpr int BK = 128, D = 128, BW = 32, BR = 1;

static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float p[BK][BW];
  TILE float lseTile[BW];
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  const int firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    const int wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 31, 32) * 32, nW));
    const int wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < BW; iw++) p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], BW);
      }
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      const float* qTile = q + ((Index(w0) * nG + g0) * nR + r0) * D;
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
  }
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_f32_d128_block

KERNEL void tailScoreMax_f32_d128(void* const* args) {
  using namespace tailScoreMax_f32_d128_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t first = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nW = size(args[6]);
  const int nG = size(args[7]);
  const int nR = size(args[8]);
  const int nK = size(args[9]);
  const int kBlocks = blocks(nK, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * kBlocks > 1)
  for (int i = 0; i < nG * kBlocks; i++) block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / kBlocks, i % kBlocks * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 128.
namespace tailScoreMax_bf16_d64_block {
constexpr int BK = 128, D = 64, BW = 32, BR = 1;

static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float qTile[D][BW];
  TILE float p[BK][BW];
  TILE float lseTile[BW];
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  const int firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    const int wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 31, 32) * 32, nW));
    const int wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < BW; iw++) p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], BW);
      }
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
  }
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_bf16_d64_block

KERNEL void tailScoreMax_bf16_d64(void* const* args) {
  using namespace tailScoreMax_bf16_d64_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t first = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nW = size(args[6]);
  const int nG = size(args[7]);
  const int nR = size(args[8]);
  const int nK = size(args[9]);
  const int kBlocks = blocks(nK, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * kBlocks > 1)
  for (int i = 0; i < nG * kBlocks; i++) block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / kBlocks, i % kBlocks * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 128.
namespace tailScoreMax_bf16_d128_block {
constexpr int BK = 128, D = 128, BW = 32, BR = 1;

static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float qTile[D][BW];
  TILE float p[BK][BW];
  TILE float lseTile[BW];
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  const int firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    const int wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 31, 32) * 32, nW));
    const int wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < BW; iw++) p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], BW);
      }
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      const int wideW = wide<BW>(validW);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int iw = 0; iw < wideW; iw++) p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
        // tailScore.ts:22  sum(p, 'w')
        acc[ik] += sumOf(p[ik], validW);
      }
    }
    for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
  }
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_bf16_d128_block

KERNEL void tailScoreMax_bf16_d128(void* const* args) {
  using namespace tailScoreMax_bf16_d128_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t first = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int nW = size(args[6]);
  const int nG = size(args[7]);
  const int nR = size(args[8]);
  const int nK = size(args[9]);
  const int kBlocks = blocks(nK, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * kBlocks > 1)
  for (int i = 0; i < nG * kBlocks; i++) block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / kBlocks, i % kBlocks * BK);
}
