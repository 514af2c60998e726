// bestRow, sm_80. From runtime/kernels/bestRow.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// step 1: rowMemory
// Blocks: n 1; 1024 threads; shared 2 KiB.
namespace bestRow_step1_block {

DEVICE void block(const float* __restrict__ value, std::int32_t* __restrict__ rowMemory, int nN, int nB, int nM, int n0) {
  // bestRow.ts:9  row = topk(value, 'b', sizeOf('m'), 'm')
  topk(rowMemory + n0, nN, nM, value + Index(n0) * nB, 1, nB);
}
}  // namespace bestRow_step1_block

KERNEL(1024, 1) bestRow_step1(const float* __restrict__ value, std::int32_t* __restrict__ rowMemory, int nN, int nB, int nM) {
  using namespace bestRow_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(value, rowMemory, nN, nB, nM, i);
}

// step 2: out
// Blocks: m 8, n 128; 128 threads; shared 0 KiB.
namespace bestRow_step2_block {
constexpr int BM = 8, BN = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const std::int32_t* __restrict__ place, std::int32_t width, std::int32_t* __restrict__ out, std::int32_t* __restrict__ rowMemory, int nN, int nB, int nM, int m0, int n0) {
  const int validM = minimum(BM, nM - m0);
  const int validN = minimum(BN, nN - n0);
  Warps::Tile<BM, BN, int> rowMemoryTile;
  Warps::Tile<BM, BN, int> picked;
  Warps::Tile<BM, BN, int> value;
  load(rowMemoryTile, validM, validN, [&](int im) { return rowMemory + Index(m0) * nN + n0 + Index(im) * nN; });
  const int widthValue = int(width);
  // bestRow.ts:10  gather(place, 'b', row)
  each(picked, [&](At at, int im, int in) {
    const int position = rowMemoryTile[at];
    picked[at] = im < validM && in < validN && inside(position, nB) ? int(place[Index(n0) * nB + position + Index(in) * nB]) : 0;
  });
  each(value, [&](At at) {
    value[at] = rowMemoryTile[at] * widthValue + picked[at];
  });
  store(value, validM, validN, [&](int im) { return out + Index(m0) * nN + n0 + Index(im) * nN; });
}
}  // namespace bestRow_step2_block

KERNEL(128, 1) bestRow_step2(const std::int32_t* __restrict__ place, std::int32_t width, std::int32_t* __restrict__ out, std::int32_t* __restrict__ rowMemory, int nN, int nB, int nM) {
  using namespace bestRow_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(place, width, out, rowMemory, nN, nB, nM, i / blocks(nN, BN) * BM, i % blocks(nN, BN) * BN);
}
