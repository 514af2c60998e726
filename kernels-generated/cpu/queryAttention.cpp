// queryAttention, cpu. From runtime/kernels/queryAttention.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace queryAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 128;

static void block(const float* q, const float* k, const float* v, const float* bias, float scale, float* out, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float outTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float s[BQ][BK];
  TILE float biasTile[BK];
  TILE float value[BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ];
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      const float* kTile = k + (Index(kStart + k0) * nG + g0) * D;
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), {kTile, 1, Index(nG) * D}, validQ, BK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BK});
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f) + value[ik];
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
      }
      const float* vTile = v + (Index(kStart + k0) * nG + g0) * D;
      mma(matrix(outTile), matrix(s), {vTile, Index(nG) * D, 1}, validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      const float* kTile = k + (Index(kStart + k0) * nG + g0) * D;
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), {kTile, 1, Index(nG) * D}, validQ, validK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validK});
      #pragma omp simd
      for (int ik = 0; ik < wideK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * (scaleValue * 1.442695f) + value[ik] : -INFINITY;
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
      }
      const float* vTile = v + (Index(kStart + k0) * nG + g0) * D;
      mma(matrix(outTile), matrix(s), {vTile, Index(nG) * D, 1}, validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float value2Row = value2[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * value2Row;
    }
    store(out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, outTile, {validQ, D});
  }
}
}  // namespace queryAttention_f32_d64_block

KERNEL void queryAttention_f32_d64(void* const* args) {
  using namespace queryAttention_f32_d64_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* v = tensor<const float>(args[2]);
  const float* bias = tensor<const float>(args[3]);
  const float scale = scalar<float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int qLongest = size(args[9]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, bias, scale, out, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace queryAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 128;

static void block(const float* q, const float* k, const float* v, const float* bias, float scale, float* out, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float outTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float s[BQ][BK];
  TILE float biasTile[BK];
  TILE float value[BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ];
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      const float* kTile = k + (Index(kStart + k0) * nG + g0) * D;
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), {kTile, 1, Index(nG) * D}, validQ, BK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BK});
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f) + value[ik];
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
      }
      const float* vTile = v + (Index(kStart + k0) * nG + g0) * D;
      mma(matrix(outTile), matrix(s), {vTile, Index(nG) * D, 1}, validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      const float* kTile = k + (Index(kStart + k0) * nG + g0) * D;
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), {kTile, 1, Index(nG) * D}, validQ, validK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validK});
      #pragma omp simd
      for (int ik = 0; ik < wideK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * (scaleValue * 1.442695f) + value[ik] : -INFINITY;
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
      }
      const float* vTile = v + (Index(kStart + k0) * nG + g0) * D;
      mma(matrix(outTile), matrix(s), {vTile, Index(nG) * D, 1}, validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float value2Row = value2[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * value2Row;
    }
    store(out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, outTile, {validQ, D});
  }
}
}  // namespace queryAttention_f32_d128_block

KERNEL void queryAttention_f32_d128(void* const* args) {
  using namespace queryAttention_f32_d128_block;
  const float* q = tensor<const float>(args[0]);
  const float* k = tensor<const float>(args[1]);
  const float* v = tensor<const float>(args[2]);
  const float* bias = tensor<const float>(args[3]);
  const float scale = scalar<float>(args[4]);
  float* out = tensor<float>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int qLongest = size(args[9]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, bias, scale, out, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace queryAttention_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 128;

static void block(const bf16* q, const bf16* k, const bf16* v, const float* bias, float scale, bf16* out, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float outTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float biasTile[BK];
  TILE float value[BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ][BK];
  TILE float vTile[BK][D];
  TILE float value3[BQ];
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BK});
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f) + value[ik];
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(outTile), matrix(value2), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validK});
      #pragma omp simd
      for (int ik = 0; ik < wideK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * (scaleValue * 1.442695f) + value[ik] : -INFINITY;
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(outTile), matrix(value2), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value3[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * value3Row;
    }
    store(out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, outTile, {validQ, D});
  }
}
}  // namespace queryAttention_bf16_d64_block

KERNEL void queryAttention_bf16_d64(void* const* args) {
  using namespace queryAttention_bf16_d64_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const bf16* v = tensor<const bf16>(args[2]);
  const float* bias = tensor<const float>(args[3]);
  const float scale = scalar<float>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int qLongest = size(args[9]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, bias, scale, out, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 64, g 1, r 1.
namespace queryAttention_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 128;

static void block(const bf16* q, const bf16* k, const bf16* v, const float* bias, float scale, bf16* out, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float outTile[BQ][D];
  TILE float qTile[BQ][D];
  TILE float kTile[D][BK];
  TILE float s[BQ][BK];
  TILE float biasTile[BK];
  TILE float value[BK];
  TILE float kMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float value2[BQ][BK];
  TILE float vTile[BK][D];
  TILE float value3[BQ];
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    load(qTile, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + nK - nQ + 1), 128) * 128), kEnd));
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BK});
      #pragma omp simd
      for (int ik = 0; ik < BK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f) + value[ik];
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < BK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
      mma(matrix(outTile), matrix(value2), matrix(vTile), validQ, D, BK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      const int wideK = wide<BK>(validK);
      load(kTile, k + (Index(kStart + k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
      // queryAttention.ts:13  dot(q, k, 'd')
      mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
      load(biasTile, bias + (Index(kStart + k0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validK});
      #pragma omp simd
      for (int ik = 0; ik < wideK; ik++) value[ik] = biasTile[ik] * 1.442695f;
      for (int iq = 0; iq < validQ; iq++) {
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) s[iq][ik] = k0 + ik <= q0 + iq + nK - nQ ? s[iq][ik] * (scaleValue * 1.442695f) + value[ik] : -INFINITY;
        // queryAttention.ts:14  softmax(s, 'k')
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
        for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * alphaRow;
        #pragma omp simd
        for (int ik = 0; ik < wideK; ik++) value2[iq][ik] = rounded<bf16>(s[iq][ik]);
      }
      load(vTile, v + (Index(kStart + k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
      mma(matrix(outTile), matrix(value2), matrix(vTile), validQ, D, validK, accumulate);
      #pragma omp simd
      for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) value3[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float value3Row = value3[iq];
      #pragma omp simd
      for (int id = 0; id < D; id++) outTile[iq][id] = outTile[iq][id] * value3Row;
    }
    store(out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, outTile, {validQ, D});
  }
}
}  // namespace queryAttention_bf16_d128_block

KERNEL void queryAttention_bf16_d128(void* const* args) {
  using namespace queryAttention_bf16_d128_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const bf16* k = tensor<const bf16>(args[1]);
  const bf16* v = tensor<const bf16>(args[2]);
  const float* bias = tensor<const float>(args[3]);
  const float scale = scalar<float>(args[4]);
  bf16* out = tensor<bf16>(args[5]);
  const int* qOffsets = tensor<const int>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int nC = size(args[8]);
  const int qLongest = size(args[9]);
  const int nG = size(args[10]);
  const int nR = size(args[11]);
  const int qBlocks = blocks(qLongest, BQ);
  #pragma omp parallel for schedule(dynamic) if (nC * qBlocks * nG * nR > 1)
  for (int i = nC * qBlocks * nG * nR - 1; i >= 0; i--) block(q, k, v, bias, scale, out, qOffsets, kOffsets, nG, nR, i / (qBlocks * nG * nR), i / (nG * nR) % qBlocks * BQ, i / nR % nG, i % nR);
}
