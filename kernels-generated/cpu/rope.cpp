// rope, cpu. From runtime/kernels/rope.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: q 4, h 8, d 512.
namespace rope_f32_block {
constexpr int BQ = 4, BH = 8, BD = 512;

static void block(const float* x, const float* cos, const float* sin, float* out, int nQ, int nH, int nD, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float xTile[BQ][BH][BD];
  TILE float cosTile[BQ][BD];
  TILE int value[BD];
  TILE float partner[BQ][BH][BD];
  TILE float sinTile[BQ][BD];
  TILE float value2[BQ][BH][BD];
  load(xTile, x + (Index(q0) * nH + h0) * nD + d0, {Index(nH) * nD, nD, 1}, {validQ, validH, validD});
  load(cosTile, cos + Index(q0) * nD + d0, {nD, 1}, {validQ, validD});
  // rope.ts:10  tabulate(['d'], (at) => (at.d + Math.floor(sizeOf('d') / 2)) % sizeOf('d'))
  #pragma omp simd
  for (int id = 0; id < wideD; id++) value[id] = remainderOf(d0 + id + floorDivide(nD, 2), nD);
  for (int iq = 0; iq < validQ; iq++) {
    for (int ih = 0; ih < validH; ih++) {
      for (int id = 0; id < validD; id++) {
        const int at2 = value[id];
        partner[iq][ih][id] = inside(at2, nD) ? float(x[(Index(q0 + iq) * nH + h0 + ih) * nD + at2]) : 0.0f;
      }
    }
  }
  load(sinTile, sin + Index(q0) * nD + d0, {nD, 1}, {validQ, validD});
  // rope.ts:11  map(x, partner, cos, sin, (x, partner, cos, sin, at) => x * cos + (at.d < Math.…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ih = 0; ih < validH; ih++) {
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value2[iq][ih][id] = xTile[iq][ih][id] * cosTile[iq][id] + (d0 + id < floorDivide(nD, 2) ? -partner[iq][ih][id] : partner[iq][ih][id]) * sinTile[iq][id];
    }
  }
  store(out + (Index(q0) * nH + h0) * nD + d0, {Index(nH) * nD, nD, 1}, value2, {validQ, validH, validD});
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
  const int qBlocks = blocks(nQ, BQ), hBlocks = blocks(nH, BH), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * hBlocks * dBlocks > 1)
  for (int i = 0; i < qBlocks * hBlocks * dBlocks; i++) block(x, cos, sin, out, nQ, nH, nD, i / (hBlocks * dBlocks) * BQ, i / dBlocks % hBlocks * BH, i % dBlocks * BD);
}

// Blocks: q 4, h 8, d 512.
namespace rope_bf16_block {
constexpr int BQ = 4, BH = 8, BD = 512;

static void block(const bf16* x, const float* cos, const float* sin, bf16* out, int nQ, int nH, int nD, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validH = minimum(BH, nH - h0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float xTile[BQ][BH][BD];
  TILE float cosTile[BQ][BD];
  TILE int value[BD];
  TILE float partner[BQ][BH][BD];
  TILE float sinTile[BQ][BD];
  TILE float value2[BQ][BH][BD];
  load(xTile, x + (Index(q0) * nH + h0) * nD + d0, {Index(nH) * nD, nD, 1}, {validQ, validH, validD});
  load(cosTile, cos + Index(q0) * nD + d0, {nD, 1}, {validQ, validD});
  // rope.ts:10  tabulate(['d'], (at) => (at.d + Math.floor(sizeOf('d') / 2)) % sizeOf('d'))
  #pragma omp simd
  for (int id = 0; id < wideD; id++) value[id] = remainderOf(d0 + id + floorDivide(nD, 2), nD);
  for (int iq = 0; iq < validQ; iq++) {
    for (int ih = 0; ih < validH; ih++) {
      for (int id = 0; id < validD; id++) {
        const int at2 = value[id];
        partner[iq][ih][id] = inside(at2, nD) ? float(x[(Index(q0 + iq) * nH + h0 + ih) * nD + at2]) : 0.0f;
      }
    }
  }
  load(sinTile, sin + Index(q0) * nD + d0, {nD, 1}, {validQ, validD});
  // rope.ts:11  map(x, partner, cos, sin, (x, partner, cos, sin, at) => x * cos + (at.d < Math.…
  for (int iq = 0; iq < validQ; iq++) {
    for (int ih = 0; ih < validH; ih++) {
      #pragma omp simd
      for (int id = 0; id < wideD; id++) value2[iq][ih][id] = xTile[iq][ih][id] * cosTile[iq][id] + (d0 + id < floorDivide(nD, 2) ? -partner[iq][ih][id] : partner[iq][ih][id]) * sinTile[iq][id];
    }
  }
  store(out + (Index(q0) * nH + h0) * nD + d0, {Index(nH) * nD, nD, 1}, value2, {validQ, validH, validD});
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
  const int qBlocks = blocks(nQ, BQ), hBlocks = blocks(nH, BH), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * hBlocks * dBlocks > 1)
  for (int i = 0; i < qBlocks * hBlocks * dBlocks; i++) block(x, cos, sin, out, nQ, nH, nD, i / (hBlocks * dBlocks) * BQ, i / dBlocks % hBlocks * BH, i % dBlocks * BD);
}
