// pool, sm_80. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over j carrying (max), certificate 74c5
// Blocks: j 16, g 1, c 1, k 128; 128 threads; shared 0 KiB.
namespace pool_block {
constexpr int BK = 128, BJ = 16;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* score, std::int32_t lo, std::int32_t behind, std::int32_t sure, float* out, const int* kOffsets, int nC, int nJ, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  Warps::Columns<BK> max;
  Warps::Tile<BJ, BK, int> value;
  Warps::Tile<BJ, BK, int> value2;
  Warps::Tile<BJ, BK> near;
  Warps::Tile<BJ, BK> candidates;
  Warps::Columns<BK> outTile;
  // pool.ts:9  pool = kernel('pool', { g: 'dynamic', c: 'dynamic', k: ragged('c'), j: 'dynamic' },
  if (k0 < nK) {
    // pool.ts:13  max(candidates, 'j')
    fill(max, -INFINITY);
    const int loValue = int(lo);
    const int behindValue = int(behind);
    for (int j0 = 0; j0 < nJ; j0 += BJ) {
      const int validJ = minimum(BJ, nJ - j0);
      // pool.ts:16  column >= from && column < to
      each(value, [&](At at, int ij, int ik) {
        const int value3 = k0 + ik + j0 + ij - floorDivide(nJ, 2);
        value[at] = int(loValue <= value3 && value3 < nK - behindValue);
      });
      // pool.ts:11  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
      each(value2, [&](At at, int ij, int ik) {
        value2[at] = k0 + ik + j0 + ij - floorDivide(nJ, 2);
      });
      each(near, [&](At at, int ij, int ik) {
        const int position = value2[at];
        near[at] = ik < validK && ij < validJ && inside(position, nK) ? float(score[Index(g0) * kOffsets[nC] + kStart + position]) : -INFINITY;
      });
      // pool.ts:12  candidates = map(near, lo, behind, (s, lo, behind, at) => isCandidate(at.k + at.j - Math.flo…
      each(candidates, [&](At at) {
        candidates[at] = truth(value[at]) ? near[at] : -INFINITY;
      });
      // pool.ts:13  max(candidates, 'j')
      joinColumns<Max, accumulate>(max, candidates, validJ);
    }
    const int sureValue = int(sure);
    each(outTile, [&](At at, int ik) {
      outTile[at] = k0 + ik < sureValue ? INFINITY : loValue <= k0 + ik && k0 + ik < nK - behindValue ? max[at] : -INFINITY;
    });
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
}
}  // namespace pool_block

KERNEL(128, 1) pool(const float* score, std::int32_t lo, std::int32_t behind, std::int32_t sure, float* out, const int* kOffsets, int nG, int nC, int kLongest, int nJ) {
  using namespace pool_block;
  const int i = blockOfGrid();
  block(score, lo, behind, sure, out, kOffsets, nC, nJ, i / (nC * blocks(kLongest, BK)), i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}
