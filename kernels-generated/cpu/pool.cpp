// pool, cpu. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over j carrying (max), certificate 74c5
// Blocks: j 16, g 8, c 1, k 512.
namespace pool_block {
constexpr int BG = 8, BK = 512, BJ = 16;

static void block(const float* score, std::int32_t lo, std::int32_t behind, std::int32_t sure, float* out, const int* kOffsets, int nG, int nC, int nJ, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int wideK = wide<BK>(validK);
  TILE float max[BG][BK];
  TILE int value[BK][BJ];
  TILE int value2[BK][BJ];
  TILE float near[BG][BK][BJ];
  TILE float candidates[BG][BK][BJ];
  // pool.ts:9  pool = kernel('pool', { g: 'dynamic', c: 'dynamic', k: ragged('c'), j: 'dynamic' },
  if (k0 < nK) {
    // pool.ts:13  max(candidates, 'j')
    fill(max, -INFINITY);
    const int loValue = int(lo);
    const int behindValue = int(behind);
    for (int j0 = 0; j0 < nJ; j0 += BJ) {
      const int validJ = minimum(BJ, nJ - j0);
      const int wideJ = wide<BJ>(validJ);
      // pool.ts:16  column >= from && column < to
      for (int ik = 0; ik < validK; ik++) {
        #pragma omp simd
        for (int ij = 0; ij < wideJ; ij++) {
          const int value3 = k0 + ik + j0 + ij - floorDivide(nJ, 2);
          value[ik][ij] = int(loValue <= value3 && value3 < nK - behindValue);
        }
        // pool.ts:11  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
        #pragma omp simd
        for (int ij = 0; ij < wideJ; ij++) value2[ik][ij] = k0 + ik + j0 + ij - floorDivide(nJ, 2);
      }
      for (int ig = 0; ig < validG; ig++) {
        for (int ik = 0; ik < validK; ik++) {
          for (int ij = 0; ij < validJ; ij++) {
            const int place = value2[ik][ij];
            near[ig][ik][ij] = inside(place, nK) ? float(score[Index(g0 + ig) * kOffsets[nC] + kStart + place]) : -INFINITY;
          }
        }
      }
      // pool.ts:12  candidates = map(near, lo, behind, (s, lo, behind, at) => isCandidate(at.k + at.j - Math.flo…
      for (int ig = 0; ig < validG; ig++) {
        for (int ik = 0; ik < validK; ik++) {
          #pragma omp simd
          for (int ij = 0; ij < wideJ; ij++) candidates[ig][ik][ij] = truth(value[ik][ij]) ? near[ig][ik][ij] : -INFINITY;
        }
        // pool.ts:13  max(candidates, 'j')
        for (int ik = 0; ik < validK; ik++) max[ig][ik] = maximum(max[ig][ik], maxOf(candidates[ig][ik], validJ));
      }
    }
    const int sureValue = int(sure);
    for (int ig = 0; ig < validG; ig++) {
      #pragma omp simd
      for (int ik = 0; ik < wideK; ik++) max[ig][ik] = k0 + ik < sureValue ? INFINITY : loValue <= k0 + ik && k0 + ik < nK - behindValue ? max[ig][ik] : -INFINITY;
    }
    store(out + Index(g0) * kOffsets[nC] + kStart + k0, {kOffsets[nC], 1}, max, {validG, validK});
  }
}
}  // namespace pool_block

KERNEL void pool(void* const* args) {
  using namespace pool_block;
  const float* score = tensor<const float>(args[0]);
  const std::int32_t lo = scalar<std::int32_t>(args[1]);
  const std::int32_t behind = scalar<std::int32_t>(args[2]);
  const std::int32_t sure = scalar<std::int32_t>(args[3]);
  float* out = tensor<float>(args[4]);
  const int* kOffsets = tensor<const int>(args[5]);
  const int nG = size(args[6]);
  const int nC = size(args[7]);
  const int kLongest = size(args[8]);
  const int nJ = size(args[9]);
  const int gBlocks = blocks(nG, BG), kBlocks = blocks(kLongest, BK);
  #pragma omp parallel for schedule(dynamic) if (gBlocks * nC * kBlocks > 1)
  for (int i = 0; i < gBlocks * nC * kBlocks; i++) block(score, lo, behind, sure, out, kOffsets, nG, nC, nJ, i / (nC * kBlocks) * BG, i / kBlocks % nC, i % kBlocks * BK);
}
