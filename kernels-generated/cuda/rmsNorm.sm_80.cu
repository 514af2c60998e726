// rmsNorm, sm_80. From runtime/kernels/rmsNorm.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares), certificate ba47
// Blocks: e 128, q 1; 32 threads; shared 1 KiB.
namespace rmsNorm_f32_block {
constexpr int BE = 128;
using Warps = Spread<1, 1, 4>;

DEVICE void block(const float* x, const float* gain, float eps, float* out, int nE, int q0) {
  Warps::Columns<BE> xTile;
  float squares;
  Warps::Columns<BE> xTile2;
  const Array<float, BE> value{sharedAt<float>(0)};
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  // rmsNorm.ts:9  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // rmsNorm.ts:10  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / sizeOf('e') + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    each(xTile2, [&](At at, int ie) {
      xTile2[at] = ie < validE ? float(x[Index(q0) * nE + e0 + ie]) : 0.0f;
    });
    blockBarrier();
    // rmsNorm.ts:9  map(x, (x) => x * x)
    each(xTile2, [&](At at, int ie) {
      if (ie < validE) value(ie) = xTile2[at] * xTile2[at];
    });
    blockBarrier();
    squares = Sum::join(squares, joined<Sum>(validE, [&](int ie) { return value(ie); }));
  }
  const float epsValue = float(eps);
  const float scale = 1.0f / std::sqrt(squares / float(nE) + epsValue);
  // rmsNorm.ts:11  out = cast(x.dtype, map(x, scale, gain, (x, scale, gain) => x * scale * gain))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    each(xTile, [&](At at, int ie) {
      xTile[at] = ie < validE ? float(x[Index(q0) * nE + e0 + ie]) : 0.0f;
    });
    each(gainTile, [&](At at, int ie) {
      gainTile[at] = ie < validE ? float(gain[e0 + ie]) : 0.0f;
    });
    each(value2, [&](At at) {
      value2[at] = xTile[at] * scale * gainTile[at];
    });
    each(value2, [&](At at, int ie) {
      if (ie < validE && isOwner<decltype(value2)>()) out[Index(q0) * nE + e0 + ie] = float(value2[at]);
    });
  }
}
}  // namespace rmsNorm_f32_block

KERNEL(32, 1) rmsNorm_f32(const float* x, const float* gain, float eps, float* out, int nQ, int nE) {
  using namespace rmsNorm_f32_block;
  const int i = blockOfGrid();
  block(x, gain, eps, out, nE, i);
}

// fold over e carrying (squares), certificate ba47
// Blocks: e 128, q 1; 32 threads; shared 1 KiB.
namespace rmsNorm_bf16_block {
constexpr int BE = 128;
using Warps = Spread<1, 1, 4>;

DEVICE void block(const bf16* x, const bf16* gain, float eps, bf16* out, int nE, int q0) {
  Warps::Columns<BE> xTile;
  float squares;
  Warps::Columns<BE> xTile2;
  const Array<float, BE> value{sharedAt<float>(0)};
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  // rmsNorm.ts:9  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // rmsNorm.ts:10  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / sizeOf('e') + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    each(xTile2, [&](At at, int ie) {
      xTile2[at] = ie < validE ? float(x[Index(q0) * nE + e0 + ie]) : 0.0f;
    });
    blockBarrier();
    // rmsNorm.ts:9  map(x, (x) => x * x)
    each(xTile2, [&](At at, int ie) {
      if (ie < validE) value(ie) = xTile2[at] * xTile2[at];
    });
    blockBarrier();
    squares = Sum::join(squares, joined<Sum>(validE, [&](int ie) { return value(ie); }));
  }
  const float epsValue = float(eps);
  const float scale = 1.0f / std::sqrt(squares / float(nE) + epsValue);
  // rmsNorm.ts:11  out = cast(x.dtype, map(x, scale, gain, (x, scale, gain) => x * scale * gain))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    each(xTile, [&](At at, int ie) {
      xTile[at] = ie < validE ? float(x[Index(q0) * nE + e0 + ie]) : 0.0f;
    });
    each(gainTile, [&](At at, int ie) {
      gainTile[at] = ie < validE ? float(gain[e0 + ie]) : 0.0f;
    });
    each(value2, [&](At at) {
      value2[at] = xTile[at] * scale * gainTile[at];
    });
    each(value2, [&](At at, int ie) {
      if (ie < validE && isOwner<decltype(value2)>()) out[Index(q0) * nE + e0 + ie] = bf16(value2[at]);
    });
  }
}
}  // namespace rmsNorm_bf16_block

KERNEL(32, 1) rmsNorm_bf16(const bf16* x, const bf16* gain, float eps, bf16* out, int nQ, int nE) {
  using namespace rmsNorm_bf16_block;
  const int i = blockOfGrid();
  block(x, gain, eps, out, nE, i);
}
