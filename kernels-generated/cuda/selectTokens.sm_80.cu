// selectTokens, sm_80. From runtime/kernels/selectTokens.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: g 1, c 1; 1024 threads; shared 2 KiB.
namespace selectTokens_block {

DEVICE void block(const float* __restrict__ score, std::int32_t* __restrict__ out, const int* __restrict__ kOffsets, const int* __restrict__ nOffsets, int nC, int g0, int c0) {
  const int nStart = nOffsets[c0];
  const int nN = nOffsets[c0 + 1] - nStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  // selectTokens.ts:9  out = topk(score, 'k', sizeOf('n'), 'n')
  topk(out + Index(g0) * nOffsets[nC] + nStart, 1, nN, score + Index(g0) * kOffsets[nC] + kStart, 1, nK);
}
}  // namespace selectTokens_block

KERNEL(1024, 1) selectTokens(const float* __restrict__ score, std::int32_t* __restrict__ out, const int* kOffsets, const int* nOffsets, int nG, int nC, int kLongest, int nLongest) {
  using namespace selectTokens_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(score, out, kOffsets, nOffsets, nC, i / nC, i % nC);
}
