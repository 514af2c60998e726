// pool, sm_80. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over j carrying (max), certificate 74c5
// Blocks: j 1, g 8, c 1, k 256; 128 threads; shared 0 KiB.
namespace pool_block {
constexpr int BG = 8, BK = 256, BJ = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ score, std::int32_t lo, std::int32_t behind, std::int32_t sure, float* __restrict__ out, const int* __restrict__ kOffsets, int nG, int nC, int nJ, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG, BK> max;
  Warps::Columns<BK, int> value;
  Warps::Columns<BK, int> value2;
  Warps::Tile<BG, BK> near;
  Warps::Tile<BG, BK> candidates;
  // pool.ts:9  pool = kernel('pool', { g: 'dynamic', c: 'dynamic', k: ragged('c'), j: 'dynamic' },
  if (k0 < nK) {
    // pool.ts:13  max(candidates, 'j')
    fill(max, -INFINITY);
    const int loValue = int(lo);
    const int behindValue = int(behind);
    for (int j0 = 0; j0 < nJ; j0 += BJ) {
      // pool.ts:16  column >= from && column < to
      each(value, [&](At at, int ik) {
        const int value3 = k0 + ik + j0 - floorDivide(nJ, 2);
        value[at] = int(loValue <= value3 && value3 < nK - behindValue);
      });
      // pool.ts:11  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
      each(value2, [&](At at, int ik) {
        value2[at] = k0 + ik + j0 - floorDivide(nJ, 2);
      });
      each(near, [&](At at, int ig, int ik) {
        const int position = value2[at];
        near[at] = ig < validG && ik < validK && inside(position, nK) ? float(score[Index(g0) * kOffsets[nC] + kStart + position + Index(ig) * kOffsets[nC]]) : -INFINITY;
      });
      // pool.ts:12  candidates = map(near, lo, behind, (s, lo, behind, at) => isCandidate(at.k + at.j - Math.flo…
      each(candidates, [&](At at) {
        candidates[at] = truth(value[at]) ? near[at] : -INFINITY;
      });
      // pool.ts:13  max(candidates, 'j')
      each(max, [&](At at) {
        max[at] = Max::join(max[at], candidates[at]);
      });
    }
    const int sureValue = int(sure);
    each(max, [&](At at, int ig, int ik) {
      max[at] = k0 + ik < sureValue ? INFINITY : loValue <= k0 + ik && k0 + ik < nK - behindValue ? max[at] : -INFINITY;
    });
    store(max, validG, validK, [&](int ig) { return out + Index(g0) * kOffsets[nC] + kStart + k0 + Index(ig) * kOffsets[nC]; });
  }
}
}  // namespace pool_block

KERNEL(128, 1) pool(const float* __restrict__ score, std::int32_t lo, std::int32_t behind, std::int32_t sure, float* __restrict__ out, const int* kOffsets, int nG, int nC, int kLongest, int nJ) {
  using namespace pool_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(score, lo, behind, sure, out, kOffsets, nG, nC, nJ, i / (nC * blocks(kLongest, BK)) * BG, i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}
