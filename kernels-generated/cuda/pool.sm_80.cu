// pool, sm_80. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over j carrying (max), certificate 0fbd
// Blocks: j 16, g 1, k 128; 128 threads; shared 0 KiB.
namespace pool_block {
constexpr int BK = 128, BJ = 16;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* score, std::int32_t lo, float* out, int nK, int nJ, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  Warps::Columns<BK> max;
  Warps::Tile<BJ, BK, int> value;
  Warps::Tile<BJ, BK> near;
  Warps::Tile<BJ, BK> candidates;
  Warps::Columns<BK> outTile;
  // pool.ts:11  max(candidates, 'j')
  fill(max, -INFINITY);
  const int loValue = int(lo);
  for (int j0 = 0; j0 < nJ; j0 += BJ) {
    const int validJ = minimum(BJ, nJ - j0);
    // pool.ts:9  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
    each(value, [&](At at, int ij, int ik) {
      value[at] = k0 + ik + j0 + ij - floorDivide(nJ, 2);
    });
    each(near, [&](At at, int ij, int ik) {
      const int position = value[at];
      near[at] = ik < validK && ij < validJ && inside(position, nK) ? float(score[Index(g0) * nK + position]) : -INFINITY;
    });
    // pool.ts:10  candidates = map(near, lo, (s, lo, at) => at.k + at.j - Math.floor(sizeOf('j') / 2) < lo ? -…
    each(candidates, [&](At at, int ij, int ik) {
      candidates[at] = k0 + ik + j0 + ij - floorDivide(nJ, 2) < loValue ? -INFINITY : near[at];
    });
    // pool.ts:11  max(candidates, 'j')
    joinColumns<Max, accumulate>(max, candidates, validJ);
  }
  each(outTile, [&](At at, int ik) {
    outTile[at] = k0 + ik < loValue ? -INFINITY : max[at];
  });
  each(outTile, [&](At at, int ik) {
    if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * nK + k0 + ik] = float(outTile[at]);
  });
}
}  // namespace pool_block

KERNEL(128, 1) pool(const float* score, std::int32_t lo, float* out, int nG, int nK, int nJ) {
  using namespace pool_block;
  const int i = blockOfGrid();
  block(score, lo, out, nK, nJ, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}
