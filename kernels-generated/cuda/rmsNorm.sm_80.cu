// rmsNorm, sm_80. From runtime/kernels/rmsNorm.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares), certificate a9b6
// Blocks: e 1024, q 4; 128 threads; shared 0 KiB.
namespace rmsNorm_f32_block {
constexpr int BQ = 4, BE = 1024;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, float* __restrict__ out, int nQ, int nE, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, BE> xTile;
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BE> xTile2;
  Warps::Tile<BQ, BE> value;
  Warps::Rows<BQ> scale;
  Warps::Columns<BE> gainTile;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  const int eRest = floorDivide(nE, 1024) * 1024;
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile2, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    // normed.ts:5  map(x, (x) => x * x)
    if (e0 < eRest) {
      each(value, [&](At at) {
        value[at] = xTile2[at] * xTile2[at];
      });
    }
    else {
      each(value, [&](At at, int iq, int ie) {
        value[at] = e0 + ie < nE ? xTile2[at] * xTile2[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(squares, value, BE);
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  each(scale, [&](At at) {
    scale[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    loadLine(gainTile, validE, gain + e0);
    // normed.ts:8  map(x, scale, gain, (x, scale, gain) => x * scale * gain)
    each(value, [&](At at) {
      value[at] = xTile[at] * scale[at] * gainTile[at];
    });
    // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
    store(value, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
  }
}
}  // namespace rmsNorm_f32_block

KERNEL(128, 1) rmsNorm_f32(const float* __restrict__ x, const float* __restrict__ gain, float eps, float* __restrict__ out, int nQ, int nE) {
  using namespace rmsNorm_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, gain, eps, out, nQ, nE, i * BQ);
}

// fold over e carrying (squares), certificate a9b6
// Blocks: e 1024, q 4; 128 threads; shared 0 KiB.
namespace rmsNorm_bf16_block {
constexpr int BQ = 4, BE = 1024;
using Warps = Spread<4, 1, 8>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, bf16* __restrict__ out, int nQ, int nE, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, BE> xTile;
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BE> xTile2;
  Warps::Tile<BQ, BE> value;
  Warps::Rows<BQ> scale;
  Warps::Columns<BE> gainTile;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  const int eRest = floorDivide(nE, 1024) * 1024;
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile2, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    // normed.ts:5  map(x, (x) => x * x)
    if (e0 < eRest) {
      each(value, [&](At at) {
        value[at] = xTile2[at] * xTile2[at];
      });
    }
    else {
      each(value, [&](At at, int iq, int ie) {
        value[at] = e0 + ie < nE ? xTile2[at] * xTile2[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(squares, value, BE);
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normed.ts:7  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / Math.max(sizeOf('e'), 1) + eps))
  each(scale, [&](At at) {
    scale[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    loadLine(gainTile, validE, gain + e0);
    // normed.ts:8  map(x, scale, gain, (x, scale, gain) => x * scale * gain)
    each(value, [&](At at) {
      value[at] = xTile[at] * scale[at] * gainTile[at];
    });
    // rmsNorm.ts:10  out = cast(gain.dtype, normed(x, gain, eps))
    store(value, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
  }
}
}  // namespace rmsNorm_bf16_block

KERNEL(128, 1) rmsNorm_bf16(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, bf16* __restrict__ out, int nQ, int nE) {
  using namespace rmsNorm_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(x, gain, eps, out, nQ, nE, i * BQ);
}
