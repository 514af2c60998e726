// pick, sm_80. From runtime/kernels/pick.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: g 1, n 128; 128 threads; shared 0 KiB.
namespace pick_f32_block {
constexpr int BN = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* x, const std::int32_t* index, float* out, int nK, int nN, int g0, int n0) {
  const int validN = minimum(BN, nN - n0);
  Warps::Columns<BN, int> indexTile;
  Warps::Columns<BN> outTile;
  each(indexTile, [&](At at, int in) {
    indexTile[at] = in < validN ? int(index[Index(g0) * nN + n0 + in]) : 0;
  });
  // pick.ts:6  out = gather(x, 'k', index)
  each(outTile, [&](At at, int in) {
    const int position = indexTile[at];
    outTile[at] = in < validN && inside(position, nK) ? float(x[Index(g0) * nK + position]) : 0.0f;
  });
  each(outTile, [&](At at, int in) {
    if (in < validN && isOwner<decltype(outTile)>()) out[Index(g0) * nN + n0 + in] = float(outTile[at]);
  });
}
}  // namespace pick_f32_block

KERNEL(128, 1) pick_f32(const float* x, const std::int32_t* index, float* out, int nG, int nK, int nN) {
  using namespace pick_f32_block;
  const int i = blockOfGrid();
  block(x, index, out, nK, nN, i / blocks(nN, BN), i % blocks(nN, BN) * BN);
}

// Blocks: g 1, n 128; 128 threads; shared 0 KiB.
namespace pick_i32_block {
constexpr int BN = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const std::int32_t* x, const std::int32_t* index, std::int32_t* out, int nK, int nN, int g0, int n0) {
  const int validN = minimum(BN, nN - n0);
  Warps::Columns<BN, int> indexTile;
  Warps::Columns<BN, int> outTile;
  each(indexTile, [&](At at, int in) {
    indexTile[at] = in < validN ? int(index[Index(g0) * nN + n0 + in]) : 0;
  });
  // pick.ts:6  out = gather(x, 'k', index)
  each(outTile, [&](At at, int in) {
    const int position = indexTile[at];
    outTile[at] = in < validN && inside(position, nK) ? int(x[Index(g0) * nK + position]) : 0;
  });
  each(outTile, [&](At at, int in) {
    if (in < validN && isOwner<decltype(outTile)>()) out[Index(g0) * nN + n0 + in] = std::int32_t(outTile[at]);
  });
}
}  // namespace pick_i32_block

KERNEL(128, 1) pick_i32(const std::int32_t* x, const std::int32_t* index, std::int32_t* out, int nG, int nK, int nN) {
  using namespace pick_i32_block;
  const int i = blockOfGrid();
  block(x, index, out, nK, nN, i / blocks(nN, BN), i % blocks(nN, BN) * BN);
}
