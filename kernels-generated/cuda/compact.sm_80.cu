// compact, sm_80. From runtime/kernels/compact.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, n 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace compact_f32_block {
constexpr int BN = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ k, const float* __restrict__ v, const std::int32_t* __restrict__ index, float* __restrict__ keys, float* __restrict__ values, const int* __restrict__ kOffsets, const int* __restrict__ nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  Warps::Rows<BN * BG, int> indexTile;
  Warps::Tile<BN * BG, BD> keysTile;
  Warps::Tile<BN * BG, BD> valuesTile;
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    each(indexTile, [&](At at, int row) {
      indexTile[at] = int(readIf((row / BG) < validN && (row % BG) < validG, &index[Index(g0 + (row % BG)) * nOffsets[nC] + nStart + n0 + (row / BG)]));
    });
    // compact.ts:12  keys = gather(k, 'k', index)
    load(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? k + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    load(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? v + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    store(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace compact_f32_block

KERNEL(128, 1) compact_f32(const float* __restrict__ k, const float* __restrict__ v, const std::int32_t* __restrict__ index, float* __restrict__ keys, float* __restrict__ values, const int* kOffsets, const int* nOffsets, int nC, int kLongest, int nG, int nD, int nLongest) {
  using namespace compact_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (blocks(nLongest, BN) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(nLongest, BN) * BN, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, n 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace compact_bf16_block {
constexpr int BN = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ k, const bf16* __restrict__ v, const std::int32_t* __restrict__ index, bf16* __restrict__ keys, bf16* __restrict__ values, const int* __restrict__ kOffsets, const int* __restrict__ nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  Warps::Rows<BN * BG, int> indexTile;
  Warps::Tile<BN * BG, BD> keysTile;
  Warps::Tile<BN * BG, BD> valuesTile;
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    each(indexTile, [&](At at, int row) {
      indexTile[at] = int(readIf((row / BG) < validN && (row % BG) < validG, &index[Index(g0 + (row % BG)) * nOffsets[nC] + nStart + n0 + (row / BG)]));
    });
    // compact.ts:12  keys = gather(k, 'k', index)
    load(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? k + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    load(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? v + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    store(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace compact_bf16_block

KERNEL(128, 1) compact_bf16(const bf16* __restrict__ k, const bf16* __restrict__ v, const std::int32_t* __restrict__ index, bf16* __restrict__ keys, bf16* __restrict__ values, const int* kOffsets, const int* nOffsets, int nC, int kLongest, int nG, int nD, int nLongest) {
  using namespace compact_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (blocks(nLongest, BN) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(nLongest, BN) * BN, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, n 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace compact_f8e4m3_block {
constexpr int BN = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const std::int32_t* __restrict__ index, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* __restrict__ kOffsets, const int* __restrict__ nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int validN = minimum(BN, nN - n0);
  const int validG = minimum(BG, nG - g0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  Warps::Rows<BN * BG, int> indexTile;
  Warps::Tile<BN * BG, BD> keysTile;
  Warps::Tile<BN * BG, BD> valuesTile;
  // compact.ts:8  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    each(indexTile, [&](At at, int row) {
      indexTile[at] = int(readIf((row / BG) < validN && (row % BG) < validG, &index[Index(g0 + (row % BG)) * nOffsets[nC] + nStart + n0 + (row / BG)]));
    });
    // compact.ts:12  keys = gather(k, 'k', index)
    load(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? k + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    load(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(indexTile[at], nK) ? v + (Index(kStart + indexTile[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    store(keysTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(valuesTile, [&](int row) { return row < BN * BG && (row / BG) < validN && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(nStart + n0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace compact_f8e4m3_block

KERNEL(128, 1) compact_f8e4m3(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const std::int32_t* __restrict__ index, f8e4m3* __restrict__ keys, f8e4m3* __restrict__ values, const int* kOffsets, const int* nOffsets, int nC, int kLongest, int nG, int nD, int nLongest) {
  using namespace compact_f8e4m3_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (blocks(nLongest, BN) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(nLongest, BN) * BN, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
