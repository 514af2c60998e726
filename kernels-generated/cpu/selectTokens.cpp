// selectTokens, cpu. From runtime/kernels/selectTokens.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: g 1, c 1.
namespace selectTokens_block {

static void block(const float* score, std::int32_t* out, const int* kOffsets, const int* nOffsets, int nC, int g0, int c0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  // selectTokens.ts:9  out = topk(score, 'k', sizeOf('n'), 'n')
  topk(out + Index(g0) * nOffsets[nC] + nStart, 1, nN, score + Index(g0) * kOffsets[nC] + kStart, 1, nK);
}
}  // namespace selectTokens_block

KERNEL void selectTokens(void* const* args) {
  using namespace selectTokens_block;
  const float* score = tensor<const float>(args[0]);
  std::int32_t* out = tensor<std::int32_t>(args[1]);
  const int* kOffsets = tensor<const int>(args[2]);
  const int* nOffsets = tensor<const int>(args[3]);
  const int nG = size(args[4]);
  const int nC = size(args[5]);
  #pragma omp parallel for schedule(dynamic) if (nG * nC > 1)
  for (int i = 0; i < nG * nC; i++) block(score, out, kOffsets, nOffsets, nC, i / nC, i % nC);
}
