// headPeaks, cpu. From runtime/kernels/headPeaks.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over d carrying (max), certificate 8def
// fold over k carrying (max2), certificate 0c7b
// Blocks: d 512, k 16, g 8.
namespace headPeaks_f32_block {
constexpr int BG = 8, BK = 16, BD = 512;

static void block(const float* x, float* out, int nK, int nG, int nD, int g0) {
  const int validG = minimum(BG, nG - g0);
  const int wideG = wide<BG>(validG);
  TILE float max2[BG];
  TILE float max[BG][BK];
  TILE float xTile[BG][BK][BD];
  TILE float value[BG][BK][BD];
  TILE float outTile[BG];
  // headPeaks.ts:6  max(max(map(x, (x) => Math.abs(x)), 'd'), 'k')
  fill(max2, -INFINITY);
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    fill(max, -INFINITY);
    for (int d0 = 0; d0 < nD; d0 += BD) {
      const int validD = minimum(BD, nD - d0);
      const int wideD = wide<BD>(validD);
      load(xTile, x + (Index(k0) * nG + g0) * nD + d0, {nD, Index(nG) * nD, 1}, {validG, validK, validD});
      for (int ig = 0; ig < validG; ig++) {
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int id = 0; id < wideD; id++) value[ig][ik][id] = std::fabs(xTile[ig][ik][id]);
        }
        for (int ik = 0; ik < validK; ik++) max[ig][ik] = maximum(max[ig][ik], maxOf(value[ig][ik], validD));
      }
    }
    for (int ig = 0; ig < validG; ig++) max2[ig] = maximum(max2[ig], maxOf(max[ig], validK));
  }
  #pragma omp simd
  for (int ig = 0; ig < wideG; ig++) outTile[ig] = maximum(max2[ig], 0.0f);
  store(out + g0, {1}, outTile, {validG});
}
}  // namespace headPeaks_f32_block

KERNEL void headPeaks_f32(void* const* args) {
  using namespace headPeaks_f32_block;
  const float* x = tensor<const float>(args[0]);
  float* out = tensor<float>(args[1]);
  const int nK = size(args[2]);
  const int nG = size(args[3]);
  const int nD = size(args[4]);
  const int gBlocks = blocks(nG, BG);
  #pragma omp parallel for schedule(dynamic) if (gBlocks > 1)
  for (int i = 0; i < gBlocks; i++) block(x, out, nK, nG, nD, i * BG);
}

// fold over d carrying (max), certificate 8def
// fold over k carrying (max2), certificate 0c7b
// Blocks: d 512, k 16, g 8.
namespace headPeaks_bf16_block {
constexpr int BG = 8, BK = 16, BD = 512;

static void block(const bf16* x, float* out, int nK, int nG, int nD, int g0) {
  const int validG = minimum(BG, nG - g0);
  const int wideG = wide<BG>(validG);
  TILE float max2[BG];
  TILE float max[BG][BK];
  TILE float xTile[BG][BK][BD];
  TILE float value[BG][BK][BD];
  TILE float outTile[BG];
  // headPeaks.ts:6  max(max(map(x, (x) => Math.abs(x)), 'd'), 'k')
  fill(max2, -INFINITY);
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    fill(max, -INFINITY);
    for (int d0 = 0; d0 < nD; d0 += BD) {
      const int validD = minimum(BD, nD - d0);
      const int wideD = wide<BD>(validD);
      load(xTile, x + (Index(k0) * nG + g0) * nD + d0, {nD, Index(nG) * nD, 1}, {validG, validK, validD});
      for (int ig = 0; ig < validG; ig++) {
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int id = 0; id < wideD; id++) value[ig][ik][id] = std::fabs(xTile[ig][ik][id]);
        }
        for (int ik = 0; ik < validK; ik++) max[ig][ik] = maximum(max[ig][ik], maxOf(value[ig][ik], validD));
      }
    }
    for (int ig = 0; ig < validG; ig++) max2[ig] = maximum(max2[ig], maxOf(max[ig], validK));
  }
  #pragma omp simd
  for (int ig = 0; ig < wideG; ig++) outTile[ig] = maximum(max2[ig], 0.0f);
  store(out + g0, {1}, outTile, {validG});
}
}  // namespace headPeaks_bf16_block

KERNEL void headPeaks_bf16(void* const* args) {
  using namespace headPeaks_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  float* out = tensor<float>(args[1]);
  const int nK = size(args[2]);
  const int nG = size(args[3]);
  const int nD = size(args[4]);
  const int gBlocks = blocks(nG, BG);
  #pragma omp parallel for schedule(dynamic) if (gBlocks > 1)
  for (int i = 0; i < gBlocks; i++) block(x, out, nK, nG, nD, i * BG);
}
