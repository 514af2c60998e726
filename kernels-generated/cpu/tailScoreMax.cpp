// tailScoreMax, cpu. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 32, r 1, g 1, c 1, k 128.
namespace tailScoreMax_f32_d64_block {
constexpr int BK = 128, D = 64, BQ = 32, BR = 1;

static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float p[BK][BQ];
  TILE float lseTile[BQ];
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 32) * 32, floorDivide(maximum(0, k0 - (nK - nQ)), 32) * 32);
      const int qFull = maximum(qFirst, minimum(maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 31, 32) * 32, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 31, 32) * 32), nQ));
      const int qRest = maximum(qFull, minimum(floorDivide(nQ, 32) * 32, nQ));
      for (int q0 = qFirst; q0 < qFull; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int q0 = qFull; q0 < qRest; q0 += BQ) {
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, BQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < BQ; iq++) p[ik][iq] = math::exp(p[ik][iq] * scaleValue - lseTile[iq]);
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], BQ);
        }
      }
      for (int q0 = qRest; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
    }
    store(out + Index(g0) * kOffsets[nC] + kStart + k0, {1}, outTile, {validK});
  }
}
}  // namespace tailScoreMax_f32_d64_block

KERNEL void tailScoreMax_f32_d64(void* const* args) {
  using namespace tailScoreMax_f32_d64_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t rows = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int kLongest = size(args[12]);
  const int kBlocks = blocks(kLongest, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * nC * kBlocks > 1)
  for (int i = 0; i < nG * nC * kBlocks; i++) block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * kBlocks), i / kBlocks % nC, i % kBlocks * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 32, r 1, g 1, c 1, k 128.
namespace tailScoreMax_f32_d128_block {
constexpr int BK = 128, D = 128, BQ = 32, BR = 1;

static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float p[BK][BQ];
  TILE float lseTile[BQ];
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 32) * 32, floorDivide(maximum(0, k0 - (nK - nQ)), 32) * 32);
      const int qFull = maximum(qFirst, minimum(maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 31, 32) * 32, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 31, 32) * 32), nQ));
      const int qRest = maximum(qFull, minimum(floorDivide(nQ, 32) * 32, nQ));
      for (int q0 = qFirst; q0 < qFull; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int q0 = qFull; q0 < qRest; q0 += BQ) {
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, BQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < BQ; iq++) p[ik][iq] = math::exp(p[ik][iq] * scaleValue - lseTile[iq]);
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], BQ);
        }
      }
      for (int q0 = qRest; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        const float* qTile = q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D;
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), {qTile, 1, Index(nG) * nR * D}, validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
    }
    store(out + Index(g0) * kOffsets[nC] + kStart + k0, {1}, outTile, {validK});
  }
}
}  // namespace tailScoreMax_f32_d128_block

KERNEL void tailScoreMax_f32_d128(void* const* args) {
  using namespace tailScoreMax_f32_d128_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t rows = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int kLongest = size(args[12]);
  const int kBlocks = blocks(kLongest, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * nC * kBlocks > 1)
  for (int i = 0; i < nG * nC * kBlocks; i++) block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * kBlocks), i / kBlocks % nC, i % kBlocks * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 32, r 1, g 1, c 1, k 128.
namespace tailScoreMax_bf16_d64_block {
constexpr int BK = 128, D = 64, BQ = 32, BR = 1;

static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float qTile[D][BQ];
  TILE float p[BK][BQ];
  TILE float lseTile[BQ];
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 32) * 32, floorDivide(maximum(0, k0 - (nK - nQ)), 32) * 32);
      const int qFull = maximum(qFirst, minimum(maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 31, 32) * 32, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 31, 32) * 32), nQ));
      const int qRest = maximum(qFull, minimum(floorDivide(nQ, 32) * 32, nQ));
      for (int q0 = qFirst; q0 < qFull; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int q0 = qFull; q0 < qRest; q0 += BQ) {
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, BQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < BQ; iq++) p[ik][iq] = math::exp(p[ik][iq] * scaleValue - lseTile[iq]);
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], BQ);
        }
      }
      for (int q0 = qRest; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
    }
    store(out + Index(g0) * kOffsets[nC] + kStart + k0, {1}, outTile, {validK});
  }
}
}  // namespace tailScoreMax_bf16_d64_block

KERNEL void tailScoreMax_bf16_d64(void* const* args) {
  using namespace tailScoreMax_bf16_d64_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t rows = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int kLongest = size(args[12]);
  const int kBlocks = blocks(kLongest, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * nC * kBlocks > 1)
  for (int i = 0; i < nG * nC * kBlocks; i++) block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * kBlocks), i / kBlocks % nC, i % kBlocks * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 32, r 1, g 1, c 1, k 128.
namespace tailScoreMax_bf16_d128_block {
constexpr int BK = 128, D = 128, BQ = 32, BR = 1;

static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  TILE float outTile[BK];
  TILE float acc[BK];
  TILE float kTile[BK][D];
  TILE float qTile[D][BQ];
  TILE float p[BK][BQ];
  TILE float lseTile[BQ];
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 32) * 32, floorDivide(maximum(0, k0 - (nK - nQ)), 32) * 32);
      const int qFull = maximum(qFirst, minimum(maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 31, 32) * 32, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 31, 32) * 32), nQ));
      const int qRest = maximum(qFull, minimum(floorDivide(nQ, 32) * 32, nQ));
      for (int q0 = qFirst; q0 < qFull; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int q0 = qFull; q0 < qRest; q0 += BQ) {
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, BQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < BQ; iq++) p[ik][iq] = math::exp(p[ik][iq] * scaleValue - lseTile[iq]);
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], BQ);
        }
      }
      for (int q0 = qRest; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        const int wideQ = wide<BQ>(validQ);
        load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validQ});
        // tailScore.ts:23  dot(q, k, 'd')
        mma(matrix(p), matrix(kTile), matrix(qTile), validK, validQ, D, overwrite);
        load(lseTile, lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validQ});
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int iq = 0; iq < wideQ; iq++) p[ik][iq] = nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[ik][iq] * scaleValue - lseTile[iq]) : 0.0f;
          // tailScore.ts:25  sum(p, 'q')
          acc[ik] += sumOf(p[ik], validQ);
        }
      }
      for (int ik = 0; ik < validK; ik++) outTile[ik] = maximum(outTile[ik], acc[ik]);
    }
    store(out + Index(g0) * kOffsets[nC] + kStart + k0, {1}, outTile, {validK});
  }
}
}  // namespace tailScoreMax_bf16_d128_block

KERNEL void tailScoreMax_bf16_d128(void* const* args) {
  using namespace tailScoreMax_bf16_d128_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const float* lse = tensor<const float>(args[2]);
  const float scale = scalar<float>(args[3]);
  const std::int32_t rows = scalar<std::int32_t>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int kLongest = size(args[12]);
  const int kBlocks = blocks(kLongest, BK);
  #pragma omp parallel for schedule(dynamic) if (nG * nC * kBlocks > 1)
  for (int i = 0; i < nG * nC * kBlocks; i++) block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * kBlocks), i / kBlocks % nC, i % kBlocks * BK);
}
