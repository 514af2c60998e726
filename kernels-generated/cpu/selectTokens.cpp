// selectTokens, cpu. From runtime/kernels/selectTokens.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: g 1.
namespace selectTokens_block {

static void block(const float* score, std::int32_t* out, int nK, int nN, int g0) {
  // selectTokens.ts:6  out = topk(score, 'k', sizeOf('n'), 'n')
  topk(out + Index(g0) * nN, 1, nN, score + Index(g0) * nK, 1, nK);
}
}  // namespace selectTokens_block

KERNEL void selectTokens(void* const* args) {
  using namespace selectTokens_block;
  const float* score = tensor<const float>(args[0]);
  std::int32_t* out = tensor<std::int32_t>(args[1]);
  const int nG = size(args[2]);
  const int nK = size(args[3]);
  const int nN = size(args[4]);
  #pragma omp parallel for schedule(dynamic) if (nG > 1)
  for (int i = 0; i < nG; i++) block(score, out, nK, nN, i);
}
