// selectTokens, sm_80. From runtime/kernels/selectTokens.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: g 1; 128 threads; shared 2 KiB.
namespace selectTokens_block {

DEVICE void block(const float* score, std::int32_t* out, int nK, int nN, int g0) {
  // selectTokens.ts:6  out = topk(score, 'k', sizeOf('n'), 'n')
  topk(out + Index(g0) * nN, 1, nN, score + Index(g0) * nK, 1, nK);
}
}  // namespace selectTokens_block

KERNEL(128, 1) selectTokens(const float* score, std::int32_t* out, int nG, int nK, int nN) {
  using namespace selectTokens_block;
  const int i = blockOfGrid();
  block(score, out, nK, nN, i);
}
