// appendRowScaled, cpu. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, k 4, g 8, d 512.
namespace appendRowScaled_f32_block {
constexpr int BG = 8, BD = 512, BK = 4;

static void block(const float* key, const float* value, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  const int validK = minimum(BK, nK - k0);
  TILE float keyTile[BG][BD];
  TILE float kScaleTile[BG];
  TILE float valueTile[BK][BG][BD];
  TILE float valueTile2[BG][BD];
  TILE float vScaleTile[BG];
  // appendRow.ts:17  appendRowScaled = kernel('appendRowScaled', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dyn…
  if (k0 < nK) {
    load(keyTile, key + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    load(kScaleTile, kScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = keyTile[ig][id] / kScaleTileRow;
      }
    }
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
    load(valueTile2, value + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    load(vScaleTile, vScale + g0, {1}, {validG});
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = valueTile2[ig][id] / vScaleTileRow;
      }
    }
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
  }
}
}  // namespace appendRowScaled_f32_block

KERNEL void appendRowScaled_f32(void* const* args) {
  using namespace appendRowScaled_f32_block;
  const float* key = tensor<const float>(args[0]);
  const float* value = tensor<const float>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* vScale = tensor<const float>(args[3]);
  f8e4m3* keys = tensor<f8e4m3>(args[4]);
  f8e4m3* values = tensor<f8e4m3>(args[5]);
  const int* kOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[8]);
  const int nD = size(args[9]);
  const int kLongest = size(args[10]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(key, value, kScale, vScale, keys, values, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, k 4, g 8, d 512.
namespace appendRowScaled_bf16_block {
constexpr int BG = 8, BD = 512, BK = 4;

static void block(const bf16* key, const bf16* value, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  const int validK = minimum(BK, nK - k0);
  TILE float keyTile[BG][BD];
  TILE float kScaleTile[BG];
  TILE float valueTile[BK][BG][BD];
  TILE float valueTile2[BG][BD];
  TILE float vScaleTile[BG];
  // appendRow.ts:17  appendRowScaled = kernel('appendRowScaled', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dyn…
  if (k0 < nK) {
    load(keyTile, key + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    load(kScaleTile, kScale + g0, {1}, {validG});
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const float kScaleTileRow = kScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = keyTile[ig][id] / kScaleTileRow;
      }
    }
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
    load(valueTile2, value + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    load(vScaleTile, vScale + g0, {1}, {validG});
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        const float vScaleTileRow = vScaleTile[ig];
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = valueTile2[ig][id] / vScaleTileRow;
      }
    }
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
  }
}
}  // namespace appendRowScaled_bf16_block

KERNEL void appendRowScaled_bf16(void* const* args) {
  using namespace appendRowScaled_bf16_block;
  const bf16* key = tensor<const bf16>(args[0]);
  const bf16* value = tensor<const bf16>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* vScale = tensor<const float>(args[3]);
  f8e4m3* keys = tensor<f8e4m3>(args[4]);
  f8e4m3* values = tensor<f8e4m3>(args[5]);
  const int* kOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[8]);
  const int nD = size(args[9]);
  const int kLongest = size(args[10]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(key, value, kScale, vScale, keys, values, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
