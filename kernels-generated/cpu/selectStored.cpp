// selectStored, cpu. From runtime/kernels/selectStored.ts by `warpfold compile`; do not edit.
#include "device.h"

// step 1: gatherMemory
// Blocks: g 8, n 512.
namespace selectStored_step1_block {
constexpr int BG = 8, BN = 512;

static void block(const float* score, const std::int32_t* columns, float* gatherMemory, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  TILE int columnsTile[BG][BN];
  TILE float picked[BG][BN];
  load(columnsTile, columns + Index(g0) * nN + n0, {nN, 1}, {validG, validN});
  // selectStored.ts:9  gather(score, 'k', columns)
  for (int ig = 0; ig < validG; ig++) {
    for (int in = 0; in < validN; in++) {
      const int place = columnsTile[ig][in];
      picked[ig][in] = inside(place, nK) ? float(score[Index(g0 + ig) * nK + place]) : 0.0f;
    }
  }
  store(gatherMemory + Index(g0) * nN + n0, {nN, 1}, picked, {validG, validN});
}
}  // namespace selectStored_step1_block

KERNEL void selectStored_step1(void* const* args) {
  using namespace selectStored_step1_block;
  const float* score = tensor<const float>(args[0]);
  const std::int32_t* columns = tensor<const std::int32_t>(args[1]);
  float* gatherMemory = tensor<float>(args[2]);
  const int nG = size(args[3]);
  const int nK = size(args[4]);
  const int nN = size(args[5]);
  const int gBlocks = blocks(nG, BG), nBlocks = blocks(nN, BN);
  #pragma omp parallel for schedule(dynamic) if (gBlocks * nBlocks > 1)
  for (int i = 0; i < gBlocks * nBlocks; i++) block(score, columns, gatherMemory, nG, nK, nN, i / nBlocks * BG, i % nBlocks * BN);
}

// step 2: out
// Blocks: g 1.
namespace selectStored_step2_block {

static void block(std::int32_t* out, float* gatherMemory, int nN, int nM, int g0) {
  // selectStored.ts:9  out = topk(gather(score, 'k', columns), 'n', sizeOf('m'), 'm')
  topk(out + Index(g0) * nM, 1, nM, gatherMemory + Index(g0) * nN, 1, nN);
}
}  // namespace selectStored_step2_block

KERNEL void selectStored_step2(void* const* args) {
  using namespace selectStored_step2_block;
  std::int32_t* out = tensor<std::int32_t>(args[0]);
  float* gatherMemory = tensor<float>(args[1]);
  const int nG = size(args[2]);
  const int nN = size(args[3]);
  const int nM = size(args[4]);
  #pragma omp parallel for schedule(dynamic) if (nG > 1)
  for (int i = 0; i < nG; i++) block(out, gatherMemory, nN, nM, i);
}
