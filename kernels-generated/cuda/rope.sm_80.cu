// rope, sm_80. From runtime/kernels/rope.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 1, h 1, p 1, d 128; 128 threads; shared 0 KiB.
namespace rope_f32_block {
constexpr int BD = 128, P = 2;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* x, const float* cos, const float* sin, float* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validD = minimum(BD, nD - d0);
  Warps::Columns<BD> xTile;
  Warps::Columns<BD> cosTile;
  Warps::Columns<BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Columns<BD> value2;
  each(xTile, [&](At at, int id) {
    xTile[at] = id < validD ? float(x[((Index(q0) * nH + h0) * P + p0) * nD + d0 + id]) : 0.0f;
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = id < validD ? float(cos[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  const int value = 1 - p0;
  each(other, [&](At at, int id) {
    const int position = value;
    other[at] = id < validD && inside(position, P) ? float(x[((Index(q0) * nH + h0) * P + position) * nD + d0 + id]) : 0.0f;
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = id < validD ? float(sin[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each(value2, [&](At at) {
    value2[at] = xTile[at] * cosTile[at] + (p0 == 0 ? -other[at] : other[at]) * sinTile[at];
  });
  each(value2, [&](At at, int id) {
    if (id < validD && isOwner<decltype(value2)>()) out[((Index(q0) * nH + h0) * P + p0) * nD + d0 + id] = float(value2[at]);
  });
}
}  // namespace rope_f32_block

KERNEL(128, 1) rope_f32(const float* x, const float* cos, const float* sin, float* out, int nQ, int nH, int nD) {
  using namespace rope_f32_block;
  const int i = blockOfGrid();
  block(x, cos, sin, out, nH, nD, i / (nH * P * blocks(nD, BD)), i / (P * blocks(nD, BD)) % nH, i / blocks(nD, BD) % P, i % blocks(nD, BD) * BD);
}

// Blocks: q 1, h 1, p 1, d 128; 128 threads; shared 0 KiB.
namespace rope_bf16_block {
constexpr int BD = 128, P = 2;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const bf16* x, const float* cos, const float* sin, bf16* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validD = minimum(BD, nD - d0);
  Warps::Columns<BD> xTile;
  Warps::Columns<BD> cosTile;
  Warps::Columns<BD> other;
  Warps::Columns<BD> sinTile;
  Warps::Columns<BD> value2;
  each(xTile, [&](At at, int id) {
    xTile[at] = id < validD ? float(x[((Index(q0) * nH + h0) * P + p0) * nD + d0 + id]) : 0.0f;
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = id < validD ? float(cos[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  const int value = 1 - p0;
  each(other, [&](At at, int id) {
    const int position = value;
    other[at] = id < validD && inside(position, P) ? float(x[((Index(q0) * nH + h0) * P + position) * nD + d0 + id]) : 0.0f;
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = id < validD ? float(sin[Index(q0) * nD + d0 + id]) : 0.0f;
  });
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each(value2, [&](At at) {
    value2[at] = xTile[at] * cosTile[at] + (p0 == 0 ? -other[at] : other[at]) * sinTile[at];
  });
  each(value2, [&](At at, int id) {
    if (id < validD && isOwner<decltype(value2)>()) out[((Index(q0) * nH + h0) * P + p0) * nD + d0 + id] = bf16(value2[at]);
  });
}
}  // namespace rope_bf16_block

KERNEL(128, 1) rope_bf16(const bf16* x, const float* cos, const float* sin, bf16* out, int nQ, int nH, int nD) {
  using namespace rope_bf16_block;
  const int i = blockOfGrid();
  block(x, cos, sin, out, nH, nD, i / (nH * P * blocks(nD, BD)), i / (P * blocks(nD, BD)) % nH, i / blocks(nD, BD) % P, i % blocks(nD, BD) * BD);
}
