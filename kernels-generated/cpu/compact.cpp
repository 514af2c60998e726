// compact, cpu. From runtime/kernels/compact.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, n 4, g 8, d 512.
namespace compact_f32_block {
constexpr int BN = 4, BG = 8, BD = 512;

static void block(const float* k, const float* v, const std::int32_t* index, float* keys, float* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  TILE int indexTile[BN][BG];
  TILE float keysTile[BN][BG][BD];
  TILE float valuesTile[BN][BG][BD];
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    load(indexTile, index + Index(g0) * nOffsets[nC] + nStart + n0, {1, nOffsets[nC]}, {validN, validG});
    // compact.ts:12  keys = gather(k, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place = indexTile[in][ig];
        for (int id = 0; id < validD; id++) keysTile[in][ig][id] = inside(place, nK) ? float(k[(Index(kStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(keys + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, keysTile, {validN, validG, validD});
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place2 = indexTile[in][ig];
        for (int id = 0; id < validD; id++) valuesTile[in][ig][id] = inside(place2, nK) ? float(v[(Index(kStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(values + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valuesTile, {validN, validG, validD});
  }
}
}  // namespace compact_f32_block

KERNEL void compact_f32(void* const* args) {
  using namespace compact_f32_block;
  const float* k = tensor<const float>(args[0]);
  const float* v = tensor<const float>(args[1]);
  const std::int32_t* index = tensor<const std::int32_t>(args[2]);
  float* keys = tensor<float>(args[3]);
  float* values = tensor<float>(args[4]);
  const int* kOffsets = tensor<const int>(args[5]);
  const int* nOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[9]);
  const int nD = size(args[10]);
  const int nLongest = size(args[11]);
  const int nBlocks = blocks(nLongest, BN), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * nBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * nBlocks * gBlocks * dBlocks; i++) block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % nBlocks * BN, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, n 4, g 8, d 512.
namespace compact_bf16_block {
constexpr int BN = 4, BG = 8, BD = 512;

static void block(const bf16* k, const bf16* v, const std::int32_t* index, bf16* keys, bf16* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  TILE int indexTile[BN][BG];
  TILE float keysTile[BN][BG][BD];
  TILE float valuesTile[BN][BG][BD];
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    load(indexTile, index + Index(g0) * nOffsets[nC] + nStart + n0, {1, nOffsets[nC]}, {validN, validG});
    // compact.ts:12  keys = gather(k, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place = indexTile[in][ig];
        for (int id = 0; id < validD; id++) keysTile[in][ig][id] = inside(place, nK) ? float(k[(Index(kStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(keys + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, keysTile, {validN, validG, validD});
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place2 = indexTile[in][ig];
        for (int id = 0; id < validD; id++) valuesTile[in][ig][id] = inside(place2, nK) ? float(v[(Index(kStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(values + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valuesTile, {validN, validG, validD});
  }
}
}  // namespace compact_bf16_block

KERNEL void compact_bf16(void* const* args) {
  using namespace compact_bf16_block;
  const bf16* k = tensor<const bf16>(args[0]);
  const bf16* v = tensor<const bf16>(args[1]);
  const std::int32_t* index = tensor<const std::int32_t>(args[2]);
  bf16* keys = tensor<bf16>(args[3]);
  bf16* values = tensor<bf16>(args[4]);
  const int* kOffsets = tensor<const int>(args[5]);
  const int* nOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[9]);
  const int nD = size(args[10]);
  const int nLongest = size(args[11]);
  const int nBlocks = blocks(nLongest, BN), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * nBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * nBlocks * gBlocks * dBlocks; i++) block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % nBlocks * BN, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: c 1, n 4, g 8, d 512.
namespace compact_f8e4m3_block {
constexpr int BN = 4, BG = 8, BD = 512;

static void block(const f8e4m3* k, const f8e4m3* v, const std::int32_t* index, f8e4m3* keys, f8e4m3* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  TILE int indexTile[BN][BG];
  TILE float keysTile[BN][BG][BD];
  TILE float valuesTile[BN][BG][BD];
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    load(indexTile, index + Index(g0) * nOffsets[nC] + nStart + n0, {1, nOffsets[nC]}, {validN, validG});
    // compact.ts:12  keys = gather(k, 'k', index)
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place = indexTile[in][ig];
        for (int id = 0; id < validD; id++) keysTile[in][ig][id] = inside(place, nK) ? float(k[(Index(kStart + place) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(keys + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, keysTile, {validN, validG, validD});
    for (int in = 0; in < validN; in++) {
      for (int ig = 0; ig < validG; ig++) {
        const int place2 = indexTile[in][ig];
        for (int id = 0; id < validD; id++) valuesTile[in][ig][id] = inside(place2, nK) ? float(v[(Index(kStart + place2) * nG + g0 + ig) * nD + d0 + id]) : 0.0f;
      }
    }
    store(values + (Index(nStart + n0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, valuesTile, {validN, validG, validD});
  }
}
}  // namespace compact_f8e4m3_block

KERNEL void compact_f8e4m3(void* const* args) {
  using namespace compact_f8e4m3_block;
  const f8e4m3* k = tensor<const f8e4m3>(args[0]);
  const f8e4m3* v = tensor<const f8e4m3>(args[1]);
  const std::int32_t* index = tensor<const std::int32_t>(args[2]);
  f8e4m3* keys = tensor<f8e4m3>(args[3]);
  f8e4m3* values = tensor<f8e4m3>(args[4]);
  const int* kOffsets = tensor<const int>(args[5]);
  const int* nOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[9]);
  const int nD = size(args[10]);
  const int nLongest = size(args[11]);
  const int nBlocks = blocks(nLongest, BN), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * nBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < nC * nBlocks * gBlocks * dBlocks; i++) block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nBlocks * gBlocks * dBlocks), i / (gBlocks * dBlocks) % nBlocks * BN, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
