// appendRow, cpu. From runtime/kernels/appendRow.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: c 1, k 1, g 4, p 2, d 512.
namespace appendRow_f32_block {
constexpr int BG = 4, P = 2, BD = 512;

static void block(const float* key, const float* value, const float* cos, const float* sin, float* keys, float* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int p0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float keyTile[BG][P][BD];
  TILE float cosTile[BD];
  TILE int valueTile[P];
  TILE float other[BG][P][BD];
  TILE float sinTile[BD];
  TILE float turned[BG][P][BD];
  TILE float valueTile2[BG][P][BD];
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', p: 2, d: 'dyn…
  if (k0 < nK) {
    load(keyTile, key + ((Index(c0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validG, P, validD});
    load(cosTile, cos + Index(c0) * nD + d0, {1}, {validD});
    // appendRow.ts:15  tabulate(['p'], (at) => 1 - at.p)
    #pragma omp simd
    for (int ip = 0; ip < P; ip++) valueTile[ip] = 1 - (p0 + ip);
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        const int place = valueTile[ip];
        for (int id = 0; id < validD; id++) other[ig][ip][id] = inside(place, P) ? float(key[((Index(c0) * nG + g0 + ig) * P + place) * nD + d0 + id]) : 0.0f;
      }
    }
    load(sinTile, sin + Index(c0) * nD + d0, {1}, {validD});
    // appendRow.ts:16  turned = map(key, other, cos, sin, place, (key, other, cos, sin, _, at) => key * cos + (…
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) turned[ig][ip][id] = keyTile[ig][ip][id] * cosTile[id] + (p0 + ip == 0 ? -other[ig][ip][id] : other[ig][ip][id]) * sinTile[id];
      }
    }
    // appendRow.ts:17  keys = cast(key.dtype, turned)
    store(keys + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, turned, {validG, P, validD});
    load(valueTile2, value + ((Index(c0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validG, P, validD});
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) turned[ig][ip][id] = valueTile2[ig][ip][id];
      }
    }
    store(values + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, turned, {validG, P, validD});
  }
}
}  // namespace appendRow_f32_block

KERNEL void appendRow_f32(void* const* args) {
  using namespace appendRow_f32_block;
  const float* key = tensor<const float>(args[0]);
  const float* value = tensor<const float>(args[1]);
  const float* cos = tensor<const float>(args[2]);
  const float* sin = tensor<const float>(args[3]);
  float* keys = tensor<float>(args[4]);
  float* values = tensor<float>(args[5]);
  const int* kOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[8]);
  const int nD = size(args[9]);
  const int kLongest = size(args[10]);
  const int gBlocks = blocks(nG, BG), pBlocks = blocks(P, P), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kLongest * gBlocks * pBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kLongest * gBlocks * pBlocks * dBlocks; i++) block(key, value, cos, sin, keys, values, kOffsets, nG, nD, i / (kLongest * gBlocks * pBlocks * dBlocks), i / (gBlocks * pBlocks * dBlocks) % kLongest, i / (pBlocks * dBlocks) % gBlocks * BG, i / dBlocks % pBlocks * P, i % dBlocks * BD);
}

// Blocks: c 1, k 1, g 4, p 2, d 512.
namespace appendRow_bf16_block {
constexpr int BG = 4, P = 2, BD = 512;

static void block(const bf16* key, const bf16* value, const float* cos, const float* sin, bf16* keys, bf16* values, const int* kOffsets, int nG, int nD, int c0, int k0, int g0, int p0, int d0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validG = minimum(BG, nG - g0);
  const int validD = minimum(BD, nD - d0);
  const int wideD = wide<BD>(validD);
  TILE float keyTile[BG][P][BD];
  TILE float cosTile[BD];
  TILE int valueTile[P];
  TILE float other[BG][P][BD];
  TILE float sinTile[BD];
  TILE float turned[BG][P][BD];
  TILE float valueTile2[BG][P][BD];
  // appendRow.ts:10  appendRow = kernel('appendRow', { c: 'dynamic', k: ragged('c'), g: 'dynamic', p: 2, d: 'dyn…
  if (k0 < nK) {
    load(keyTile, key + ((Index(c0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validG, P, validD});
    load(cosTile, cos + Index(c0) * nD + d0, {1}, {validD});
    // appendRow.ts:15  tabulate(['p'], (at) => 1 - at.p)
    #pragma omp simd
    for (int ip = 0; ip < P; ip++) valueTile[ip] = 1 - (p0 + ip);
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        const int place = valueTile[ip];
        for (int id = 0; id < validD; id++) other[ig][ip][id] = inside(place, P) ? float(key[((Index(c0) * nG + g0 + ig) * P + place) * nD + d0 + id]) : 0.0f;
      }
    }
    load(sinTile, sin + Index(c0) * nD + d0, {1}, {validD});
    // appendRow.ts:16  turned = map(key, other, cos, sin, place, (key, other, cos, sin, _, at) => key * cos + (…
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) turned[ig][ip][id] = keyTile[ig][ip][id] * cosTile[id] + (p0 + ip == 0 ? -other[ig][ip][id] : other[ig][ip][id]) * sinTile[id];
      }
    }
    // appendRow.ts:17  keys = cast(key.dtype, turned)
    store(keys + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, turned, {validG, P, validD});
    load(valueTile2, value + ((Index(c0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, {validG, P, validD});
    for (int ig = 0; ig < validG; ig++) {
      for (int ip = 0; ip < P; ip++) {
        #pragma omp simd
        for (int id = 0; id < wideD; id++) turned[ig][ip][id] = valueTile2[ig][ip][id];
      }
    }
    store(values + ((Index(kStart + k0) * nG + g0) * P + p0) * nD + d0, {Index(P) * nD, nD, 1}, turned, {validG, P, validD});
  }
}
}  // namespace appendRow_bf16_block

KERNEL void appendRow_bf16(void* const* args) {
  using namespace appendRow_bf16_block;
  const bf16* key = tensor<const bf16>(args[0]);
  const bf16* value = tensor<const bf16>(args[1]);
  const float* cos = tensor<const float>(args[2]);
  const float* sin = tensor<const float>(args[3]);
  bf16* keys = tensor<bf16>(args[4]);
  bf16* values = tensor<bf16>(args[5]);
  const int* kOffsets = tensor<const int>(args[6]);
  const int nC = size(args[7]);
  const int nG = size(args[8]);
  const int nD = size(args[9]);
  const int kLongest = size(args[10]);
  const int gBlocks = blocks(nG, BG), pBlocks = blocks(P, P), dBlocks = blocks(nD, BD);
  #pragma omp parallel for schedule(dynamic) if (nC * kLongest * gBlocks * pBlocks * dBlocks > 1)
  for (int i = 0; i < nC * kLongest * gBlocks * pBlocks * dBlocks; i++) block(key, value, cos, sin, keys, values, kOffsets, nG, nD, i / (kLongest * gBlocks * pBlocks * dBlocks), i / (gBlocks * pBlocks * dBlocks) % kLongest, i / (pBlocks * dBlocks) % gBlocks * BG, i / dBlocks % pBlocks * P, i % dBlocks * BD);
}
