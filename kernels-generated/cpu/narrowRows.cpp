// narrowRows, cpu. From runtime/kernels/narrowRows.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: k 4, g 8, d 512.
namespace narrowRows_f32_block {
constexpr int BK = 4, BG = 8, BD = 512;

static void block(const float* k, const float* v, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, int nK, int nG, int nD, int k0, int g0, int d0) {
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float kTile[BK][BG][BD];
  TILE float kScaleTile[BG];
  TILE float value[BK][BG][BD];
  TILE float vTile[BK][BG][BD];
  TILE float vScaleTile[BG];
  load(kTile, k + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, {validK, validG, validD});
  load(kScaleTile, kScale + g0, {1}, {validG});
  // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
  for (int ik = 0; ik < validK; ik++) {
    for (int ig = 0; ig < validG; ig++) {
      const float kScaleTileRow = kScaleTile[ig];
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value[ik][ig][id] = kTile[ik][ig][id] / kScaleTileRow;
    }
  }
  store(keys + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validK, validG, validD});
  load(vTile, v + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, {validK, validG, validD});
  load(vScaleTile, vScale + g0, {1}, {validG});
  for (int ik = 0; ik < validK; ik++) {
    for (int ig = 0; ig < validG; ig++) {
      const float vScaleTileRow = vScaleTile[ig];
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value[ik][ig][id] = vTile[ik][ig][id] / vScaleTileRow;
    }
  }
  store(values + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validK, validG, validD});
}
}  // namespace narrowRows_f32_block

KERNEL void narrowRows_f32(void* const* args) {
  using namespace narrowRows_f32_block;
  const float* k = tensor<const float>(args[0]);
  const float* v = tensor<const float>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* vScale = tensor<const float>(args[3]);
  f8e4m3* keys = tensor<f8e4m3>(args[4]);
  f8e4m3* values = tensor<f8e4m3>(args[5]);
  const int nK = size(args[6]);
  const int nG = size(args[7]);
  const int nD = size(args[8]);
  const int kBlocks = blocks(nK, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < kBlocks * gBlocks * dBlocks; i++) block(k, v, kScale, vScale, keys, values, nK, nG, nD, i / (gBlocks * dBlocks) * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}

// Blocks: k 4, g 8, d 512.
namespace narrowRows_bf16_block {
constexpr int BK = 4, BG = 8, BD = 512;

static void block(const bf16* k, const bf16* v, const float* kScale, const float* vScale, f8e4m3* keys, f8e4m3* values, int nK, int nG, int nD, int k0, int g0, int d0) {
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float kTile[BK][BG][BD];
  TILE float kScaleTile[BG];
  TILE float value[BK][BG][BD];
  TILE float vTile[BK][BG][BD];
  TILE float vScaleTile[BG];
  load(kTile, k + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, {validK, validG, validD});
  load(kScaleTile, kScale + g0, {1}, {validG});
  // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
  for (int ik = 0; ik < validK; ik++) {
    for (int ig = 0; ig < validG; ig++) {
      const float kScaleTileRow = kScaleTile[ig];
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value[ik][ig][id] = kTile[ik][ig][id] / kScaleTileRow;
    }
  }
  store(keys + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validK, validG, validD});
  load(vTile, v + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, {validK, validG, validD});
  load(vScaleTile, vScale + g0, {1}, {validG});
  for (int ik = 0; ik < validK; ik++) {
    for (int ig = 0; ig < validG; ig++) {
      const float vScaleTileRow = vScaleTile[ig];
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value[ik][ig][id] = vTile[ik][ig][id] / vScaleTileRow;
    }
  }
  store(values + (Index(k0) * nG + g0) * nD + d0, {Index(nG) * nD, nD, 1}, value, {validK, validG, validD});
}
}  // namespace narrowRows_bf16_block

KERNEL void narrowRows_bf16(void* const* args) {
  using namespace narrowRows_bf16_block;
  const bf16* k = tensor<const bf16>(args[0]);
  const bf16* v = tensor<const bf16>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* vScale = tensor<const float>(args[3]);
  f8e4m3* keys = tensor<f8e4m3>(args[4]);
  f8e4m3* values = tensor<f8e4m3>(args[5]);
  const int nK = size(args[6]);
  const int nG = size(args[7]);
  const int nD = size(args[8]);
  const int kBlocks = blocks(nK, BK), gBlocks = blocks(nG, BG), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (kBlocks * gBlocks * dBlocks > 1)
  for (int i = 0; i < kBlocks * gBlocks * dBlocks; i++) block(k, v, kScale, vScale, keys, values, nK, nG, nD, i / (gBlocks * dBlocks) * BK, i / dBlocks % gBlocks * BG, i % dBlocks * BD);
}
