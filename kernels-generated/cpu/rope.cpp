// rope, cpu. From runtime/kernels/rope.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: q 1, h 4, p 2, d 512.
namespace rope_f32_block {
constexpr int BH = 4, P = 2, BD = 512;

static void block(const float* x, const float* cos, const float* sin, float* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float xTile[BH][P][BD];
  TILE float cosTile[BD];
  TILE int value[P];
  TILE float other[BH][P][BD];
  TILE float sinTile[BD];
  TILE float value2[BH][P][BD];
  load(xTile, x + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validH, P, validD});
  load(cosTile, cos + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value[ip] = 1 - (p0 + ip);
  for (int ih = 0; ih < validH; ih++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value[ip];
      for (int id = 0; id < validD; id++) other[ih][ip][id] = inside(place, P) ? float(x[((Index(q0) * nH + h0 + ih) * P + place) * nD + d0 + id]) : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  for (int ih = 0; ih < validH; ih++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value2[ih][ip][id] = xTile[ih][ip][id] * cosTile[id] + (p0 + ip == 0 ? -other[ih][ip][id] : other[ih][ip][id]) * sinTile[id];
    }
  }
  store(out + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, value2, {validH, P, validD});
}
}  // namespace rope_f32_block

KERNEL void rope_f32(void* const* args) {
  using namespace rope_f32_block;
  const float* x = tensor<const float>(args[0]);
  const float* cos = tensor<const float>(args[1]);
  const float* sin = tensor<const float>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nH = size(args[5]);
  const int nD = size(args[6]);
  const int hBlocks = blocks(nH, BH), pBlocks = blocks(P, P), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nQ * hBlocks * pBlocks * dBlocks > 1)
  for (int i = 0; i < nQ * hBlocks * pBlocks * dBlocks; i++) block(x, cos, sin, out, nH, nD, i / (hBlocks * pBlocks * dBlocks), i / (pBlocks * dBlocks) % hBlocks * BH, i / dBlocks % pBlocks * P, i % dBlocks * BD);
}

// Blocks: q 1, h 4, p 2, d 512.
namespace rope_bf16_block {
constexpr int BH = 4, P = 2, BD = 512;

static void block(const bf16* x, const float* cos, const float* sin, bf16* out, int nH, int nD, int q0, int h0, int p0, int d0) {
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float xTile[BH][P][BD];
  TILE float cosTile[BD];
  TILE int value[P];
  TILE float other[BH][P][BD];
  TILE float sinTile[BD];
  TILE float value2[BH][P][BD];
  load(xTile, x + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validH, P, validD});
  load(cosTile, cos + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:10  tabulate(['p'], (at) => 1 - at.p)
  #pragma omp simd
  for (int ip = 0; ip < P; ip++) value[ip] = 1 - (p0 + ip);
  for (int ih = 0; ih < validH; ih++) {
    for (int ip = 0; ip < P; ip++) {
      const int place = value[ip];
      for (int id = 0; id < validD; id++) other[ih][ip][id] = inside(place, P) ? float(x[((Index(q0) * nH + h0 + ih) * P + place) * nD + d0 + id]) : 0.0f;
    }
  }
  load(sinTile, sin + Index(q0) * nD + d0, {1}, {validD});
  // rope.ts:11  map(x, other, cos, sin, (x, other, cos, sin, at) => x * cos + (at.p === 0 ? -ot…
  for (int ih = 0; ih < validH; ih++) {
    for (int ip = 0; ip < P; ip++) {
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value2[ih][ip][id] = xTile[ih][ip][id] * cosTile[id] + (p0 + ip == 0 ? -other[ih][ip][id] : other[ih][ip][id]) * sinTile[id];
    }
  }
  store(out + ((Index(q0) * nH + h0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, value2, {validH, P, validD});
}
}  // namespace rope_bf16_block

KERNEL void rope_bf16(void* const* args) {
  using namespace rope_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const float* cos = tensor<const float>(args[1]);
  const float* sin = tensor<const float>(args[2]);
  bf16* out = tensor<bf16>(args[3]);
  const int nQ = size(args[4]);
  const int nH = size(args[5]);
  const int nD = size(args[6]);
  const int hBlocks = blocks(nH, BH), pBlocks = blocks(P, P), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nQ * hBlocks * pBlocks * dBlocks > 1)
  for (int i = 0; i < nQ * hBlocks * pBlocks * dBlocks; i++) block(x, cos, sin, out, nH, nD, i / (hBlocks * pBlocks * dBlocks), i / (pBlocks * dBlocks) % hBlocks * BH, i / dBlocks % pBlocks * P, i % dBlocks * BD);
}
