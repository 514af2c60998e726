// joinRows, sm_80. From runtime/kernels/joinRows.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace joinRows_f32_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ k, const float* __restrict__ v, const float* __restrict__ kNew, const float* __restrict__ vNew, float* __restrict__ keys, float* __restrict__ values, const int* __restrict__ jOffsets, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK * BG, int> value;
  Warps::Tile<BK * BG, BD> first;
  Warps::Rows<BK * BG, int> value2;
  Warps::Tile<BK * BG, BD> last;
  Warps::Tile<BK * BG, BD> value3;
  Warps::Tile<BK * BG, BD> first2;
  Warps::Tile<BK * BG, BD> last2;
  Warps::Tile<BK * BG, BD> value4;
  // joinRows.ts:17  joinRows = kernel('joinRows', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: ragged('c…
  if (k0 < nK) {
    // joinRows.ts:7  tabulate(['k'], (at) => at.k)
    each(value, [&](At at, int row) {
      value[at] = k0 + (row / BG);
    });
    load(first, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? k + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q'))
    each(value2, [&](At at, int row) {
      value2[at] = k0 + (row / BG) - nK + nQ;
    });
    load(last, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? kNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value3, [&](At at, int row, int id) {
      value3[at] = k0 + (row / BG) < nK - nQ ? first[at] : last[at];
    });
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    load(first2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? v + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    load(last2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? vNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value4, [&](At at, int row, int id) {
      value4[at] = k0 + (row / BG) < nK - nQ ? first2[at] : last2[at];
    });
    // joinRows.ts:21  keys = cast(k.dtype, joined(k, kNew))
    store(value3, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(value4, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace joinRows_f32_block

KERNEL(128, 1) joinRows_f32(const float* __restrict__ k, const float* __restrict__ v, const float* __restrict__ kNew, const float* __restrict__ vNew, float* __restrict__ keys, float* __restrict__ values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nC, int jLongest, int nG, int nD, int qLongest, int kLongest) {
  using namespace joinRows_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kNew, vNew, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace joinRows_bf16_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ k, const bf16* __restrict__ v, const bf16* __restrict__ kNew, const bf16* __restrict__ vNew, bf16* __restrict__ keys, bf16* __restrict__ values, const int* __restrict__ jOffsets, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validK = minimum(BK, nK - k0);
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK * BG, int> value;
  Warps::Tile<BK * BG, BD> first;
  Warps::Rows<BK * BG, int> value2;
  Warps::Tile<BK * BG, BD> last;
  Warps::Tile<BK * BG, BD> value3;
  Warps::Tile<BK * BG, BD> first2;
  Warps::Tile<BK * BG, BD> last2;
  Warps::Tile<BK * BG, BD> value4;
  // joinRows.ts:17  joinRows = kernel('joinRows', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: ragged('c…
  if (k0 < nK) {
    // joinRows.ts:7  tabulate(['k'], (at) => at.k)
    each(value, [&](At at, int row) {
      value[at] = k0 + (row / BG);
    });
    load(first, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? k + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q'))
    each(value2, [&](At at, int row) {
      value2[at] = k0 + (row / BG) - nK + nQ;
    });
    load(last, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? kNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value3, [&](At at, int row, int id) {
      value3[at] = k0 + (row / BG) < nK - nQ ? first[at] : last[at];
    });
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    load(first2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? v + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    load(last2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? vNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value4, [&](At at, int row, int id) {
      value4[at] = k0 + (row / BG) < nK - nQ ? first2[at] : last2[at];
    });
    // joinRows.ts:21  keys = cast(k.dtype, joined(k, kNew))
    store(value3, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(value4, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace joinRows_bf16_block

KERNEL(128, 1) joinRows_bf16(const bf16* __restrict__ k, const bf16* __restrict__ v, const bf16* __restrict__ kNew, const bf16* __restrict__ vNew, bf16* __restrict__ keys, bf16* __restrict__ values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nC, int jLongest, int nG, int nD, int qLongest, int kLongest) {
  using namespace joinRows_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kNew, vNew, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
