// appendRowScaled, sm_80. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace appendRowScaled_f32_block {
constexpr int BG = 8, BK = 4, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ key, const float* __restrict__ value, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG * BK, BD> keyTile;
  Warps::Rows<BG * BK> kScaleTile;
  Warps::Tile<BG * BK, BD> valueTile;
  Warps::Tile<BG * BK, BD> valueTile2;
  Warps::Rows<BG * BK> vScaleTile;
  Warps::Tile<BG * BK, BD> valueTile3;
  // appendRow.ts:17  appendRowScaled = kernel('appendRowScaled', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dyn…
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return key + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    each(kScaleTile, [&](At at, int row) {
      kScaleTile[at] = float(readIf((row / BK) < validG, &kScale[g0 + (row / BK)]));
    });
    load(valueTile2, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return value + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    each(vScaleTile, [&](At at, int row) {
      vScaleTile[at] = float(readIf((row / BK) < validG, &vScale[g0 + (row / BK)]));
    });
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    each(valueTile, [&](At at) {
      valueTile[at] = keyTile[at] / kScaleTile[at];
    });
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at] / vScaleTile[at];
    });
    store(valueTile, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
    store(valueTile3, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
  }
}
}  // namespace appendRowScaled_f32_block

KERNEL(128, 1) appendRowScaled_f32(const float* __restrict__ key, const float* __restrict__ value, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRowScaled_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(key, value, kScale, vScale, keys, values, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace appendRowScaled_bf16_block {
constexpr int BG = 8, BK = 4, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ key, const bf16* __restrict__ value, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int validK = minimum(BK, nK - k0);
  Warps::Tile<BG * BK, BD> keyTile;
  Warps::Rows<BG * BK> kScaleTile;
  Warps::Tile<BG * BK, BD> valueTile;
  Warps::Tile<BG * BK, BD> valueTile2;
  Warps::Rows<BG * BK> vScaleTile;
  Warps::Tile<BG * BK, BD> valueTile3;
  // appendRow.ts:17  appendRowScaled = kernel('appendRowScaled', { c: 'dynamic', k: ragged('c'), g: 'dynamic', d: 'dyn…
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return key + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    each(kScaleTile, [&](At at, int row) {
      kScaleTile[at] = float(readIf((row / BK) < validG, &kScale[g0 + (row / BK)]));
    });
    load(valueTile2, [&](int row) { return row < BG * BK && (row / BK) < validG; }, validD, [&](int row) { return value + (Index(c0) * nG + g0 + (row / BK)) * nD + d0; });
    each(vScaleTile, [&](At at, int row) {
      vScaleTile[at] = float(readIf((row / BK) < validG, &vScale[g0 + (row / BK)]));
    });
    // narrowed.ts:4  map(x, scale, (x, scale) => x / scale)
    each(valueTile, [&](At at) {
      valueTile[at] = keyTile[at] / kScaleTile[at];
    });
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at] / vScaleTile[at];
    });
    store(valueTile, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
    store(valueTile3, [&](int row) { return row < BG * BK && (row / BK) < validG && (row % BK) < validK; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row % BK)) * nG + g0 + (row / BK)) * nD + d0; });
  }
}
}  // namespace appendRowScaled_bf16_block

KERNEL(128, 1) appendRowScaled_bf16(const bf16* __restrict__ key, const bf16* __restrict__ value, const float* __restrict__ kScale, const float* __restrict__ vScale, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRowScaled_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(key, value, kScale, vScale, keys, values, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
