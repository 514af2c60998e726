// widen, sm_90a. From runtime/kernels/widen.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: x 128; 128 threads; shared 1 KiB.
namespace widen_f16_block {
constexpr int BX = 128;

__device__ static void block(const f16* x, float* out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  auto& xTile = tileAt<float[BX]>(0);
  load(xTile, x + x0, {1}, {validX});
  blockBarrier();
  // widen.ts:6  out = cast('f32', x)
  store(out + x0, {1}, xTile, {validX});
}
}  // namespace widen_f16_block

KERNEL(128) widen_f16(const f16* x, float* out, int nX) {
  using namespace widen_f16_block;
  const int i = blockIdx.x;
  block(x, out, nX, i * BX);
}

// Blocks: x 128; 128 threads; shared 1 KiB.
namespace widen_bf16_block {
constexpr int BX = 128;

__device__ static void block(const bf16* x, float* out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  auto& xTile = tileAt<float[BX]>(0);
  load(xTile, x + x0, {1}, {validX});
  blockBarrier();
  // widen.ts:6  out = cast('f32', x)
  store(out + x0, {1}, xTile, {validX});
}
}  // namespace widen_bf16_block

KERNEL(128) widen_bf16(const bf16* x, float* out, int nX) {
  using namespace widen_bf16_block;
  const int i = blockIdx.x;
  block(x, out, nX, i * BX);
}
