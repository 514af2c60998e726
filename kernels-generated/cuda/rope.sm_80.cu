// rope, sm_80. From runtime/kernels/rope.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 1, h 1, p 1, d 128; 128 threads; shared 3 KiB.
namespace rope_f32_block {
constexpr int BD = 128, P = 2;

__device__ static void block(const float* x, const float* cos, const float* sin, float* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validD = minimum(BD, nD - d0);
  auto& xTile = tileAt<float[BD]>(0);
  auto& cosTile = tileAt<float[BD]>(512);
  int value;
  auto& other = tileAt<float[BD]>(1024);
  auto& sinTile = tileAt<float[BD]>(1536);
  auto& value2 = tileAt<float[BD]>(2048);
  load(xTile, x + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {1}, {validD});
  load(cosTile, cos + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  value = 1 - p0;
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at = value;
    other[id] = inside(at, P) ? float(x[((Index(q0) * nH + h0) * P + at) * nD + d0 + id]) : 0.0f;
  });
  load(sinTile, sin + Index(q0) * nD + d0, {1}, {validD});
  blockBarrier();
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each<BD>([&](int id) {
    value2[id] = xTile[id] * cosTile[id] + (p0 == 0 ? -other[id] : other[id]) * sinTile[id];
  });
  blockBarrier();
  store(out + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {1}, value2, {validD});
}
}  // namespace rope_f32_block

KERNEL(128) rope_f32(const float* x, const float* cos, const float* sin, float* out, int nQ, int nH, int nD) {
  using namespace rope_f32_block;
  const int i = blockIdx.x;
  block(x, cos, sin, out, nH, nD, i / (nH * P * blocks(nD, BD)), i / (P * blocks(nD, BD)) % nH, i / blocks(nD, BD) % P, i % blocks(nD, BD) * BD);
}

// Blocks: q 1, h 1, p 1, d 128; 128 threads; shared 3 KiB.
namespace rope_bf16_block {
constexpr int BD = 128, P = 2;

__device__ static void block(const bf16* x, const float* cos, const float* sin, bf16* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validD = minimum(BD, nD - d0);
  auto& xTile = tileAt<float[BD]>(0);
  auto& cosTile = tileAt<float[BD]>(512);
  int value;
  auto& other = tileAt<float[BD]>(1024);
  auto& sinTile = tileAt<float[BD]>(1536);
  auto& value2 = tileAt<float[BD]>(2048);
  load(xTile, x + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {1}, {validD});
  load(cosTile, cos + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  value = 1 - p0;
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at = value;
    other[id] = inside(at, P) ? float(x[((Index(q0) * nH + h0) * P + at) * nD + d0 + id]) : 0.0f;
  });
  load(sinTile, sin + Index(q0) * nD + d0, {1}, {validD});
  blockBarrier();
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  each<BD>([&](int id) {
    value2[id] = xTile[id] * cosTile[id] + (p0 == 0 ? -other[id] : other[id]) * sinTile[id];
  });
  blockBarrier();
  store(out + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {1}, value2, {validD});
}
}  // namespace rope_bf16_block

KERNEL(128) rope_bf16(const bf16* x, const float* cos, const float* sin, bf16* out, int nQ, int nH, int nD) {
  using namespace rope_bf16_block;
  const int i = blockIdx.x;
  block(x, cos, sin, out, nH, nD, i / (nH * P * blocks(nD, BD)), i / (P * blocks(nD, BD)) % nH, i / blocks(nD, BD) % P, i % blocks(nD, BD) * BD);
}
