// bestOfRows, cpu. From runtime/kernels/bestOfRows.ts by `warpfold compile`; do not edit.
#include "device.h"

// step 1: placeMemory
// Blocks: b 1.
namespace bestOfRows_step1_block {

static void block(const float* x, std::int32_t* placeMemory, int nB, int nW, int nN, int b0) {
  // bestOfRows.ts:8  place = topk(x, 'w', sizeOf('n'), 'n')
  topk(placeMemory + b0, nB, nN, x + Index(b0) * nW, 1, nW);
}
}  // namespace bestOfRows_step1_block

KERNEL void bestOfRows_step1(void* const* args) {
  using namespace bestOfRows_step1_block;
  const float* x = tensor<const float>(args[0]);
  std::int32_t* placeMemory = tensor<std::int32_t>(args[1]);
  const int nB = size(args[2]);
  const int nW = size(args[3]);
  const int nN = size(args[4]);
  #pragma omp parallel for schedule(dynamic) if (nB > 1)
  for (int i = 0; i < nB; i++) block(x, placeMemory, nB, nW, nN, i);
}

// step 2: place, value
// Blocks: n 8, b 512.
namespace bestOfRows_step2_block {
constexpr int BN = 8, BB = 512;

static void block(const float* x, std::int32_t* place, float* value, std::int32_t* placeMemory, int nB, int nW, int nN, int n0, int b0) {
  const int validN = minimum(BN, nN - n0);
  const int validB = minimum(BB, nB - b0);
  TILE int placeMemoryTile[BN][BB];
  TILE float valueTile[BN][BB];
  load(placeMemoryTile, placeMemory + Index(n0) * nB + b0, {nB, 1}, {validN, validB});
  // bestOfRows.ts:8  place = topk(x, 'w', sizeOf('n'), 'n')
  store(place + Index(n0) * nB + b0, {nB, 1}, placeMemoryTile, {validN, validB});
  // bestOfRows.ts:9  value = gather(x, 'w', place)
  for (int in = 0; in < validN; in++) {
    for (int ib = 0; ib < validB; ib++) {
      const int place2 = placeMemoryTile[in][ib];
      valueTile[in][ib] = inside(place2, nW) ? float(x[Index(b0 + ib) * nW + place2]) : 0.0f;
    }
  }
  store(value + Index(n0) * nB + b0, {nB, 1}, valueTile, {validN, validB});
}
}  // namespace bestOfRows_step2_block

KERNEL void bestOfRows_step2(void* const* args) {
  using namespace bestOfRows_step2_block;
  const float* x = tensor<const float>(args[0]);
  std::int32_t* place = tensor<std::int32_t>(args[1]);
  float* value = tensor<float>(args[2]);
  std::int32_t* placeMemory = tensor<std::int32_t>(args[3]);
  const int nB = size(args[4]);
  const int nW = size(args[5]);
  const int nN = size(args[6]);
  const int nBlocks = blocks(nN, BN), bBlocks = blocks(nB, BB);
  #pragma omp parallel for schedule(dynamic) if (nBlocks * bBlocks > 1)
  for (int i = 0; i < nBlocks * bBlocks; i++) block(x, place, value, placeMemory, nB, nW, nN, i / bBlocks * BN, i % bBlocks * BB);
}
