// pool, cpu. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over j carrying (max), certificate 0fbd
// Blocks: j 16, g 8, k 512.
namespace pool_block {
constexpr int BG = 8, BK = 512, BJ = 16;

static void block(const float* score, std::int32_t lo, float* out, int nG, int nK, int nJ, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int wideK = wide<BK>(validK);
  TILE float max[BG][BK];
  TILE int value[BK][BJ];
  TILE float near[BG][BK][BJ];
  TILE float candidates[BG][BK][BJ];
  // pool.ts:11  max(candidates, 'j')
  fill(max, -INFINITY);
  const int loValue = int(lo);
  for (int j0 = 0; j0 < nJ; j0 += BJ) {
    const int validJ = minimum(BJ, nJ - j0);
    const int wideJ = wide<BJ>(validJ);
    // pool.ts:9  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
    for (int ik = 0; ik < validK; ik++) {
      #pragma omp simd
      for (int ij = 0; ij < wideJ; ij++) value[ik][ij] = k0 + ik + j0 + ij - floorDivide(nJ, 2);
    }
    for (int ig = 0; ig < validG; ig++) {
      for (int ik = 0; ik < validK; ik++) {
        for (int ij = 0; ij < validJ; ij++) {
          const int at = value[ik][ij];
          near[ig][ik][ij] = inside(at, nK) ? float(score[Index(g0 + ig) * nK + at]) : -INFINITY;
        }
      }
    }
    // pool.ts:10  candidates = map(near, lo, (s, lo, at) => at.k + at.j - Math.floor(sizeOf('j') / 2) < lo ? -…
    for (int ig = 0; ig < validG; ig++) {
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int ij = 0; ij < wideJ; ij++) candidates[ig][ik][ij] = k0 + ik + j0 + ij - floorDivide(nJ, 2) < loValue ? -INFINITY : near[ig][ik][ij];
      }
      // pool.ts:11  max(candidates, 'j')
      for (int ik = 0; ik < validK; ik++) max[ig][ik] = maximum(max[ig][ik], maxOf(candidates[ig][ik], validJ));
    }
  }
  for (int ig = 0; ig < validG; ig++) {
    #pragma omp simd
    for (int ik = 0; ik < wideK; ik++) max[ig][ik] = k0 + ik < loValue ? -INFINITY : max[ig][ik];
  }
  store(out + Index(g0) * nK + k0, {nK, 1}, max, {validG, validK});
}
}  // namespace pool_block

KERNEL void pool(void* const* args) {
  using namespace pool_block;
  const float* score = tensor<const float>(args[0]);
  const std::int32_t lo = scalar<std::int32_t>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nG = size(args[3]);
  const int nK = size(args[4]);
  const int nJ = size(args[5]);
  const int gBlocks = blocks(nG, BG), kBlocks = blocks(nK, BK);
  #pragma omp parallel for schedule(dynamic) if (gBlocks * kBlocks > 1)
  for (int i = 0; i < gBlocks * kBlocks; i++) block(score, lo, out, nG, nK, nJ, i / kBlocks * BG, i % kBlocks * BK);
}
