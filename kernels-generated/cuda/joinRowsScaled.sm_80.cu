// joinRowsScaled, sm_80. From runtime/kernels/joinRows.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace joinRowsScaled_f32_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kNew, const float* __restrict__ vNew, const float* __restrict__ kScale, const float* __restrict__ vScale, float* __restrict__ keys, float* __restrict__ values, const int* __restrict__ jOffsets, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validK = minimum(BK, nK - k0);
  const int validD = minimum(BD, nD - d0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK * BG, int> value;
  Warps::Tile<BK * BG, BD> first;
  Warps::Rows<BK * BG> kScaleTile;
  Warps::Rows<BK * BG, int> value2;
  Warps::Tile<BK * BG, BD> last;
  Warps::Tile<BK * BG, BD> value3;
  Warps::Tile<BK * BG, BD> first2;
  Warps::Rows<BK * BG> vScaleTile;
  Warps::Tile<BK * BG, BD> last2;
  Warps::Tile<BK * BG, BD> value4;
  // joinRows.ts:25  joinRowsScaled = kernel('joinRowsScaled', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: rag…
  if (k0 < nK) {
    each(kScaleTile, [&](At at, int row) {
      kScaleTile[at] = float(readIf((row % BG) < validG, &kScale[g0 + (row % BG)]));
    });
    each(vScaleTile, [&](At at, int row) {
      vScaleTile[at] = float(readIf((row % BG) < validG, &vScale[g0 + (row % BG)]));
    });
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
      value3[at] = k0 + (row / BG) < nK - nQ ? (0 <= value[at] && value[at] < nJ ? first[at] * kScaleTile[at] : 0.0f) : last[at];
    });
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    load(first2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? v + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    load(last2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? vNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value4, [&](At at, int row, int id) {
      value4[at] = k0 + (row / BG) < nK - nQ ? (0 <= value[at] && value[at] < nJ ? first2[at] * vScaleTile[at] : 0.0f) : last2[at];
    });
    // joinRows.ts:31  keys = cast(kNew.dtype, joined(whole(k, kScale), kNew))
    store(value3, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(value4, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace joinRowsScaled_f32_block

KERNEL(128, 1) joinRowsScaled_f32(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kNew, const float* __restrict__ vNew, const float* __restrict__ kScale, const float* __restrict__ vScale, float* __restrict__ keys, float* __restrict__ values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nC, int jLongest, int nG, int nD, int qLongest, int kLongest) {
  using namespace joinRowsScaled_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kNew, vNew, kScale, vScale, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}

// Blocks: c 1, k 4, g 8, d 128; 128 threads; shared 0 KiB.
namespace joinRowsScaled_bf16_block {
constexpr int BK = 4, BG = 8, BD = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const bf16* __restrict__ kNew, const bf16* __restrict__ vNew, const float* __restrict__ kScale, const float* __restrict__ vScale, bf16* __restrict__ keys, bf16* __restrict__ values, const int* __restrict__ jOffsets, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nD, int c0, int k0, int g0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int jStart = jOffsets[c0];
  const int nJ = jOffsets[c0 + 1] - jStart;
  const int validK = minimum(BK, nK - k0);
  const int validD = minimum(BD, nD - d0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK * BG, int> value;
  Warps::Tile<BK * BG, BD> first;
  Warps::Rows<BK * BG> kScaleTile;
  Warps::Rows<BK * BG, int> value2;
  Warps::Tile<BK * BG, BD> last;
  Warps::Tile<BK * BG, BD> value3;
  Warps::Tile<BK * BG, BD> first2;
  Warps::Rows<BK * BG> vScaleTile;
  Warps::Tile<BK * BG, BD> last2;
  Warps::Tile<BK * BG, BD> value4;
  // joinRows.ts:25  joinRowsScaled = kernel('joinRowsScaled', { c: 'dynamic', j: ragged('c'), q: ragged('c'), k: rag…
  if (k0 < nK) {
    each(kScaleTile, [&](At at, int row) {
      kScaleTile[at] = float(readIf((row % BG) < validG, &kScale[g0 + (row % BG)]));
    });
    each(vScaleTile, [&](At at, int row) {
      vScaleTile[at] = float(readIf((row % BG) < validG, &vScale[g0 + (row % BG)]));
    });
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
      value3[at] = k0 + (row / BG) < nK - nQ ? (0 <= value[at] && value[at] < nJ ? first[at] * kScaleTile[at] : 0.0f) : last[at];
    });
    // joinRows.ts:7  first = gather(before, 'j', tabulate(['k'], (at) => at.k))
    load(first2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value[at], nJ) ? v + (Index(jStart + value[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:8  last = gather(behind, 'q', tabulate(['k'], (at) => at.k - sizeOf('k') + sizeOf('q')))
    load(last2, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](At at, int row) { return inside(value2[at], nQ) ? vNew + (Index(qStart + value2[at]) * nG + g0 + (row % BG)) * nD + d0 : nullptr; });
    // joinRows.ts:9  map(first, last, (first, last, at) => (at.k < sizeOf('k') - sizeOf('q') ? first…
    each(value4, [&](At at, int row, int id) {
      value4[at] = k0 + (row / BG) < nK - nQ ? (0 <= value[at] && value[at] < nJ ? first2[at] * vScaleTile[at] : 0.0f) : last2[at];
    });
    // joinRows.ts:31  keys = cast(kNew.dtype, joined(whole(k, kScale), kNew))
    store(value3, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return keys + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
    store(value4, [&](int row) { return row < BK * BG && (row / BG) < validK && (row % BG) < validG; }, validD, [&](int row) { return values + (Index(kStart + k0 + (row / BG)) * nG + g0 + (row % BG)) * nD + d0; });
  }
}
}  // namespace joinRowsScaled_bf16_block

KERNEL(128, 1) joinRowsScaled_bf16(const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const bf16* __restrict__ kNew, const bf16* __restrict__ vNew, const float* __restrict__ kScale, const float* __restrict__ vScale, bf16* __restrict__ keys, bf16* __restrict__ values, const int* jOffsets, const int* qOffsets, const int* kOffsets, int nC, int jLongest, int nG, int nD, int qLongest, int kLongest) {
  using namespace joinRowsScaled_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(k, v, kNew, vNew, kScale, vScale, keys, values, jOffsets, qOffsets, kOffsets, nG, nD, i / (blocks(kLongest, BK) * blocks(nG, BG) * blocks(nD, BD)), i / (blocks(nG, BG) * blocks(nD, BD)) % blocks(kLongest, BK) * BK, i / blocks(nD, BD) % blocks(nG, BG) * BG, i % blocks(nD, BD) * BD);
}
