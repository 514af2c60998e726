// selectStored, sm_80. From runtime/kernels/selectStored.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// step 1: gatherMemory
// Blocks: g 8, n 128; 128 threads; shared 0 KiB.
namespace selectStored_step1_block {
constexpr int BG = 8, BN = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ score, const std::int32_t* __restrict__ columns, float* __restrict__ gatherMemory, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  Warps::Tile<BG, BN, int> columnsTile;
  Warps::Tile<BG, BN> picked;
  load(columnsTile, validG, validN, [&](int ig) { return columns + Index(g0) * nN + n0 + Index(ig) * nN; });
  // selectStored.ts:9  gather(score, 'k', columns)
  each(picked, [&](At at, int ig, int in) {
    const int position = columnsTile[at];
    picked[at] = ig < validG && in < validN && inside(position, nK) ? float(score[Index(g0) * nK + position + Index(ig) * nK]) : 0.0f;
  });
  store(picked, validG, validN, [&](int ig) { return gatherMemory + Index(g0) * nN + n0 + Index(ig) * nN; });
}
}  // namespace selectStored_step1_block

KERNEL(128, 1) selectStored_step1(const float* __restrict__ score, const std::int32_t* __restrict__ columns, float* __restrict__ gatherMemory, int nG, int nK, int nN) {
  using namespace selectStored_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(score, columns, gatherMemory, nG, nK, nN, i / blocks(nN, BN) * BG, i % blocks(nN, BN) * BN);
}

// step 2: out
// Blocks: g 1; 1024 threads; shared 2 KiB.
namespace selectStored_step2_block {

DEVICE void block(std::int32_t* __restrict__ out, float* __restrict__ gatherMemory, int nN, int nM, int g0) {
  // selectStored.ts:9  out = topk(gather(score, 'k', columns), 'n', sizeOf('m'), 'm')
  topk(out + Index(g0) * nM, 1, nM, gatherMemory + Index(g0) * nN, 1, nN);
}
}  // namespace selectStored_step2_block

KERNEL(1024, 1) selectStored_step2(std::int32_t* __restrict__ out, float* __restrict__ gatherMemory, int nG, int nN, int nM) {
  using namespace selectStored_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, gatherMemory, nN, nM, i);
}
