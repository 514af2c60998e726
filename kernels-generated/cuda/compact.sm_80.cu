// compact, sm_80. From runtime/kernels/compact.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, n 1, g 1, d 128; 128 threads; shared 0 KiB.
namespace compact_f32_block {
constexpr int BD = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* k, const float* v, const std::int32_t* index, float* keys, float* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  Warps::Columns<BD> keysTile;
  Warps::Columns<BD> valuesTile;
  // compact.ts:7  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    const int indexTile = int(index[Index(g0) * nOffsets[nC] + nStart + n0]);
    // compact.ts:11  keys = gather(k, 'k', index)
    each(keysTile, [&](At at, int id) {
      const int position = indexTile;
      keysTile[at] = id < validD && inside(position, nK) ? float(k[(Index(kStart + position) * nG + g0) * nD + d0 + id]) : 0.0f;
    });
    each(keysTile, [&](At at, int id) {
      if (id < validD && isOwner<decltype(keysTile)>()) keys[(Index(nStart + n0) * nG + g0) * nD + d0 + id] = float(keysTile[at]);
    });
    each(valuesTile, [&](At at, int id) {
      const int position2 = indexTile;
      valuesTile[at] = id < validD && inside(position2, nK) ? float(v[(Index(kStart + position2) * nG + g0) * nD + d0 + id]) : 0.0f;
    });
    each(valuesTile, [&](At at, int id) {
      if (id < validD && isOwner<decltype(valuesTile)>()) values[(Index(nStart + n0) * nG + g0) * nD + d0 + id] = float(valuesTile[at]);
    });
  }
}
}  // namespace compact_f32_block

KERNEL(128, 1) compact_f32(const float* k, const float* v, const std::int32_t* index, float* keys, float* values, const int* kOffsets, const int* nOffsets, int nC, int kLongest, int nG, int nD, int nLongest) {
  using namespace compact_f32_block;
  const int i = blockOfGrid();
  block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nLongest * nG * blocks(nD, BD)), i / (nG * blocks(nD, BD)) % nLongest, i / blocks(nD, BD) % nG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, n 1, g 1, d 128; 128 threads; shared 0 KiB.
namespace compact_bf16_block {
constexpr int BD = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const bf16* k, const bf16* v, const std::int32_t* index, bf16* keys, bf16* values, const int* kOffsets, const int* nOffsets, int nC, int nG, int nD, int c0, int n0, int g0, int d0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validD = minimum(BD, nD - d0);
  Warps::Columns<BD> keysTile;
  Warps::Columns<BD> valuesTile;
  // compact.ts:7  compact = kernel('compact', { c: 'dynamic', k: ragged('c'), n: ragged('c'), g: 'dynamic',…
  if (n0 < nN) {
    const int indexTile = int(index[Index(g0) * nOffsets[nC] + nStart + n0]);
    // compact.ts:11  keys = gather(k, 'k', index)
    each(keysTile, [&](At at, int id) {
      const int position = indexTile;
      keysTile[at] = id < validD && inside(position, nK) ? float(k[(Index(kStart + position) * nG + g0) * nD + d0 + id]) : 0.0f;
    });
    each(keysTile, [&](At at, int id) {
      if (id < validD && isOwner<decltype(keysTile)>()) keys[(Index(nStart + n0) * nG + g0) * nD + d0 + id] = bf16(keysTile[at]);
    });
    each(valuesTile, [&](At at, int id) {
      const int position2 = indexTile;
      valuesTile[at] = id < validD && inside(position2, nK) ? float(v[(Index(kStart + position2) * nG + g0) * nD + d0 + id]) : 0.0f;
    });
    each(valuesTile, [&](At at, int id) {
      if (id < validD && isOwner<decltype(valuesTile)>()) values[(Index(nStart + n0) * nG + g0) * nD + d0 + id] = bf16(valuesTile[at]);
    });
  }
}
}  // namespace compact_bf16_block

KERNEL(128, 1) compact_bf16(const bf16* k, const bf16* v, const std::int32_t* index, bf16* keys, bf16* values, const int* kOffsets, const int* nOffsets, int nC, int kLongest, int nG, int nD, int nLongest) {
  using namespace compact_bf16_block;
  const int i = blockOfGrid();
  block(k, v, index, keys, values, kOffsets, nOffsets, nC, nG, nD, i / (nLongest * nG * blocks(nD, BD)), i / (nG * blocks(nD, BD)) % nLongest, i / blocks(nD, BD) % nG, i % blocks(nD, BD) * BD);
}
