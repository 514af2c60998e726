// headPeaks, sm_80. From runtime/kernels/headPeaks.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over d carrying (max), certificate 8def
// fold over k carrying (max2), certificate 0c7b
// Blocks: d 1024, k 1, g 4; 128 threads; shared 0 KiB.
namespace headPeaks_f32_block {
constexpr int BG = 4, BD = 1024, BK = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, float* __restrict__ out, int nK, int nG, int nD, int g0) {
  const int validG = minimum(BG, nG - g0);
  Warps::Rows<BG> max2;
  Warps::Rows<BG> max;
  Warps::Tile<BG, BD> xTile;
  Warps::Tile<BG, BD> value;
  Warps::Rows<BG> outTile;
  // headPeaks.ts:6  max(max(map(x, (x) => Math.abs(x)), 'd'), 'k')
  fill(max2, -INFINITY);
  for (int k0 = 0; k0 < nK; k0 += BK) {
    fill(max, -INFINITY);
    const int dRest = floorDivide(nD, 1024) * 1024;
    for (int d0 = 0; d0 < nD; d0 += BD) {
      const int validD = minimum(BD, nD - d0);
      load(xTile, validG, validD, [&](int ig) { return x + (Index(k0) * nG + g0) * nD + d0 + Index(ig) * nD; });
      if (d0 < dRest) {
        each(value, [&](At at) {
          value[at] = std::fabs(xTile[at]);
        });
      }
      else {
        each(value, [&](At at, int ig, int id) {
          value[at] = d0 + id < nD ? std::fabs(xTile[at]) : -INFINITY;
        });
      }
      joinRows<Max, accumulate>(max, value, BD);
    }
    each(max2, [&](At at) {
      max2[at] = Max::join(max2[at], max[at]);
    });
  }
  each(outTile, [&](At at) {
    outTile[at] = maximum(max2[at], 0.0f);
  });
  each(outTile, [&](At at, int ig) {
    if (ig < validG && isOwner<decltype(outTile)>()) out[g0 + ig] = float(outTile[at]);
  });
}
}  // namespace headPeaks_f32_block

KERNEL(128, 1) headPeaks_f32(const float* __restrict__ x, float* __restrict__ out, int nK, int nG, int nD) {
  using namespace headPeaks_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, out, nK, nG, nD, i * BG);
}

// fold over d carrying (max), certificate 8def
// fold over k carrying (max2), certificate 0c7b
// Blocks: d 1024, k 1, g 4; 128 threads; shared 0 KiB.
namespace headPeaks_bf16_block {
constexpr int BG = 4, BD = 1024, BK = 1;
using Warps = Spread<4, 1, 8>;

DEVICE void block(const bf16* __restrict__ x, float* __restrict__ out, int nK, int nG, int nD, int g0) {
  const int validG = minimum(BG, nG - g0);
  Warps::Rows<BG> max2;
  Warps::Rows<BG> max;
  Warps::Tile<BG, BD> xTile;
  Warps::Tile<BG, BD> value;
  Warps::Rows<BG> outTile;
  // headPeaks.ts:6  max(max(map(x, (x) => Math.abs(x)), 'd'), 'k')
  fill(max2, -INFINITY);
  for (int k0 = 0; k0 < nK; k0 += BK) {
    fill(max, -INFINITY);
    const int dRest = floorDivide(nD, 1024) * 1024;
    for (int d0 = 0; d0 < nD; d0 += BD) {
      const int validD = minimum(BD, nD - d0);
      load(xTile, validG, validD, [&](int ig) { return x + (Index(k0) * nG + g0) * nD + d0 + Index(ig) * nD; });
      if (d0 < dRest) {
        each(value, [&](At at) {
          value[at] = std::fabs(xTile[at]);
        });
      }
      else {
        each(value, [&](At at, int ig, int id) {
          value[at] = d0 + id < nD ? std::fabs(xTile[at]) : -INFINITY;
        });
      }
      joinRows<Max, accumulate>(max, value, BD);
    }
    each(max2, [&](At at) {
      max2[at] = Max::join(max2[at], max[at]);
    });
  }
  each(outTile, [&](At at) {
    outTile[at] = maximum(max2[at], 0.0f);
  });
  each(outTile, [&](At at, int ig) {
    if (ig < validG && isOwner<decltype(outTile)>()) out[g0 + ig] = float(outTile[at]);
  });
}
}  // namespace headPeaks_bf16_block

KERNEL(128, 1) headPeaks_bf16(const bf16* __restrict__ x, float* __restrict__ out, int nK, int nG, int nD) {
  using namespace headPeaks_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, out, nK, nG, nD, i * BG);
}
