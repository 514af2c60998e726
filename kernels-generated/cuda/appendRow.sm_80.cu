// appendRow, sm_80. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace appendRow_f32_block {
constexpr int BG = 8, BK = 4, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ key, const float* __restrict__ value, float* __restrict__ keys, float* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG * BK, BD> keyTile;
  Warps::Tile<BG * BK, BD> valueTile;
  Warps::Tile<BG * BK, BD> valueTile2;
  Warps::Tile<BG * BK, BD> valueTile3;
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' …
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return key + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    load(valueTile2, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return value + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    // appendRow.ts:13  map(key, place, (key) => key)
    each(valueTile, [&](At at) {
      valueTile[at] = keyTile[at];
    });
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at];
    });
    store(valueTile, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
    store(valueTile3, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
  }
}
}  // namespace appendRow_f32_block

KERNEL(128, 1) appendRow_f32(const float* __restrict__ key, const float* __restrict__ value, float* __restrict__ keys, float* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRow_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(key, value, keys, values, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace appendRow_bf16_block {
constexpr int BG = 8, BK = 4, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ key, const bf16* __restrict__ value, bf16* __restrict__ keys, bf16* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG * BK, BD> keyTile;
  Warps::Tile<BG * BK, BD> valueTile;
  Warps::Tile<BG * BK, BD> valueTile2;
  Warps::Tile<BG * BK, BD> valueTile3;
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dynamic' …
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return key + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    load(valueTile2, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return value + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    // appendRow.ts:13  map(key, place, (key) => key)
    each(valueTile, [&](At at) {
      valueTile[at] = keyTile[at];
    });
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at];
    });
    store(valueTile, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
    store(valueTile3, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
  }
}
}  // namespace appendRow_bf16_block

KERNEL(128, 1) appendRow_bf16(const bf16* __restrict__ key, const bf16* __restrict__ value, bf16* __restrict__ keys, bf16* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRow_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(key, value, keys, values, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
