// pool, sm_80. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over j carrying (max), certificate 0fbd
// Blocks: j 1, g 8, k 256; 128 threads; shared 0 KiB.
namespace pool_block {
constexpr int BG = 8, BK = 256, BJ = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* score, std::int32_t lo, float* out, int nG, int nK, int nJ, int g0, int k0) {
  const int validG = minimum(BG, nG - g0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG, BK> max;
  Warps::Columns<BK, int> value;
  Warps::Tile<BG, BK> near;
  Warps::Tile<BG, BK> candidates;
  // pool.ts:11  max(candidates, 'j')
  fill(max, -INFINITY);
  const int loValue = int(lo);
  for (int j0 = 0; j0 < nJ; j0 += BJ) {
    // pool.ts:9  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
    each(value, [&](At at, int ik) {
      value[at] = k0 + ik + j0 - floorDivide(nJ, 2);
    });
    each(near, [&](At at, int ig, int ik) {
      const int position = value[at];
      near[at] = ig < validG && ik < validK && inside(position, nK) ? float(score[Index(g0 + ig) * nK + position]) : -INFINITY;
    });
    // pool.ts:10  candidates = map(near, lo, (s, lo, at) => at.k + at.j - Math.floor(sizeOf('j') / 2) < lo ? -…
    each(candidates, [&](At at, int ig, int ik) {
      candidates[at] = k0 + ik + j0 - floorDivide(nJ, 2) < loValue ? -INFINITY : near[at];
    });
    // pool.ts:11  max(candidates, 'j')
    each(max, [&](At at) {
      max[at] = Max::join(max[at], candidates[at]);
    });
  }
  each(max, [&](At at, int ig, int ik) {
    max[at] = k0 + ik < loValue ? -INFINITY : max[at];
  });
  store(max, validG, validK, [&](int ig) { return out + Index(g0 + ig) * nK + k0; });
}
}  // namespace pool_block

KERNEL(128, 1) pool(const float* score, std::int32_t lo, float* out, int nG, int nK, int nJ) {
  using namespace pool_block;
  const int i = blockOfGrid();
  block(score, lo, out, nG, nK, nJ, i / blocks(nK, BK) * BG, i % blocks(nK, BK) * BK);
}
