// bestOfRows, sm_80. From runtime/kernels/bestOfRows.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// step 1: placeMemory
// Blocks: b 1; 1024 threads; shared 2 KiB.
namespace bestOfRows_step1_block {

DEVICE void block(const float* __restrict__ x, std::int32_t* __restrict__ placeMemory, int nB, int nW, int nN, int b0) {
  // bestOfRows.ts:8  place = topk(x, 'w', sizeOf('n'), 'n')
  topk(placeMemory + b0, nB, nN, x + Index(b0) * nW, 1, nW);
}
}  // namespace bestOfRows_step1_block

KERNEL(1024, 1) bestOfRows_step1(const float* __restrict__ x, std::int32_t* __restrict__ placeMemory, int nB, int nW, int nN) {
  using namespace bestOfRows_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, placeMemory, nB, nW, nN, i);
}

// step 2: place, value
// Blocks: n 8, b 128; 128 threads; shared 0 KiB.
namespace bestOfRows_step2_block {
constexpr int BN = 8, BB = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, std::int32_t* __restrict__ place, float* __restrict__ value, std::int32_t* __restrict__ placeMemory, int nB, int nW, int nN, int n0, int b0) {
  const int validN = minimum(BN, nN - n0);
  const int validB = minimum(BB, nB - b0);
  Warps::Tile<BN, BB, int> placeMemoryTile;
  Warps::Tile<BN, BB> valueTile;
  load(placeMemoryTile, validN, validB, [&](int in) { return placeMemory + Index(n0) * nB + b0 + Index(in) * nB; });
  // bestOfRows.ts:9  value = gather(x, 'w', place)
  each(valueTile, [&](At at, int in, int ib) {
    const int position = placeMemoryTile[at];
    valueTile[at] = in < validN && ib < validB && inside(position, nW) ? float(x[Index(b0) * nW + position + Index(ib) * nW]) : 0.0f;
  });
  // bestOfRows.ts:8  place = topk(x, 'w', sizeOf('n'), 'n')
  store(placeMemoryTile, validN, validB, [&](int in) { return place + Index(n0) * nB + b0 + Index(in) * nB; });
  // bestOfRows.ts:9  value = gather(x, 'w', place)
  store(valueTile, validN, validB, [&](int in) { return value + Index(n0) * nB + b0 + Index(in) * nB; });
}
}  // namespace bestOfRows_step2_block

KERNEL(128, 1) bestOfRows_step2(const float* __restrict__ x, std::int32_t* __restrict__ place, float* __restrict__ value, std::int32_t* __restrict__ placeMemory, int nB, int nW, int nN) {
  using namespace bestOfRows_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, place, value, placeMemory, nB, nW, nN, i / blocks(nB, BB) * BN, i % blocks(nB, BB) * BB);
}
