// widen, sm_80. From runtime/kernels/widen.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: x 2048; 128 threads; shared 0 KiB.
namespace widen_f16_block {
constexpr int BX = 2048;
using Warps = Spread<1, 4, 8>;

DEVICE void block(const f16* __restrict__ x, float* __restrict__ out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  Warps::Columns<BX> xTile;
  loadLine(xTile, validX, x + x0);
  // widen.ts:6  out = cast('f32', x)
  each(xTile, [&](At at, int ix) {
    if (ix < validX && isOwner<decltype(xTile)>()) out[x0 + ix] = float(xTile[at]);
  });
}
}  // namespace widen_f16_block

KERNEL(128, 1) widen_f16(const f16* __restrict__ x, float* __restrict__ out, int nX) {
  using namespace widen_f16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, out, nX, i * BX);
}

// Blocks: x 2048; 128 threads; shared 0 KiB.
namespace widen_bf16_block {
constexpr int BX = 2048;
using Warps = Spread<1, 4, 8>;

DEVICE void block(const bf16* __restrict__ x, float* __restrict__ out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  Warps::Columns<BX> xTile;
  loadLine(xTile, validX, x + x0);
  // widen.ts:6  out = cast('f32', x)
  each(xTile, [&](At at, int ix) {
    if (ix < validX && isOwner<decltype(xTile)>()) out[x0 + ix] = float(xTile[at]);
  });
}
}  // namespace widen_bf16_block

KERNEL(128, 1) widen_bf16(const bf16* __restrict__ x, float* __restrict__ out, int nX) {
  using namespace widen_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, out, nX, i * BX);
}
