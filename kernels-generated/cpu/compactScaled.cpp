// compactScaled, cpu. From runtime/kernels/compact.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, n 4, g 8, d 512.
namespace compactScaled_f32_block {
constexpr int BN = 4, BG = 8, BD = 512;

static void block(const float* k, const float* v, const std::int32_t* index, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE int indexTile[BN][BG];
  TILE float picked[BN][BG][BD];
  TILE float kScaleTile[BG];
  TILE float value[BN][BG][BD];
  TILE float picked2[BN][BG][BD];
  TILE float vScaleTile[BG];
  // compact.ts:16  compactScaled = kernel('compactScaled', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dyn…
  if (n0 < nN) {
    load(indexTile, index + Index(g0) * nOffsets[nC] + nStart + n0, {1, nOffsets[nC]}, {validN, validG});
    // compact.ts:20  gather(k, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place = indexTile[in][ig];
        for (int id = 0; id < validD; id++) picked[in][ig][id] = inside(place, nK) ? float(k[(Index(kStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(kScaleTile, kScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value[in][ig][id] = picked[in][ig][id] / kScaleTileRow;
      }
    }
    store(keys + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validN, validG, validD});
    // compact.ts:20  gather(v, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place2 = indexTile[in][ig];
        for (int id = 0; id < validD; id++) picked2[in][ig][id] = inside(place2, nK) ? float(v[(Index(kStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(vScaleTile, vScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value[in][ig][id] = picked2[in][ig][id] / vScaleTileRow;
      }
    }
    store(values + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validN, validG, validD});
  }
}
}  // namespace compactScaled_f32_block

KERNEL void compactScaled_f32(void* const* args) {
  using namespace compactScaled_f32_block;
  const float* k = tensor<const float>(args[0]);
  const float* v = tensor<const float>(args[1]);
  const std::int32_t* index = tensor<const std::int32_t>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  f8e4m3* keys = tensor<f8e4m3>(args[5]);
  f8e4m3* values = tensor<f8e4m3>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int* nOffsets = tensor<const int>(args[8]);
  const int nC = size(args[9]);
  const int nG = size(args[11]);
  const int nD = size(args[12]);
  const int nLongest = size(args[13]);
  const int nBlocks = blocks(nLongest, BN), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * nBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * nBlocks * gBlocks * dBlocks; i++) block(k, v, index, kScale, vScale, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % nBlocks * BN, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, n 4, g 8, d 512.
namespace compactScaled_bf16_block {
constexpr int BN = 4, BG = 8, BD = 512;

static void block(const bf16* k, const bf16* v, const std::int32_t* index, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE int indexTile[BN][BG];
  TILE float picked[BN][BG][BD];
  TILE float kScaleTile[BG];
  TILE float value[BN][BG][BD];
  TILE float picked2[BN][BG][BD];
  TILE float vScaleTile[BG];
  // compact.ts:16  compactScaled = kernel('compactScaled', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dyn…
  if (n0 < nN) {
    load(indexTile, index + Index(g0) * nOffsets[nC] + nStart + n0, {1, nOffsets[nC]}, {validN, validG});
    // compact.ts:20  gather(k, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place = indexTile[in][ig];
        for (int id = 0; id < validD; id++) picked[in][ig][id] = inside(place, nK) ? float(k[(Index(kStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(kScaleTile, kScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value[in][ig][id] = picked[in][ig][id] / kScaleTileRow;
      }
    }
    store(keys + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validN, validG, validD});
    // compact.ts:20  gather(v, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place2 = indexTile[in][ig];
        for (int id = 0; id < validD; id++) picked2[in][ig][id] = inside(place2, nK) ? float(v[(Index(kStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    load(vScaleTile, vScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) value[in][ig][id] = picked2[in][ig][id] / vScaleTileRow;
      }
    }
    store(values + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validN, validG, validD});
  }
}
}  // namespace compactScaled_bf16_block

KERNEL void compactScaled_bf16(void* const* args) {
  using namespace compactScaled_bf16_block;
  const bf16* k = tensor<const bf16>(args[0]);
  const bf16* v = tensor<const bf16>(args[1]);
  const std::int32_t* index = tensor<const std::int32_t>(args[2]);
  const float* kScale = tensor<const float>(args[3]);
  const float* vScale = tensor<const float>(args[4]);
  f8e4m3* keys = tensor<f8e4m3>(args[5]);
  f8e4m3* values = tensor<f8e4m3>(args[6]);
  const int* kOffsets = tensor<const int>(args[7]);
  const int* nOffsets = tensor<const int>(args[8]);
  const int nC = size(args[9]);
  const int nG = size(args[11]);
  const int nD = size(args[12]);
  const int nLongest = size(args[13]);
  const int nBlocks = blocks(nLongest, BN), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * nBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * nBlocks * gBlocks * dBlocks; i++) block(k, v, index, kScale, vScale, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % nBlocks * BN, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
