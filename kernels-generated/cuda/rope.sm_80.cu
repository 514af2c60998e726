// rope, sm_80. From runtime/kernels/rope.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 1, h 4, p 2, d 128; 128 threads; shared 0 KiB.
namespace rope_f32_block {
constexpr int BH = 4, P = 2, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BH * P, BD> xTile;
  Warps::Columns<BD> cosTile;
  Warps::Rows<BH * P, int> value;
  Warps::Tile<BH * P, BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Tile<BH * P, BD> value2;
  load(xTile, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](int row) { return x + ((Index(q0) * nH + h0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = id < validD ? float(cos[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = id < validD ? float(sin[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  each(value, [&](At at, int row) {
    value[at] = 1 - (p0 + (row % P));
  });
  load(other, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](At at, int row) { return inside(value[at], P) ? x + ((Index(q0) * nH + h0) * P + value[at]) * nD + d0 + Index(row / P) * (Index(P) * nD) : nullptr; });
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each(value2, [&](At at, int row, int id) {
    value2[at] = xTile[at] * cosTile[at] + (p0 + (row % P) == 0 ? -other[at] : other[at]) * sinTile[at];
  });
  store(value2, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](int row) { return out + ((Index(q0) * nH + h0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
}
}  // namespace rope_f32_block

KERNEL(128, 1) rope_f32(const float* __restrict__ x, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nH, int nD) {
  using namespace rope_f32_block;
  const int i = blockOfGrid();
  block(x, cos, sin, out, nH, nD, i / (blocks(nH, BH) * blocks(P, P) * blocks(nD, BD)), i / (blocks(P, P) * blocks(nD, BD)) % blocks(nH, BH) * BH, i / blocks(nD, BD) % blocks(P, P) * P, i % blocks(nD, BD) * BD);
}

// Blocks: q 1, h 4, p 2, d 128; 128 threads; shared 0 KiB.
namespace rope_bf16_block {
constexpr int BH = 4, P = 2, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ x, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  Warps::Tile<BH * P, BD> xTile;
  Warps::Columns<BD> cosTile;
  Warps::Rows<BH * P, int> value;
  Warps::Tile<BH * P, BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Tile<BH * P, BD> value2;
  load(xTile, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](int row) { return x + ((Index(q0) * nH + h0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = id < validD ? float(cos[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = id < validD ? float(sin[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  each(value, [&](At at, int row) {
    value[at] = 1 - (p0 + (row % P));
  });
  load(other, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](At at, int row) { return inside(value[at], P) ? x + ((Index(q0) * nH + h0) * P + value[at]) * nD + d0 + Index(row / P) * (Index(P) * nD) : nullptr; });
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each(value2, [&](At at, int row, int id) {
    value2[at] = xTile[at] * cosTile[at] + (p0 + (row % P) == 0 ? -other[at] : other[at]) * sinTile[at];
  });
  store(value2, [&](int row) { return row < BH * P && (row / P) < validH; }, validD, [&](int row) { return out + ((Index(q0) * nH + h0) * P + p0) * nD + d0 + Index(row / P) * (Index(P) * nD) + Index(row % P) * nD; });
}
}  // namespace rope_bf16_block

KERNEL(128, 1) rope_bf16(const bf16* __restrict__ x, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nH, int nD) {
  using namespace rope_bf16_block;
  const int i = blockOfGrid();
  block(x, cos, sin, out, nH, nD, i / (blocks(nH, BH) * blocks(P, P) * blocks(nD, BD)), i / (blocks(P, P) * blocks(nD, BD)) % blocks(nH, BH) * BH, i / blocks(nD, BD) % blocks(P, P) * P, i % blocks(nD, BD) * BD);
}
