// joinRowsScaled, cpu. From runtime/kernels/joinRows.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, k 4, g 8, d 512.
namespace joinRowsScaled_f32_block {
constexpr int BK = 4, BG = 8, BD = 512;

static void block(const f8e4m3* k, const f8e4m3* v, const float* kNew, const float* vNew, const float* kScale, const float* vScale, float* keys, float* values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int wideK = wide<BK>(validK);
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validD = minimum(BD, nD - d0);
  const int validG = minimum(BG, nG - g0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int wideD = wide<BD>(validD);
  TILE int value[BK];
  TILE float first[BK][BG][BD];
  TILE float kScaleTile[BG];
  TILE int value2[BK];
  TILE float last[BK][BG][BD];
  TILE float value3[BK][BG][BD];
  TILE float first2[BK][BG][BD];
  TILE float vScaleTile[BG];
  TILE float last2[BK][BG][BD];
  // joinRows.ts:25  joinRowsScaled = kernel('joinRowsScaled', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: rag…
  if (k0 < nK) {
    // joinRows.ts:7  tabulate(['k'], (at) => at.k)
    #pragma omp simd
    for (int ik = 0; ik < wideK; ik++) value[ik] = k0 + ik;
    for (int ik = 0; ik < validK; ik++) {
      const int place = value[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) first[ik][ig][id] = inside(place, nJ) ? float(k[(Index(jStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(kScaleTile, kScale + g0, {1}, {validG});
    // joinRows.ts:8  tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q'))
    #pragma omp simd
    for (int ik = 0; ik < wideK; ik++) value2[ik] = k0 + ik - nK + nQ;
    for (int ik = 0; ik < validK; ik++) {
      const int place2 = value2[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) last[ik][ig][id] = inside(place2, nQ) ? float(kNew[(Index(qStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const int valueRow = value[ik];
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value3[ik][ig][id] = k0 + ik < nK - nQ ? (0 <= valueRow && valueRow < nJ ? first[ik][ig][id] * kScaleTileRow : 0.0f) : last[ik][ig][id];
      }
    }
    // joinRows.ts:31  keys = cast(kNew.dtype, joined(whole(k, kScale), kNew))
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value3, {validK, validG, validD});
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    for (int ik = 0; ik < validK; ik++) {
      const int place3 = value[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) first2[ik][ig][id] = inside(place3, nJ) ? float(v[(Index(jStart + place3) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(vScaleTile, vScale + g0, {1}, {validG});
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    for (int ik = 0; ik < validK; ik++) {
      const int place4 = value2[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) last2[ik][ig][id] = inside(place4, nQ) ? float(vNew[(Index(qStart + place4) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const int valueRow = value[ik];
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value3[ik][ig][id] = k0 + ik < nK - nQ ? (0 <= valueRow && valueRow < nJ ? first2[ik][ig][id] * vScaleTileRow : 0.0f) : last2[ik][ig][id];
      }
    }
    // joinRows.ts:31  values = cast(vNew.dtype, joined(whole(v, vScale), vNew))
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value3, {validK, validG, validD});
  }
}
}  // namespace joinRowsScaled_f32_block

KERNEL void joinRowsScaled_f32(void* const* args) {
  using namespace joinRowsScaled_f32_block;
  const f8e4m3* k = tensor<const f8e4m3>(args[0]);
  const f8e4m3* v = tensor<const f8e4m3>(args[1]);
  const float* kNew = tensor<const float>(args[2]);
  const float* vNew = tensor<const float>(args[3]);
  const float* kScale = tensor<const float>(args[4]);
  const float* vScale = tensor<const float>(args[5]);
  float* keys = tensor<float>(args[6]);
  float* values = tensor<float>(args[7]);
  const int* jOffsets = tensor<const int>(args[8]);
  const int* qOffsets = tensor<const int>(args[9]);
  const int* kOffsets = tensor<const int>(args[10]);
  const int nC = size(args[11]);
  const int nG = size(args[13]);
  const int nD = size(args[14]);
  const int kLongest = size(args[16]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(k, v, kNew, vNew, kScale, vScale, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, k 4, g 8, d 512.
namespace joinRowsScaled_bf16_block {
constexpr int BK = 4, BG = 8, BD = 512;

static void block(const f8e4m3* k, const f8e4m3* v, const bf16* kNew, const bf16* vNew, const float* kScale, const float* vScale, bf16* keys, bf16* values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int wideK = wide<BK>(validK);
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validD = minimum(BD, nD - d0);
  const int validG = minimum(BG, nG - g0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int wideD = wide<BD>(validD);
  TILE int value[BK];
  TILE float first[BK][BG][BD];
  TILE float kScaleTile[BG];
  TILE int value2[BK];
  TILE float last[BK][BG][BD];
  TILE float value3[BK][BG][BD];
  TILE float first2[BK][BG][BD];
  TILE float vScaleTile[BG];
  TILE float last2[BK][BG][BD];
  // joinRows.ts:25  joinRowsScaled = kernel('joinRowsScaled', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: rag…
  if (k0 < nK) {
    // joinRows.ts:7  tabulate(['k'], (at) => at.k)
    #pragma omp simd
    for (int ik = 0; ik < wideK; ik++) value[ik] = k0 + ik;
    for (int ik = 0; ik < validK; ik++) {
      const int place = value[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) first[ik][ig][id] = inside(place, nJ) ? float(k[(Index(jStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(kScaleTile, kScale + g0, {1}, {validG});
    // joinRows.ts:8  tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q'))
    #pragma omp simd
    for (int ik = 0; ik < wideK; ik++) value2[ik] = k0 + ik - nK + nQ;
    for (int ik = 0; ik < validK; ik++) {
      const int place2 = value2[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) last[ik][ig][id] = inside(place2, nQ) ? float(kNew[(Index(qStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const int valueRow = value[ik];
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value3[ik][ig][id] = k0 + ik < nK - nQ ? (0 <= valueRow && valueRow < nJ ? first[ik][ig][id] * kScaleTileRow : 0.0f) : last[ik][ig][id];
      }
    }
    // joinRows.ts:31  keys = cast(kNew.dtype, joined(whole(k, kScale), kNew))
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value3, {validK, validG, validD});
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    for (int ik = 0; ik < validK; ik++) {
      const int place3 = value[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) first2[ik][ig][id] = inside(place3, nJ) ? float(v[(Index(jStart + place3) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(vScaleTile, vScale + g0, {1}, {validG});
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    for (int ik = 0; ik < validK; ik++) {
      const int place4 = value2[ik];
      for (int ig = 0; ig < validG; ig++) {
        for (int id = 0; id < validD; id++) last2[ik][ig][id] = inside(place4, nQ) ? float(vNew[(Index(qStart + place4) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const int valueRow = value[ik];
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value3[ik][ig][id] = k0 + ik < nK - nQ ? (0 <= valueRow && valueRow < nJ ? first2[ik][ig][id] * vScaleTileRow : 0.0f) : last2[ik][ig][id];
      }
    }
    // joinRows.ts:31  values = cast(vNew.dtype, joined(whole(v, vScale), vNew))
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value3, {validK, validG, validD});
  }
}
}  // namespace joinRowsScaled_bf16_block

KERNEL void joinRowsScaled_bf16(void* const* args) {
  using namespace joinRowsScaled_bf16_block;
  const f8e4m3* k = tensor<const f8e4m3>(args[0]);
  const f8e4m3* v = tensor<const f8e4m3>(args[1]);
  const bf16* kNew = tensor<const bf16>(args[2]);
  const bf16* vNew = tensor<const bf16>(args[3]);
  const float* kScale = tensor<const float>(args[4]);
  const float* vScale = tensor<const float>(args[5]);
  bf16* keys = tensor<bf16>(args[6]);
  bf16* values = tensor<bf16>(args[7]);
  const int* jOffsets = tensor<const int>(args[8]);
  const int* qOffsets = tensor<const int>(args[9]);
  const int* kOffsets = tensor<const int>(args[10]);
  const int nC = size(args[11]);
  const int nG = size(args[13]);
  const int nD = size(args[14]);
  const int kLongest = size(args[16]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(k, v, kNew, vNew, kScale, vScale, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
