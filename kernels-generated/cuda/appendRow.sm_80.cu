// appendRow, sm_80. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, k 1, g 4, p 2, d 128; 128 threads; shared 0 KiB.
namespace appendRow_f32_block {
constexpr int BG = 4, P = 2, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ key, const float* __restrict__ value, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ keys, float* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int p0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BG * P, BD> keyTile;
  Warps::Columns<BD> cosTile;
  Warps::Rows<BG * P, int> valueTile;
  Warps::Tile<BG * P, BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Tile<BG * P, BD> turned;
  Warps::Tile<BG * P, BD> valueTile2;
  Warps::Tile<BG * P, BD> valueTile3;
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', p: 2, d: 'dyn…
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return key + ((Index(c0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    each(cosTile, [&](At at, int id) {
      cosTile[at] = id < validD ? float(cos[Index(c0) * nD + d0 + id]) : 0.0f;
    });
    each(sinTile, [&](At at, int id) {
      sinTile[at] = id < validD ? float(sin[Index(c0) * nD + d0 + id]) : 0.0f;
    });
    load(valueTile2, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return value + ((Index(c0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    // appendRow.ts:15  tabulate(['p'], (at) => 1 - at.p)
    each(valueTile, [&](At at, int row) {
      valueTile[at] = 1 - (p0 + (row % P));
    });
    load(other, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](At at, int row) { return inside(valueTile[at], P) ? key + ((Index(c0) * nG + g0) * P + valueTile[at]) * nD + d0 + Index(row / P) * (Index(P) * nD) : nullptr; });
    // appendRow.ts:16  turned = map(key, other, cos, sin, place, (key, other, cos, sin, _, at) => key * cos + (…
    each(turned, [&](At at, int row, int id) {
      turned[at] = keyTile[at] * cosTile[at] + (p0 + (row % P) == 0 ? -other[at] : other[at]) * sinTile[at];
    });
    // appendRow.ts:17  map(value, place, (value) => value)
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at];
    });
    store(turned, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return keys + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    store(valueTile3, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return values + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
  }
}
}  // namespace appendRow_f32_block

KERNEL(128, 1) appendRow_f32(const float* __restrict__ key, const float* __restrict__ value, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ keys, float* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRow_f32_block;
  const int i = blockOfGrid();
  block(key, value, cos, sin, keys, values, kOffsets, nG, nD, i / (kLongest * blocks(nG, BG) * blocks(P, P) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(P, P) * blocks(nD, BD)) % kLongest, i / (blocks(P, P) * blocks(nD, BD)) % blocks(nG, BG) * BG, i / blocks(nD, BD) % blocks(P, P) * P, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, k 1, g 4, p 2, d 128; 128 threads; shared 0 KiB.
namespace appendRow_bf16_block {
constexpr int BG = 4, P = 2, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ key, const bf16* __restrict__ value, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ keys, bf16* __restrict__ values, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int p0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BG * P, BD> keyTile;
  Warps::Columns<BD> cosTile;
  Warps::Rows<BG * P, int> valueTile;
  Warps::Tile<BG * P, BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Tile<BG * P, BD> turned;
  Warps::Tile<BG * P, BD> valueTile2;
  Warps::Tile<BG * P, BD> valueTile3;
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', p: 2, d: 'dyn…
  if (k0 < nK) {
    load(keyTile, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return key + ((Index(c0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    each(cosTile, [&](At at, int id) {
      cosTile[at] = id < validD ? float(cos[Index(c0) * nD + d0 + id]) : 0.0f;
    });
    each(sinTile, [&](At at, int id) {
      sinTile[at] = id < validD ? float(sin[Index(c0) * nD + d0 + id]) : 0.0f;
    });
    load(valueTile2, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return value + ((Index(c0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    // appendRow.ts:15  tabulate(['p'], (at) => 1 - at.p)
    each(valueTile, [&](At at, int row) {
      valueTile[at] = 1 - (p0 + (row % P));
    });
    load(other, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](At at, int row) { return inside(valueTile[at], P) ? key + ((Index(c0) * nG + g0) * P + valueTile[at]) * nD + d0 + Index(row / P) * (Index(P) * nD) : nullptr; });
    // appendRow.ts:16  turned = map(key, other, cos, sin, place, (key, other, cos, sin, _, at) => key * cos + (…
    each(turned, [&](At at, int row, int id) {
      turned[at] = keyTile[at] * cosTile[at] + (p0 + (row % P) == 0 ? -other[at] : other[at]) * sinTile[at];
    });
    // appendRow.ts:17  map(value, place, (value) => value)
    each(valueTile3, [&](At at) {
      valueTile3[at] = valueTile2[at];
    });
    store(turned, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return keys + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
    store(valueTile3, [&](int row) { return row < BG * P && (row / P) < validG; }, validD, [&](int row) { return values + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
  }
}
}  // namespace appendRow_bf16_block

KERNEL(128, 1) appendRow_bf16(const bf16* __restrict__ key, const bf16* __restrict__ value, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ keys, bf16* __restrict__ values, const int* kOffsets, int nC, int nG, int nD, int kLongest) {
  using namespace appendRow_bf16_block;
  const int i = blockOfGrid();
  block(key, value, cos, sin, keys, values, kOffsets, nG, nD, i / (kLongest * blocks(nG, BG) * blocks(P, P) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(P, P) * blocks(nD, BD)) % kLongest, i / (blocks(P, P) * blocks(nD, BD)) % blocks(nG, BG) * BG, i / blocks(nD, BD) % blocks(P, P) * P, i % blocks(nD, BD) * BD);
}
