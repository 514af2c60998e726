// narrowRows, sm_80. From runtime/kernels/narrowRows.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace narrowRows_f32_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ k, const float* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, int nK, int nG, int nD, int k0, int g0, int d0) {
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BK * BG, BD> kTile;
  Warps::Rows<BK * BG> kScaleTile;
  Warps::Tile<BK * BG, BD> value;
  Warps::Tile<BK * BG, BD> vTile;
  Warps::Rows<BK * BG> vScaleTile;
  Warps::Tile<BK * BG, BD> value2;
  load(kTile, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return k + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  each(kScaleTile, [&](At at, int row) {
    kScaleTile[at] = float(readIf((row % BG) < validG, &kScale[g0 + (row % BG)]));
  });
  load(vTile, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return v + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  each(vScaleTile, [&](At at, int row) {
    vScaleTile[at] = float(readIf((row % BG) < validG, &vScale[g0 + (row % BG)]));
  });
  // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
  each(value, [&](At at) {
    value[at] = kTile[at] / kScaleTile[at];
  });
  each(value2, [&](At at) {
    value2[at] = vTile[at] / vScaleTile[at];
  });
  store(value, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  store(value2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
}
}  // namespace narrowRows_f32_block

KERNEL(128, 1) narrowRows_f32(const float* __restrict__ k, const float* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, int nK, int nG, int nD) {
  using namespace narrowRows_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kScale, vScale, keys, values, nK, nG, nD, i / (blocks(nG, BG) * blocks(nD, BD)) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace narrowRows_bf16_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, int nK, int nG, int nD, int k0, int g0, int d0) {
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BK * BG, BD> kTile;
  Warps::Rows<BK * BG> kScaleTile;
  Warps::Tile<BK * BG, BD> value;
  Warps::Tile<BK * BG, BD> vTile;
  Warps::Rows<BK * BG> vScaleTile;
  Warps::Tile<BK * BG, BD> value2;
  load(kTile, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return k + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  each(kScaleTile, [&](At at, int row) {
    kScaleTile[at] = float(readIf((row % BG) < validG, &kScale[g0 + (row % BG)]));
  });
  load(vTile, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return v + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  each(vScaleTile, [&](At at, int row) {
    vScaleTile[at] = float(readIf((row % BG) < validG, &vScale[g0 + (row % BG)]));
  });
  // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
  each(value, [&](At at) {
    value[at] = kTile[at] / kScaleTile[at];
  });
  each(value2, [&](At at) {
    value2[at] = vTile[at] / vScaleTile[at];
  });
  store(value, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  store(value2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
}
}  // namespace narrowRows_bf16_block

KERNEL(128, 1) narrowRows_bf16(const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, int nK, int nG, int nD) {
  using namespace narrowRows_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kScale, vScale, keys, values, nK, nG, nD, i / (blocks(nG, BG) * blocks(nD, BD)) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
