// chunkAttentionScaled, cpu. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace chunkAttentionScaled_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 128;

static void block(const float* q, const f8e4m3* k, const f8e4m3* v, const float* kScale, const float* vScale, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float oTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float vTile[BK][D];
  TILE float value2[BQ];
  TILE float lseTile[BQ];
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * value;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], BK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], BK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * value : -INFINITY;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], validK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], validK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    const float vScaleTile = float(vScale[g0]);
    for (int iq = 0; iq < validQ; iq++) {
      const float value2Row = value2[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * value2Row * vScaleTile;
    }
    store(o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
    store(lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
  }
}
}  // namespace chunkAttentionScaled_f32_d64_block

KERNEL void chunkAttentionScaled_f32_d64(void* const* args) {
  using namespace chunkAttentionScaled_f32_d64_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const f8e4m3* v = tensor<const f8e4m3>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  const float scale = scalar<float>(args[5]);
  float* o = tensor<float>(args[6]);
  float* lse = tensor<float>(args[7]);
  const int* qOffsets = tensor<const int>(args[8]);
  const int* kOffsets = tensor<const int>(args[9]);
  const int nC = size(args[10]);
  const int qLongest = size(args[11]);
  const int nG = size(args[12]);
  const int nR = size(args[13]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace chunkAttentionScaled_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 128;

static void block(const float* q, const f8e4m3* k, const f8e4m3* v, const float* kScale, const float* vScale, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float oTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float vTile[BK][D];
  TILE float value2[BQ];
  TILE float lseTile[BQ];
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * value;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], BK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], BK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * value : -INFINITY;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], validK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], validK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    const float vScaleTile = float(vScale[g0]);
    for (int iq = 0; iq < validQ; iq++) {
      const float value2Row = value2[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * value2Row * vScaleTile;
    }
    store(o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
    store(lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
  }
}
}  // namespace chunkAttentionScaled_f32_d128_block

KERNEL void chunkAttentionScaled_f32_d128(void* const* args) {
  using namespace chunkAttentionScaled_f32_d128_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const f8e4m3* v = tensor<const f8e4m3>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  const float scale = scalar<float>(args[5]);
  float* o = tensor<float>(args[6]);
  float* lse = tensor<float>(args[7]);
  const int* qOffsets = tensor<const int>(args[8]);
  const int* kOffsets = tensor<const int>(args[9]);
  const int nC = size(args[10]);
  const int qLongest = size(args[11]);
  const int nG = size(args[12]);
  const int nR = size(args[13]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace chunkAttentionScaled_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 128;

static void block(const bf16* q, const f8e4m3* k, const f8e4m3* v, const float* kScale, const float* vScale, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float oTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ][BK];
  TILE float vTile[BK][D];
  TILE float value3[BQ];
  TILE float lseTile[BQ];
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * value;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], BK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], BK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(oTile), matrix(value2), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * value : -INFINITY;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], validK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], validK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(oTile), matrix(value2), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value3[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    const float vScaleTile = float(vScale[g0]);
    for (int iq = 0; iq < validQ; iq++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * value3Row * vScaleTile;
    }
    store(o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
    store(lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_block

KERNEL void chunkAttentionScaled_bf16_d64(void* const* args) {
  using namespace chunkAttentionScaled_bf16_d64_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const f8e4m3* v = tensor<const f8e4m3>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  const float scale = scalar<float>(args[5]);
  bf16* o = tensor<bf16>(args[6]);
  float* lse = tensor<float>(args[7]);
  const int* qOffsets = tensor<const int>(args[8]);
  const int* kOffsets = tensor<const int>(args[9]);
  const int nC = size(args[10]);
  const int qLongest = size(args[11]);
  const int nG = size(args[12]);
  const int nR = size(args[13]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace chunkAttentionScaled_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 128;

static void block(const bf16* q, const f8e4m3* k, const f8e4m3* v, const float* kScale, const float* vScale, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float oTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ][BK];
  TILE float vTile[BK][D];
  TILE float value3[BQ];
  TILE float lseTile[BQ];
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * value;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], BK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], BK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(oTile), matrix(value2), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * value : -INFINITY;
        // chunkAttention.ts:28  softmax(s, 'k')
        kMax[iq] = maxOf(s[iq], validK);
      }
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], kMax[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp2(m[iq] - mNew[iq]);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
      for (int iq = 0; iq < validQ; iq++) {
        const float mNewRow = mNew[iq];
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = math::exp2(s[iq][ik] - mNewRow);
        l[iq] += sumOf(s[iq], validK);
        const float alphaRow = alpha[iq];
        #pragma omp simd
        for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(oTile), matrix(value2), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value3[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    const float vScaleTile = float(vScale[g0]);
    for (int iq = 0; iq < validQ; iq++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) oTile[iq][id] = oTile[iq][id] * value3Row * vScaleTile;
    }
    store(o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
    store(lse + (Index(qStart + q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_block

KERNEL void chunkAttentionScaled_bf16_d128(void* const* args) {
  using namespace chunkAttentionScaled_bf16_d128_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const f8e4m3* v = tensor<const f8e4m3>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  const float scale = scalar<float>(args[5]);
  bf16* o = tensor<bf16>(args[6]);
  float* lse = tensor<float>(args[7]);
  const int* qOffsets = tensor<const int>(args[8]);
  const int* kOffsets = tensor<const int>(args[9]);
  const int nC = size(args[10]);
  const int qLongest = size(args[11]);
  const int nG = size(args[12]);
  const int nR = size(args[13]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}
