// rmsNorm, sm_80. From runtime/kernels/rmsNorm.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares), certificate ba47
// Blocks: e 128, q 1; 128 threads; shared 3 KiB.
namespace rmsNorm_f32_block {
constexpr int BE = 128;

__device__ static void block(const float* x, const float* gain, float eps, float* out, int nE, int q0) {
  auto& xTile = tileAt<float[BE]>(0);
  float squares;
  auto& xTile2 = tileAt<float[BE]>(512);
  auto& value = tileAt<float[BE]>(1024);
  float epsValue;
  float scale;
  auto& gainTile = tileAt<float[BE]>(1536);
  auto& value2 = tileAt<float[BE]>(2048);
  // rmsNorm.ts:9  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // rmsNorm.ts:10  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / sizeOf('e') + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile2, x + Index(q0) * nE + e0, {1}, {validE});
    blockBarrier();
    // rmsNorm.ts:9  map(x, (x) => x * x)
    each<BE>([&](int ie) {
      value[ie] = xTile2[ie] * xTile2[ie];
    });
    blockBarrier();
    squares += sumOf(&value[0], 1, validE);
  }
  epsValue = float(eps);
  scale = 1.0f / std::sqrt(squares / float(nE) + epsValue);
  // rmsNorm.ts:11  out = cast(x.dtype, map(x, scale, gain, (x, scale, gain) => x * scale * gain))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {1}, {validE});
    load(gainTile, gain + e0, {1}, {validE});
    blockBarrier();
    each<BE>([&](int ie) {
      value2[ie] = xTile[ie] * scale * gainTile[ie];
    });
    blockBarrier();
    store(out + Index(q0) * nE + e0, {1}, value2, {validE});
  }
}
}  // namespace rmsNorm_f32_block

KERNEL(128) rmsNorm_f32(const float* x, const float* gain, float eps, float* out, int nQ, int nE) {
  using namespace rmsNorm_f32_block;
  const int i = blockIdx.x;
  block(x, gain, eps, out, nE, i);
}

// fold over e carrying (squares), certificate ba47
// Blocks: e 128, q 1; 128 threads; shared 3 KiB.
namespace rmsNorm_bf16_block {
constexpr int BE = 128;

__device__ static void block(const bf16* x, const bf16* gain, float eps, bf16* out, int nE, int q0) {
  auto& xTile = tileAt<float[BE]>(0);
  float squares;
  auto& xTile2 = tileAt<float[BE]>(512);
  auto& value = tileAt<float[BE]>(1024);
  float epsValue;
  float scale;
  auto& gainTile = tileAt<float[BE]>(1536);
  auto& value2 = tileAt<float[BE]>(2048);
  // rmsNorm.ts:9  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // rmsNorm.ts:10  scale = map(squares, eps, (s, eps) => 1 / Math.sqrt(s / sizeOf('e') + eps))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile2, x + Index(q0) * nE + e0, {1}, {validE});
    blockBarrier();
    // rmsNorm.ts:9  map(x, (x) => x * x)
    each<BE>([&](int ie) {
      value[ie] = xTile2[ie] * xTile2[ie];
    });
    blockBarrier();
    squares += sumOf(&value[0], 1, validE);
  }
  epsValue = float(eps);
  scale = 1.0f / std::sqrt(squares / float(nE) + epsValue);
  // rmsNorm.ts:11  out = cast(x.dtype, map(x, scale, gain, (x, scale, gain) => x * scale * gain))
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, x + Index(q0) * nE + e0, {1}, {validE});
    load(gainTile, gain + e0, {1}, {validE});
    blockBarrier();
    each<BE>([&](int ie) {
      value2[ie] = xTile[ie] * scale * gainTile[ie];
    });
    blockBarrier();
    store(out + Index(q0) * nE + e0, {1}, value2, {validE});
  }
}
}  // namespace rmsNorm_bf16_block

KERNEL(128) rmsNorm_bf16(const bf16* x, const bf16* gain, float eps, bf16* out, int nQ, int nE) {
  using namespace rmsNorm_bf16_block;
  const int i = blockIdx.x;
  block(x, gain, eps, out, nE, i);
}
