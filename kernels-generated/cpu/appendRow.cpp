// appendRow, cpu. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, k 4, g 8, d 512.
namespace appendRow_f32_block {
constexpr int BG = 8, BD = 512, BK = 4;

static void block(const float* key, const float* value, float* keys, float* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  const int validK = minimum(BK, nK - k0);
  TILE float keyTile[BG][BD];
  TILE float valueTile[BK][BG][BD];
  TILE float valueTile2[BG][BD];
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' …
  if (k0 < nK) {
    load(keyTile, key + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    // appendRow.ts:13  map(key, place, (key) => key)
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = keyTile[ig][id];
      }
    }
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
    load(valueTile2, value + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = valueTile2[ig][id];
      }
    }
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
  }
}
}  // namespace appendRow_f32_block

KERNEL void appendRow_f32(void* const* args) {
  using namespace appendRow_f32_block;
  const float* key = tensor<const float>(args[0]);
  const float* value = tensor<const float>(args[1]);
  float* keys = tensor<float>(args[2]);
  float* values = tensor<float>(args[3]);
  const int* kOffsets = tensor<const int>(args[4]);
  const int nC = size(args[5]);
  const int nG = size(args[6]);
  const int nD = size(args[7]);
  const int kLongest = size(args[8]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(key, value, keys, values, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, k 4, g 8, d 512.
namespace appendRow_bf16_block {
constexpr int BG = 8, BD = 512, BK = 4;

static void block(const bf16* key, const bf16* value, bf16* keys, bf16* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  const int validK = minimum(BK, nK - k0);
  TILE float keyTile[BG][BD];
  TILE float valueTile[BK][BG][BD];
  TILE float valueTile2[BG][BD];
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' …
  if (k0 < nK) {
    load(keyTile, key + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    // appendRow.ts:13  map(key, place, (key) => key)
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = keyTile[ig][id];
      }
    }
    store(keys + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
    load(valueTile2, value + (Index(c0) * nG + g0) * nD + d0, {nD, 1}, {validG, validD});
    for (int ik = 0; ik < validK; ik++) {
      for (int ig = 0; ig < validG; ig++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) valueTile[ik][ig][id] = valueTile2[ig][id];
      }
    }
    store(values + (Index(kStart + k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valueTile, {validK, validG, validD});
  }
}
}  // namespace appendRow_bf16_block

KERNEL void appendRow_bf16(void* const* args) {
  using namespace appendRow_bf16_block;
  const bf16* key = tensor<const bf16>(args[0]);
  const bf16* value = tensor<const bf16>(args[1]);
  bf16* keys = tensor<bf16>(args[2]);
  bf16* values = tensor<bf16>(args[3]);
  const int* kOffsets = tensor<const int>(args[4]);
  const int nC = size(args[5]);
  const int nG = size(args[6]);
  const int nD = size(args[7]);
  const int kLongest = size(args[8]);
  const int kBlocks = blocks(kLongest, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kBlocks * gBlocks * dBlocks; i++) block(key, value, keys, values, kOffsets, nG, nD, i / (kBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % kBlocks * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
