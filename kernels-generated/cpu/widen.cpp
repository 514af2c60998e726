// widen, cpu. From runtime/kernels/widen.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: x 512.
namespace widen_f16_block {
constexpr int BX = 512;

static void block(const f16* x, float* out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  TILE float xTile[BX];
  load(xTile, x + x0, {1}, {validX});
  // widen.ts:6  out = cast('f32', x)
  store(out + x0, {1}, xTile, {validX});
}
}  // namespace widen_f16_block

KERNEL void widen_f16(void* const* args) {
  using namespace widen_f16_block;
  const f16* x = tensor<const f16>(args[0]);
  float* out = tensor<float>(args[1]);
  const int nX = size(args[2]);
  const int xBlocks = blocks(nX, BX);
  #pragma omp parallel for schedule(dynamic) if (xBlocks > 1)
  for (int i = 0; i < xBlocks; i++) block(x, out, nX, i * BX);
}

// Blocks: x 512.
namespace widen_bf16_block {
constexpr int BX = 512;

static void block(const bf16* x, float* out, int nX, int x0) {
  const int validX = minimum(BX, nX - x0);
  TILE float xTile[BX];
  load(xTile, x + x0, {1}, {validX});
  // widen.ts:6  out = cast('f32', x)
  store(out + x0, {1}, xTile, {validX});
}
}  // namespace widen_bf16_block

KERNEL void widen_bf16(void* const* args) {
  using namespace widen_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  float* out = tensor<float>(args[1]);
  const int nX = size(args[2]);
  const int xBlocks = blocks(nX, BX);
  #pragma omp parallel for schedule(dynamic) if (xBlocks > 1)
  for (int i = 0; i < xBlocks; i++) block(x, out, nX, i * BX);
}
