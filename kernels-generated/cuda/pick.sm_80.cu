// pick, sm_80. From runtime/kernels/pick.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: g 8, n 128; 128 threads; shared 0 KiB.
namespace pick_f32_block {
constexpr int BG = 8, BN = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, const std::int32_t* __restrict__ index, float* __restrict__ out, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  Warps::Tile<BG, BN, int> indexTile;
  Warps::Tile<BG, BN> outTile;
  load(indexTile, validG, validN, [&](int ig) { return index + Index(g0) * nN + n0 + Index(ig) * nN; });
  // pick.ts:6  out = gather(x, 'k', index)
  each(outTile, [&](At at, int ig, int in) {
    const int position = indexTile[at];
    outTile[at] = ig < validG && in < validN && inside(position, nK) ? float(x[Index(g0) * nK + position + Index(ig) * nK]) : 0.0f;
  });
  store(outTile, validG, validN, [&](int ig) { return out + Index(g0) * nN + n0 + Index(ig) * nN; });
}
}  // namespace pick_f32_block

KERNEL(128, 1) pick_f32(const float* __restrict__ x, const std::int32_t* __restrict__ index, float* __restrict__ out, int nG, int nK, int nN) {
  using namespace pick_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, index, out, nG, nK, nN, i / blocks(nN, BN) * BG, i % blocks(nN, BN) * BN);
}

// Blocks: g 8, n 128; 128 threads; shared 0 KiB.
namespace pick_i32_block {
constexpr int BG = 8, BN = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const std::int32_t* __restrict__ x, const std::int32_t* __restrict__ index, std::int32_t* __restrict__ out, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  Warps::Tile<BG, BN, int> indexTile;
  Warps::Tile<BG, BN, int> outTile;
  load(indexTile, validG, validN, [&](int ig) { return index + Index(g0) * nN + n0 + Index(ig) * nN; });
  // pick.ts:6  out = gather(x, 'k', index)
  each(outTile, [&](At at, int ig, int in) {
    const int position = indexTile[at];
    outTile[at] = ig < validG && in < validN && inside(position, nK) ? int(x[Index(g0) * nK + position + Index(ig) * nK]) : 0;
  });
  store(outTile, validG, validN, [&](int ig) { return out + Index(g0) * nN + n0 + Index(ig) * nN; });
}
}  // namespace pick_i32_block

KERNEL(128, 1) pick_i32(const std::int32_t* __restrict__ x, const std::int32_t* __restrict__ index, std::int32_t* __restrict__ out, int nG, int nK, int nN) {
  using namespace pick_i32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, index, out, nG, nK, nN, i / blocks(nN, BN) * BG, i % blocks(nN, BN) * BN);
}
