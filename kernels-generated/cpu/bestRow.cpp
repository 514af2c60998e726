// bestRow, cpu. From runtime/kernels/bestRow.ts by `warpfold compile`; do not edit.
#include "device.h"

// step 1: rowMemory
// Blocks: n 1.
namespace bestRow_step1_block {

static void block(const float* value, std::int32_t* rowMemory, int nN, int nB, int nM, int n0) {
  // bestRow.ts:9  row = topk(value, 'b', sizeOf('m'), 'm')
  topk(rowMemory + n0, nN, nM, value + Index(n0) * nB, 1, nB);
}
}  // namespace bestRow_step1_block

KERNEL void bestRow_step1(void* const* args) {
  using namespace bestRow_step1_block;
  const float* value = tensor<const float>(args[0]);
  std::int32_t* rowMemory = tensor<std::int32_t>(args[1]);
  const int nN = size(args[2]);
  const int nB = size(args[3]);
  const int nM = size(args[4]);
  #pragma omp parallel for schedule(dynamic) if (nN > 1)
  for (int i = 0; i < nN; i++) block(value, rowMemory, nN, nB, nM, i);
}

// step 2: out
// Blocks: m 8, n 512.
namespace bestRow_step2_block {
constexpr int BM = 8, BN = 512;

static void block(const std::int32_t* place, std::int32_t width, std::int32_t* out, std::int32_t* rowMemory, int nN, int nB, int nM, int m0, int n0) {
  const int validM = minimum(BM, nM - m0);
  const int validN = minimum(BN, nN - n0);
  const int wideN = wide<BN>(validN);
  TILE int rowMemoryTile[BM][BN];
  TILE int picked[BM][BN];
  TILE int value[BM][BN];
  load(rowMemoryTile, rowMemory + Index(m0) * nN + n0, {nN, 1}, {validM, validN});
  const int widthValue = int(width);
  // bestRow.ts:10  gather(place, 'b', row)
  for (int im = 0; im < validM; im++) {
    for (int in = 0; in < validN; in++) {
      const int place2 = rowMemoryTile[im][in];
      picked[im][in] = inside(place2, nB) ? int(place[Index(n0 + in) * nB + place2]) : 0;
    }
  }
  for (int im = 0; im < validM; im++) {
    #pragma omp simd
    for (int in = 0; in < wideN; in++) value[im][in] = rowMemoryTile[im][in] * widthValue + picked[im][in];
  }
  store(out + Index(m0) * nN + n0, {nN, 1}, value, {validM, validN});
}
}  // namespace bestRow_step2_block

KERNEL void bestRow_step2(void* const* args) {
  using namespace bestRow_step2_block;
  const std::int32_t* place = tensor<const std::int32_t>(args[0]);
  const std::int32_t width = scalar<std::int32_t>(args[1]);
  std::int32_t* out = tensor<std::int32_t>(args[2]);
  std::int32_t* rowMemory = tensor<std::int32_t>(args[3]);
  const int nN = size(args[4]);
  const int nB = size(args[5]);
  const int nM = size(args[6]);
  const int mBlocks = blocks(nM, BM), nBlocks = blocks(nN, BN);
  #pragma omp parallel for schedule(dynamic) if (mBlocks * nBlocks > 1)
  for (int i = 0; i < mBlocks * nBlocks; i++) block(place, width, out, rowMemory, nN, nB, nM, i / nBlocks * BM, i % nBlocks * BN);
}
