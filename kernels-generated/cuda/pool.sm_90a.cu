// pool, sm_90a. From runtime/kernels/pool.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over j carrying (max), certificate 0fbd
// Blocks: j 16, g 1, k 128; 128 threads; shared 25 KiB.
namespace pool_block {
constexpr int BK = 128, BJ = 16;

__device__ static void block(const float* score, std::int32_t lo, float* out, int nK, int nJ, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  auto& max = tileAt<float[BK]>(0);
  int loValue;
  auto& value = tileAt<int[BK][BJ]>(512);
  auto& near = tileAt<float[BK][BJ]>(8704);
  auto& candidates = tileAt<float[BK][BJ]>(16896);
  auto& outTile = tileAt<float[BK]>(25088);
  // pool.ts:11  max(candidates, 'j')
  fill(max, -INFINITY);
  loValue = int(lo);
  for (int j0 = 0; j0 < nJ; j0 += BJ) {
    const int validJ = minimum(BJ, nJ - j0);
    // pool.ts:9  tabulate(['k', 'j'], (at) => at.k + at.j - Math.floor(sizeOf('j') / 2))
    each<BK, BJ>([&](int ik, int ij) {
      value[ik][ij] = k0 + ik + j0 + ij - floorDivide(nJ, 2);
    });
    blockBarrier();
    each<BK, BJ>([&](int ik, int ij) {
      if (ik >= validK || ij >= validJ) return;
      const int at = value[ik][ij];
      near[ik][ij] = inside(at, nK) ? float(score[Index(g0) * nK + at]) : -INFINITY;
    });
    blockBarrier();
    // pool.ts:10  candidates = map(near, lo, (s, lo, at) => at.k + at.j - Math.floor(sizeOf('j') / 2) < lo ? -…
    each<BK, BJ>([&](int ik, int ij) {
      candidates[ik][ij] = k0 + ik + j0 + ij - floorDivide(nJ, 2) < loValue ? -INFINITY : near[ik][ij];
    });
    blockBarrier();
    // pool.ts:11  max(candidates, 'j')
    each<BK>([&](int ik) {
      max[ik] = maximum(max[ik], maxOf(&candidates[ik][0], 1, validJ));
    });
  }
  blockBarrier();
  each<BK>([&](int ik) {
    outTile[ik] = k0 + ik < loValue ? -INFINITY : max[ik];
  });
  blockBarrier();
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace pool_block

KERNEL(128) pool(const float* score, std::int32_t lo, float* out, int nG, int nK, int nJ) {
  using namespace pool_block;
  const int i = blockIdx.x;
  block(score, lo, out, nK, nJ, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}
