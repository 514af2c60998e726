// takeRows, sm_80. From runtime/kernels/takeRows.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 8, e 128; 128 threads; shared 0 KiB.
namespace takeRows_f32_block {
constexpr int BQ = 8, BE = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, const std::int32_t* __restrict__ rows, float* __restrict__ out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  Warps::Rows<BQ, int> rowsTile;
  Warps::Tile<BQ, BE> outTile;
  each(rowsTile, [&](At at, int iq) {
    rowsTile[at] = int(readIf(iq < validQ, &rows[q0 + iq]));
  });
  // takeRows.ts:6  out = gather(x, 't', rows)
  load(outTile, validQ, validE, [&](At at, int iq) { return inside(rowsTile[at], nT) ? x + Index(rowsTile[at]) * nE + e0 : nullptr; });
  store(outTile, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
}
}  // namespace takeRows_f32_block

KERNEL(128, 1) takeRows_f32(const float* __restrict__ x, const std::int32_t* __restrict__ rows, float* __restrict__ out, int nT, int nE, int nQ) {
  using namespace takeRows_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, rows, out, nT, nE, nQ, i / blocks(nE, BE) * BQ, i % blocks(nE, BE) * BE);
}

// Blocks: q 8, e 128; 128 threads; shared 0 KiB.
namespace takeRows_bf16_block {
constexpr int BQ = 8, BE = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ x, const std::int32_t* __restrict__ rows, bf16* __restrict__ out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  Warps::Rows<BQ, int> rowsTile;
  Warps::Tile<BQ, BE> outTile;
  each(rowsTile, [&](At at, int iq) {
    rowsTile[at] = int(readIf(iq < validQ, &rows[q0 + iq]));
  });
  // takeRows.ts:6  out = gather(x, 't', rows)
  load(outTile, validQ, validE, [&](At at, int iq) { return inside(rowsTile[at], nT) ? x + Index(rowsTile[at]) * nE + e0 : nullptr; });
  store(outTile, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
}
}  // namespace takeRows_bf16_block

KERNEL(128, 1) takeRows_bf16(const bf16* __restrict__ x, const std::int32_t* __restrict__ rows, bf16* __restrict__ out, int nT, int nE, int nQ) {
  using namespace takeRows_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, rows, out, nT, nE, nQ, i / blocks(nE, BE) * BQ, i % blocks(nE, BE) * BE);
}
